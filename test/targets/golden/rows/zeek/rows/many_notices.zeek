##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts different rec$note per rec$src at Notice::log_notice.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/utils/site
@load ./zopf-turned

module Rows;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Many_Notices,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Many_Notices_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option many_notices_threshold: count = 3;

	## How far back they count: any stretch of this length.
	option many_notices_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option many_notices_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option many_notices_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global many_notices_exempt: hook(rec: Notice::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global many_notices_seen: event(key: addr, value: Notice::Type);
}

# Whether the full table has been told of, and when.
global many_notices_refused = F;
global many_notices_since: time;

function many_notices_refuse(now: time)
	{
	if ( many_notices_refused && now - many_notices_since < many_notices_window )
		return;

	many_notices_refused = T;
	many_notices_since = now;
	NOTICE([$note=Many_Notices_Capacity,
	        $msg=fmt("Many_Notices follows %d keys, as many as it may: those with the least are forgotten", many_notices_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global many_notices_recent: table[addr] of table[Notice::Type] of time &write_expire=many_notices_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global many_notices_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function many_notices_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in many_notices_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < many_notices_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete many_notices_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function many_notices_room(now: time): bool
	{
	many_notices_refuse(now);

	if ( now >= many_notices_crowded )
		{
		local least = 2;
		while ( |many_notices_recent| > many_notices_keys / 2 && least <= many_notices_threshold )
			{
			many_notices_forget(now, least);
			least = least * 2;
			}

		if ( |many_notices_recent| > many_notices_keys / 2 )
			many_notices_crowded = now + 1min;
		}

	return |many_notices_recent| < many_notices_keys;
	}

event Rows::many_notices_seen(key: addr, value: Notice::Type)
	{
	local now = network_time();

	if ( key !in many_notices_recent && |many_notices_recent| >= many_notices_keys &&
	     ! many_notices_room(now) )
		return;

	local seen: table[Notice::Type] of time;
	if ( key in many_notices_recent )
		seen = many_notices_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= many_notices_threshold )
		{
		local fresh: table[Notice::Type] of time;
		for ( v, t in seen )
			if ( now - t < many_notices_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < many_notices_threshold )
		{
		# A write, which is what restarts the expiry.
		many_notices_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete many_notices_recent[key];

	NOTICE([$note=Many_Notices,
	        $src=key,
	        $msg=cat(key, " failed ", n, " times"),
	        $identifier=cat(key),
	        $suppress_for=many_notices_suppress]);
	}

# As a row of notice.log is written.
event Notice::log_notice(rec: Notice::Info)
	{
	if ( ! ( rec?$src ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( rec?$uid && rec?$id && is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook many_notices_exempt(rec) )
		return;

	local key: addr = rec$src;
	local value: Notice::Type = rec$note;

@if ( Cluster::is_enabled() && Cluster::local_node_type() != Cluster::MANAGER )
	# Any node of a cluster writes such rows: the manager counts them all.
@ifdef ( Cluster::publish )
	Cluster::publish(Cluster::manager_topic, Rows::many_notices_seen, key, value);
@else
	Broker::publish(Cluster::manager_topic, Rows::many_notices_seen, key, value);
@endif
@else
	event Rows::many_notices_seen(key, value);
@endif
	}
