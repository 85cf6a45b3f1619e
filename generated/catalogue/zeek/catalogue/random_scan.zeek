##! Zeek: random scan (hosts and ports)
##!
##! Counts different c$id$resp_h, c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: random scan (hosts and ports)
		Random_Scan,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Random_Scan_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option random_scan_threshold: count = 25;

	## How far back they count: any stretch of this length.
	option random_scan_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option random_scan_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option random_scan_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global random_scan_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global random_scan_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global random_scan_seen: event(key: addr, value0: addr, value1: port);
}

# Whether the full table has been told of, and when.
global random_scan_refused = F;
global random_scan_since: time;

function random_scan_refuse(now: time)
	{
	if ( random_scan_refused && now - random_scan_since < random_scan_window )
		return;

	random_scan_refused = T;
	random_scan_since = now;
	NOTICE([$note=Random_Scan_Capacity,
	        $msg=fmt("Random_Scan follows %d keys, as many as it may: those with the least are forgotten", random_scan_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global random_scan_recent: table[addr] of table[addr, port] of time &write_expire=random_scan_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global random_scan_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function random_scan_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in random_scan_recent )
		{
		local n = 0;
		for ( [v0, v1] in followed )
			if ( now - followed[v0, v1] < random_scan_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete random_scan_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function random_scan_room(now: time): bool
	{
	random_scan_refuse(now);

	if ( now >= random_scan_crowded )
		{
		local least = 2;
		while ( |random_scan_recent| > random_scan_keys / 2 && least <= random_scan_threshold )
			{
			random_scan_forget(now, least);
			least = least * 2;
			}

		if ( |random_scan_recent| > random_scan_keys / 2 )
			random_scan_crowded = now + 1min;
		}

	return |random_scan_recent| < random_scan_keys;
	}

event Catalogue::random_scan_seen(key: addr, value0: addr, value1: port)
	{
	local now = network_time();

	if ( key !in random_scan_recent && |random_scan_recent| >= random_scan_keys &&
	     ! random_scan_room(now) )
		return;

	local seen: table[addr, port] of time;
	if ( key in random_scan_recent )
		seen = random_scan_recent[key];
	seen[value0, value1] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= random_scan_threshold )
		{
		local fresh: table[addr, port] of time;
		for ( [v0, v1], t in seen )
			if ( now - t < random_scan_window )
				fresh[v0, v1] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < random_scan_threshold )
		{
		# A write, which is what restarts the expiry.
		random_scan_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete random_scan_recent[key];

	NOTICE([$note=Random_Scan,
	        $src=key,
	        $msg=cat(key, " probed ", n, " ports and hosts"),
	        $identifier=cat(key),
	        $suppress_for=random_scan_suppress]);
	}

function random_scan_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && /S([STCWRD]*(r[SRDTCWrtcw]*|h[STCWhtcw]*R[A-Za-z]*)?|[STCWD]*R[STCWRD]*h[A-Za-z]*)/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! random_scan_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook random_scan_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value0: addr = c$id$resp_h;
	local value1: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::random_scan_seen, key, value0, value1) )
		event Catalogue::random_scan_seen(key, value0, value1);
@else
	event Catalogue::random_scan_seen(key, value0, value1);
@endif
	}
