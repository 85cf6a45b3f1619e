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
		Events_Fixed,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Events_Fixed_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option events_fixed_threshold: count = 10;

	## How long a key is followed from its first event on; up to 10 seconds more.
	option events_fixed_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option events_fixed_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option events_fixed_keys: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global events_fixed_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global events_fixed_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global events_fixed_refused = F;
global events_fixed_since: time;

function events_fixed_refuse(now: time)
	{
	if ( events_fixed_refused && now - events_fixed_since < events_fixed_window )
		return;

	events_fixed_refused = T;
	events_fixed_since = now;
	NOTICE([$note=Events_Fixed_Capacity,
	        $msg=fmt("Events_Fixed follows %d keys, as many as it may: those with the least are forgotten", events_fixed_keys),
	        $suppress_for=0sec]);
	}

# The number of events, per key. A window begins with a key's first event and nothing restarts it.
global events_fixed_recent: table[addr] of count &create_expire=events_fixed_window;

# No look at all the keys before that, as the last one has found little to forget.
global events_fixed_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function events_fixed_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in events_fixed_recent )
		{
		if ( followed < least )
			add few[key];
		}

	for ( key in few )
		delete events_fixed_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function events_fixed_room(now: time): bool
	{
	events_fixed_refuse(now);

	if ( now >= events_fixed_crowded )
		{
		local least = 2;
		while ( |events_fixed_recent| > events_fixed_keys / 2 && least <= events_fixed_threshold )
			{
			events_fixed_forget(now, least);
			least = least * 2;
			}

		if ( |events_fixed_recent| > events_fixed_keys / 2 )
			events_fixed_crowded = now + 1min;
		}

	return |events_fixed_recent| < events_fixed_keys;
	}

event Every::events_fixed_seen(key: addr)
	{
	local now = network_time();

	if ( key !in events_fixed_recent && |events_fixed_recent| >= events_fixed_keys &&
	     ! events_fixed_room(now) )
		return;

	if ( key !in events_fixed_recent )
		events_fixed_recent[key] = 0;
	events_fixed_recent[key] += 1;

	local n = events_fixed_recent[key];
	if ( n < events_fixed_threshold )
		return;

	# The next event of this key starts from nothing.
	delete events_fixed_recent[key];

	NOTICE([$note=Events_Fixed,
	        $src=key,
	        $msg=cat(key, ": ", n),
	        $identifier=cat(key),
	        $suppress_for=events_fixed_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook events_fixed_exempt(c) )
		return;

	local key: addr = c$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Every::events_fixed_seen, key) )
		event Every::events_fixed_seen(key);
@else
	event Every::events_fixed_seen(key);
@endif
	}
