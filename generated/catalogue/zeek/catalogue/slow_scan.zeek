##! Zeek: slow scan
##!
##! Counts different c$id$resp_h, c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: slow scan
		Slow_Scan,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Slow_Scan_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option slow_scan_threshold: count = 30;

	## How far back they count: any stretch of this length.
	option slow_scan_window: interval = 6hr;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option slow_scan_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option slow_scan_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global slow_scan_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global slow_scan_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global slow_scan_seen: event(key: addr, value0: addr, value1: port);
}

# Whether the full table has been told of, and when.
global slow_scan_refused = F;
global slow_scan_since: time;

function slow_scan_refuse(now: time)
	{
	if ( slow_scan_refused && now - slow_scan_since < slow_scan_window )
		return;

	slow_scan_refused = T;
	slow_scan_since = now;
	NOTICE([$note=Slow_Scan_Capacity,
	        $msg=fmt("Slow_Scan follows %d keys, as many as it may: those with the least are forgotten", slow_scan_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global slow_scan_recent: table[addr] of table[addr, port] of time &write_expire=slow_scan_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global slow_scan_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function slow_scan_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in slow_scan_recent )
		{
		local n = 0;
		for ( [v0, v1] in followed )
			if ( now - followed[v0, v1] < slow_scan_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete slow_scan_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function slow_scan_room(now: time): bool
	{
	slow_scan_refuse(now);

	if ( now >= slow_scan_crowded )
		{
		local least = 2;
		while ( |slow_scan_recent| > slow_scan_keys / 2 && least <= slow_scan_threshold )
			{
			slow_scan_forget(now, least);
			least = least * 2;
			}

		if ( |slow_scan_recent| > slow_scan_keys / 2 )
			slow_scan_crowded = now + 1min;
		}

	return |slow_scan_recent| < slow_scan_keys;
	}

event Catalogue::slow_scan_seen(key: addr, value0: addr, value1: port)
	{
	local now = network_time();

	if ( key !in slow_scan_recent && |slow_scan_recent| >= slow_scan_keys &&
	     ! slow_scan_room(now) )
		return;

	local seen: table[addr, port] of time;
	if ( key in slow_scan_recent )
		seen = slow_scan_recent[key];
	seen[value0, value1] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= slow_scan_threshold )
		{
		local fresh: table[addr, port] of time;
		for ( [v0, v1], t in seen )
			if ( now - t < slow_scan_window )
				fresh[v0, v1] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < slow_scan_threshold )
		{
		# A write, which is what restarts the expiry.
		slow_scan_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete slow_scan_recent[key];

	NOTICE([$note=Slow_Scan,
	        $src=key,
	        $msg=cat(key, " probed ", n, " ports and hosts over hours"),
	        $identifier=cat(key),
	        $suppress_for=slow_scan_suppress]);
	}

function slow_scan_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && /S([STCWRD]*(r[SRDTCWrtcw]*|h[STCWhtcw]*R[A-Za-z]*)?|[STCWD]*R[STCWRD]*h[A-Za-z]*)/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! slow_scan_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook slow_scan_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value0: addr = c$id$resp_h;
	local value1: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::slow_scan_seen, key, value0, value1) )
		event Catalogue::slow_scan_seen(key, value0, value1);
@else
	event Catalogue::slow_scan_seen(key, value0, value1);
@endif
	}
