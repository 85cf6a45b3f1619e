##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts different c$id$resp_h, c$id$resp_p per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Every;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Distinct_Fixed,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Distinct_Fixed_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option distinct_fixed_threshold: count = 10;

	## How long a key is followed from its first event on; up to 10 seconds more.
	option distinct_fixed_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option distinct_fixed_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option distinct_fixed_keys: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global distinct_fixed_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global distinct_fixed_seen: event(key0: addr, key1: addr, value0: addr, value1: port);
}

# Whether the full table has been told of, and when.
global distinct_fixed_refused = F;
global distinct_fixed_since: time;

function distinct_fixed_refuse(now: time)
	{
	if ( distinct_fixed_refused && now - distinct_fixed_since < distinct_fixed_window )
		return;

	distinct_fixed_refused = T;
	distinct_fixed_since = now;
	NOTICE([$note=Distinct_Fixed_Capacity,
	        $msg=fmt("Distinct_Fixed follows %d keys, as many as it may: those with the least are forgotten", distinct_fixed_keys),
	        $suppress_for=0sec]);
	}

# The different values, per key. A window begins with a key's first event and nothing restarts it.
# A key never holds more values than the threshold.
global distinct_fixed_recent: table[addr, addr] of set[addr, port] &create_expire=distinct_fixed_window;

# No look at all the keys before that, as the last one has found little to forget.
global distinct_fixed_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function distinct_fixed_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in distinct_fixed_recent )
		{
		if ( |followed| < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete distinct_fixed_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function distinct_fixed_room(now: time): bool
	{
	distinct_fixed_refuse(now);

	if ( now >= distinct_fixed_crowded )
		{
		local least = 2;
		while ( |distinct_fixed_recent| > distinct_fixed_keys / 2 && least <= distinct_fixed_threshold )
			{
			distinct_fixed_forget(now, least);
			least = least * 2;
			}

		if ( |distinct_fixed_recent| > distinct_fixed_keys / 2 )
			distinct_fixed_crowded = now + 1min;
		}

	return |distinct_fixed_recent| < distinct_fixed_keys;
	}

event Every::distinct_fixed_seen(key0: addr, key1: addr, value0: addr, value1: port)
	{
	local now = network_time();

	if ( [key0, key1] !in distinct_fixed_recent && |distinct_fixed_recent| >= distinct_fixed_keys &&
	     ! distinct_fixed_room(now) )
		return;

	if ( [key0, key1] !in distinct_fixed_recent )
		distinct_fixed_recent[key0, key1] = set();
	add distinct_fixed_recent[key0, key1][value0, value1];

	local n = |distinct_fixed_recent[key0, key1]|;
	if ( n < distinct_fixed_threshold )
		return;

	# The next event of this key starts from nothing.
	delete distinct_fixed_recent[key0, key1];

	NOTICE([$note=Distinct_Fixed,
	        $src=key0,
	        $msg=cat(key0, " ", key1, ": ", n),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=distinct_fixed_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook distinct_fixed_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value0: addr = c$id$resp_h;
	local value1: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Every::distinct_fixed_seen, key0, key1, value0, value1) )
		event Every::distinct_fixed_seen(key0, key1, value0, value1);
@else
	event Every::distinct_fixed_seen(key0, key1, value0, value1);
@endif
	}
