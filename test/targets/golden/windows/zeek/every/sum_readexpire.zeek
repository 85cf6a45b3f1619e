##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts the sum of c?$conn && c$conn?$orig_bytes ? c$conn$orig_bytes : 0 per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Every;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Sum_ReadExpire,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Sum_ReadExpire_Capacity
	};

	## The sum of one key that makes a hit.
	option sum_readexpire_threshold: count = 1000000;

	## How long a key is followed after its last event; up to 10 seconds more.
	option sum_readexpire_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option sum_readexpire_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option sum_readexpire_keys: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global sum_readexpire_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global sum_readexpire_seen: event(key0: addr, key1: addr, value: count);
}

# Whether the full table has been told of, and when.
global sum_readexpire_refused = F;
global sum_readexpire_since: time;

function sum_readexpire_refuse(now: time)
	{
	if ( sum_readexpire_refused && now - sum_readexpire_since < sum_readexpire_window )
		return;

	sum_readexpire_refused = T;
	sum_readexpire_since = now;
	NOTICE([$note=Sum_ReadExpire_Capacity,
	        $msg=fmt("Sum_ReadExpire follows %d keys, as many as it may: new ones are not counted until others expire", sum_readexpire_keys),
	        $suppress_for=0sec]);
	}

# The sum, per key. Every event of a key restarts the window.
global sum_readexpire_recent: table[addr, addr] of count &read_expire=sum_readexpire_window;

event Every::sum_readexpire_seen(key0: addr, key1: addr, value: count)
	{
	local now = network_time();

	if ( [key0, key1] !in sum_readexpire_recent && |sum_readexpire_recent| >= sum_readexpire_keys )
		{
		sum_readexpire_refuse(now);
		return;
		}

	if ( [key0, key1] !in sum_readexpire_recent )
		sum_readexpire_recent[key0, key1] = 0;
	sum_readexpire_recent[key0, key1] += value;

	local n = sum_readexpire_recent[key0, key1];
	if ( n < sum_readexpire_threshold )
		return;

	# The next event of this key starts from nothing.
	delete sum_readexpire_recent[key0, key1];

	NOTICE([$note=Sum_ReadExpire,
	        $src=key0,
	        $msg=cat(key0, " ", key1, ": ", n),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=sum_readexpire_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook sum_readexpire_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: count = c?$conn && c$conn?$orig_bytes ? c$conn$orig_bytes : 0;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Every::sum_readexpire_seen, key0, key1, value) )
		event Every::sum_readexpire_seen(key0, key1, value);
@else
	event Every::sum_readexpire_seen(key0, key1, value);
@endif
	}
