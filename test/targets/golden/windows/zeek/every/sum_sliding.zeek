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
		Sum_Sliding,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Sum_Sliding_Capacity
	};

	## The sum of one key that makes a hit.
	option sum_sliding_threshold: count = 1000000;

	## How far back they count: any stretch of this length.
	option sum_sliding_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option sum_sliding_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option sum_sliding_keys: count = 1000;

	## Amounts kept per key. Up to that many the sum is exact. Beyond it,
	## amounts closer together than 2/100 of the window are added up under
	## the moment of the first: forgotten that much too early, never too late.
	option sum_sliding_members: count = 100;

	## Break out of this hook to exempt an event from being counted.
	global sum_sliding_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global sum_sliding_seen: event(key0: addr, key1: addr, value: count);
}

# Whether the full table has been told of, and when.
global sum_sliding_refused = F;
global sum_sliding_since: time;

function sum_sliding_refuse(now: time)
	{
	if ( sum_sliding_refused && now - sum_sliding_since < sum_sliding_window )
		return;

	sum_sliding_refused = T;
	sum_sliding_since = now;
	NOTICE([$note=Sum_Sliding_Capacity,
	        $msg=fmt("Sum_Sliding follows %d keys, as many as it may: new ones are not counted until others expire", sum_sliding_keys),
	        $suppress_for=0sec]);
	}

# Amounts and their moments, oldest first; those before `first` have left the
# window, `total` is the sum of the others.
type sum_sliding_history: record {
	times: vector of time;
	amounts: vector of count;
	first: count;
	total: count;
};

# Per key: exact, up to the number of members, whatever the table's ticks do. A
# key never holds more than twice the number of members. The expiry only
# collects what has aged out; a second longer than the window, because Zeek cuts
# the stamp of an entry to whole seconds.
global sum_sliding_recent: table[addr, addr] of sum_sliding_history &write_expire=sum_sliding_window + 1sec;

# Drops what has left the window; adds up neighbours where too many are left.
function sum_sliding_shorten(old: sum_sliding_history): sum_sliding_history
	{
	local kept: sum_sliding_history;
	kept$times = vector();
	kept$amounts = vector();
	kept$first = 0;
	kept$total = old$total;

	local length = |old$times|;
	local crowded = length - old$first > sum_sliding_members;
	# One more than the members, so that no setting divides by zero.
	local step = sum_sliding_window * 2 / ( sum_sliding_members + 1 );
	local size = 0;

	for ( i in old$times )
		{
		if ( i < old$first )
			next;

		if ( crowded && size > 0 && old$times[i] - kept$times[size - 1] < step )
			kept$amounts[size - 1] += old$amounts[i];
		else
			{
			kept$times += old$times[i];
			kept$amounts += old$amounts[i];
			++size;
			}
		}

	return kept;
	}

event Every::sum_sliding_seen(key0: addr, key1: addr, value: count)
	{
	local now = network_time();

	if ( [key0, key1] !in sum_sliding_recent && |sum_sliding_recent| >= sum_sliding_keys )
		{
		sum_sliding_refuse(now);
		return;
		}

	local sums: sum_sliding_history;
	if ( [key0, key1] in sum_sliding_recent )
		sums = sum_sliding_recent[key0, key1];
	else
		{
		sums$times = vector();
		sums$amounts = vector();
		sums$first = 0;
		sums$total = 0;
		}

	while ( sums$first < |sums$times| && now - sums$times[sums$first] >= sum_sliding_window )
		{
		sums$total -= sums$amounts[sums$first];
		++sums$first;
		}

	sums$times += now;
	sums$amounts += value;
	sums$total += value;

	if ( |sums$times| > 2 * sum_sliding_members )
		sums = sum_sliding_shorten(sums);

	local n = sums$total;
	if ( n < sum_sliding_threshold )
		{
		# A write, which is what restarts the expiry.
		sum_sliding_recent[key0, key1] = sums;
		return;
		}

	# The next event of this key starts from nothing.
	delete sum_sliding_recent[key0, key1];

	NOTICE([$note=Sum_Sliding,
	        $src=key0,
	        $msg=cat(key0, " ", key1, ": ", n),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=sum_sliding_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook sum_sliding_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: count = c?$conn && c$conn?$orig_bytes ? c$conn$orig_bytes : 0;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Every::sum_sliding_seen, key0, key1, value) )
		event Every::sum_sliding_seen(key0, key1, value);
@else
	event Every::sum_sliding_seen(key0, key1, value);
@endif
	}
