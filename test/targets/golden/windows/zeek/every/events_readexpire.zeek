##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts events per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Every;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Events_ReadExpire,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Events_ReadExpire_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option events_readexpire_threshold: count = 10;

	## How long a key is followed after its last event; up to 10 seconds more.
	option events_readexpire_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option events_readexpire_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option events_readexpire_keys: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global events_readexpire_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global events_readexpire_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global events_readexpire_refused = F;
global events_readexpire_since: time;

function events_readexpire_refuse(now: time)
	{
	if ( events_readexpire_refused && now - events_readexpire_since < events_readexpire_window )
		return;

	events_readexpire_refused = T;
	events_readexpire_since = now;
	NOTICE([$note=Events_ReadExpire_Capacity,
	        $msg=fmt("Events_ReadExpire follows %d keys, as many as it may: those with the least are forgotten", events_readexpire_keys),
	        $suppress_for=0sec]);
	}

# The number of events, per key. Every event of a key restarts the window.
global events_readexpire_recent: table[addr] of count &read_expire=events_readexpire_window;

# No look at all the keys before that, as the last one has found little to forget.
global events_readexpire_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function events_readexpire_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in events_readexpire_recent )
		{
		if ( followed < least )
			add few[key];
		}

	for ( key in few )
		delete events_readexpire_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function events_readexpire_room(now: time): bool
	{
	events_readexpire_refuse(now);

	if ( now >= events_readexpire_crowded )
		{
		local least = 2;
		while ( |events_readexpire_recent| > events_readexpire_keys / 2 && least <= events_readexpire_threshold )
			{
			events_readexpire_forget(now, least);
			least = least * 2;
			}

		if ( |events_readexpire_recent| > events_readexpire_keys / 2 )
			events_readexpire_crowded = now + 1min;
		}

	return |events_readexpire_recent| < events_readexpire_keys;
	}

event Every::events_readexpire_seen(key: addr)
	{
	local now = network_time();

	if ( key !in events_readexpire_recent && |events_readexpire_recent| >= events_readexpire_keys &&
	     ! events_readexpire_room(now) )
		return;

	if ( key !in events_readexpire_recent )
		events_readexpire_recent[key] = 0;
	events_readexpire_recent[key] += 1;

	local n = events_readexpire_recent[key];
	if ( n < events_readexpire_threshold )
		return;

	# The next event of this key starts from nothing.
	delete events_readexpire_recent[key];

	NOTICE([$note=Events_ReadExpire,
	        $src=key,
	        $msg=cat(key, ": ", n),
	        $identifier=cat(key),
	        $suppress_for=events_readexpire_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook events_readexpire_exempt(c) )
		return;

	local key: addr = c$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Every::events_readexpire_seen, key) )
		event Every::events_readexpire_seen(key);
@else
	event Every::events_readexpire_seen(key);
@endif
	}
