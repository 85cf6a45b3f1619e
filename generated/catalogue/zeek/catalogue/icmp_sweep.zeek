##! Zeek: ICMP sweep
##!
##! Counts different c$id$resp_h per c$id$orig_h at new_connection.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: ICMP sweep
		Icmp_Sweep,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Icmp_Sweep_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option icmp_sweep_threshold: count = 25;

	## How far back they count: any stretch of this length.
	option icmp_sweep_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option icmp_sweep_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option icmp_sweep_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global icmp_sweep_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global icmp_sweep_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global icmp_sweep_seen: event(key: addr, value: addr);
}

# Whether the full table has been told of, and when.
global icmp_sweep_refused = F;
global icmp_sweep_since: time;

function icmp_sweep_refuse(now: time)
	{
	if ( icmp_sweep_refused && now - icmp_sweep_since < icmp_sweep_window )
		return;

	icmp_sweep_refused = T;
	icmp_sweep_since = now;
	NOTICE([$note=Icmp_Sweep_Capacity,
	        $msg=fmt("Icmp_Sweep follows %d keys, as many as it may: those with the least are forgotten", icmp_sweep_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global icmp_sweep_recent: table[addr] of table[addr] of time &write_expire=icmp_sweep_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global icmp_sweep_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function icmp_sweep_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in icmp_sweep_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < icmp_sweep_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete icmp_sweep_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function icmp_sweep_room(now: time): bool
	{
	icmp_sweep_refuse(now);

	if ( now >= icmp_sweep_crowded )
		{
		local least = 2;
		while ( |icmp_sweep_recent| > icmp_sweep_keys / 2 && least <= icmp_sweep_threshold )
			{
			icmp_sweep_forget(now, least);
			least = least * 2;
			}

		if ( |icmp_sweep_recent| > icmp_sweep_keys / 2 )
			icmp_sweep_crowded = now + 1min;
		}

	return |icmp_sweep_recent| < icmp_sweep_keys;
	}

event Catalogue::icmp_sweep_seen(key: addr, value: addr)
	{
	local now = network_time();

	if ( key !in icmp_sweep_recent && |icmp_sweep_recent| >= icmp_sweep_keys &&
	     ! icmp_sweep_room(now) )
		return;

	local seen: table[addr] of time;
	if ( key in icmp_sweep_recent )
		seen = icmp_sweep_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= icmp_sweep_threshold )
		{
		local fresh: table[addr] of time;
		for ( v, t in seen )
			if ( now - t < icmp_sweep_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < icmp_sweep_threshold )
		{
		# A write, which is what restarts the expiry.
		icmp_sweep_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete icmp_sweep_recent[key];

	NOTICE([$note=Icmp_Sweep,
	        $src=key,
	        $msg=cat(key, " pinged ", n, " hosts"),
	        $identifier=cat(key),
	        $suppress_for=icmp_sweep_suppress]);
	}

function icmp_sweep_counts(c: connection): bool
	{
	return c$id$orig_p in set(8/icmp, 13/icmp, 17/icmp, 128/icmp) && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event new_connection(c: connection)
	{
	# The record is from before the packet was analysed: this fills in what the
	# packet has added to the history.
	if ( connection_exists(c$id) )
		lookup_connection(c$id);

	if ( ! icmp_sweep_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook icmp_sweep_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: addr = c$id$resp_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::icmp_sweep_seen, key, value) )
		event Catalogue::icmp_sweep_seen(key, value);
@else
	event Catalogue::icmp_sweep_seen(key, value);
@endif
	}
