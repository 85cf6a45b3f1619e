##! Zeek: scan with bogus TCP flags
##!
##! Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: scan with bogus TCP flags
		Bogus_Flags,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Bogus_Flags_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option bogus_flags_threshold: count = 3;

	## How far back they count: any stretch of this length.
	option bogus_flags_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option bogus_flags_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option bogus_flags_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global bogus_flags_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global bogus_flags_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global bogus_flags_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global bogus_flags_refused = F;
global bogus_flags_since: time;

function bogus_flags_refuse(now: time)
	{
	if ( bogus_flags_refused && now - bogus_flags_since < bogus_flags_window )
		return;

	bogus_flags_refused = T;
	bogus_flags_since = now;
	NOTICE([$note=Bogus_Flags_Capacity,
	        $msg=fmt("Bogus_Flags follows %d keys, as many as it may: those with the least are forgotten", bogus_flags_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global bogus_flags_recent: table[addr] of table[port] of time &write_expire=bogus_flags_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global bogus_flags_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function bogus_flags_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in bogus_flags_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < bogus_flags_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete bogus_flags_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function bogus_flags_room(now: time): bool
	{
	bogus_flags_refuse(now);

	if ( now >= bogus_flags_crowded )
		{
		local least = 2;
		while ( |bogus_flags_recent| > bogus_flags_keys / 2 && least <= bogus_flags_threshold )
			{
			bogus_flags_forget(now, least);
			least = least * 2;
			}

		if ( |bogus_flags_recent| > bogus_flags_keys / 2 )
			bogus_flags_crowded = now + 1min;
		}

	return |bogus_flags_recent| < bogus_flags_keys;
	}

event Catalogue::bogus_flags_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in bogus_flags_recent && |bogus_flags_recent| >= bogus_flags_keys &&
	     ! bogus_flags_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in bogus_flags_recent )
		seen = bogus_flags_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= bogus_flags_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < bogus_flags_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < bogus_flags_threshold )
		{
		# A write, which is what restarts the expiry.
		bogus_flags_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete bogus_flags_recent[key];

	NOTICE([$note=Bogus_Flags,
	        $src=key,
	        $msg=cat(key, " sent bogus flags to ", n, " ports"),
	        $identifier=cat(key),
	        $suppress_for=bogus_flags_suppress]);
	}

function bogus_flags_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && /[QI][A-Za-z]*/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! bogus_flags_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook bogus_flags_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::bogus_flags_seen, key, value) )
		event Catalogue::bogus_flags_seen(key, value);
@else
	event Catalogue::bogus_flags_seen(key, value);
@endif
	}
