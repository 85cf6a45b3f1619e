##! Zeek: ping flood
##!
##! Counts the sum of c$orig?$num_pkts ? c$orig$num_pkts : 0 per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: ping flood
		Ping_Flood,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Ping_Flood_Capacity
	};

	## The sum of one key that makes a hit.
	option ping_flood_threshold: count = 100;

	## How far back they count: any stretch of this length.
	option ping_flood_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option ping_flood_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option ping_flood_keys: count = 10000;

	## Amounts kept per key. Up to that many the sum is exact. Beyond it,
	## amounts closer together than 2/1000 of the window are added up under
	## the moment of the first: forgotten that much too early, never too late.
	option ping_flood_members: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global ping_flood_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global ping_flood_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global ping_flood_seen: event(key0: addr, key1: addr, value: count);
}

# Whether the full table has been told of, and when.
global ping_flood_refused = F;
global ping_flood_since: time;

function ping_flood_refuse(now: time)
	{
	if ( ping_flood_refused && now - ping_flood_since < ping_flood_window )
		return;

	ping_flood_refused = T;
	ping_flood_since = now;
	NOTICE([$note=Ping_Flood_Capacity,
	        $msg=fmt("Ping_Flood follows %d keys, as many as it may: new ones are not counted until others expire", ping_flood_keys),
	        $suppress_for=0sec]);
	}

# Amounts and their moments, oldest first; those before `first` have left the
# window, `total` is the sum of the others.
type ping_flood_history: record {
	times: vector of time;
	amounts: vector of count;
	first: count;
	total: count;
};

# Per key: exact, up to the number of members, whatever the table's ticks do. A
# key never holds more than twice the number of members. The expiry only
# collects what has aged out; a second longer than the window, because Zeek cuts
# the stamp of an entry to whole seconds.
global ping_flood_recent: table[addr, addr] of ping_flood_history &write_expire=ping_flood_window + 1sec;

# Drops what has left the window; adds up neighbours where too many are left.
function ping_flood_shorten(old: ping_flood_history): ping_flood_history
	{
	local kept: ping_flood_history;
	kept$times = vector();
	kept$amounts = vector();
	kept$first = 0;
	kept$total = old$total;

	local length = |old$times|;
	local crowded = length - old$first > ping_flood_members;
	# One more than the members, so that no setting divides by zero.
	local step = ping_flood_window * 2 / ( ping_flood_members + 1 );
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

event Catalogue::ping_flood_seen(key0: addr, key1: addr, value: count)
	{
	local now = network_time();

	if ( [key0, key1] !in ping_flood_recent && |ping_flood_recent| >= ping_flood_keys )
		{
		ping_flood_refuse(now);
		return;
		}

	local sums: ping_flood_history;
	if ( [key0, key1] in ping_flood_recent )
		sums = ping_flood_recent[key0, key1];
	else
		{
		sums$times = vector();
		sums$amounts = vector();
		sums$first = 0;
		sums$total = 0;
		}

	while ( sums$first < |sums$times| && now - sums$times[sums$first] >= ping_flood_window )
		{
		sums$total -= sums$amounts[sums$first];
		++sums$first;
		}

	sums$times += now;
	sums$amounts += value;
	sums$total += value;

	if ( |sums$times| > 2 * ping_flood_members )
		sums = ping_flood_shorten(sums);

	local n = sums$total;
	if ( n < ping_flood_threshold )
		{
		# A write, which is what restarts the expiry.
		ping_flood_recent[key0, key1] = sums;
		return;
		}

	# The next event of this key starts from nothing.
	delete ping_flood_recent[key0, key1];

	NOTICE([$note=Ping_Flood,
	        $src=key0,
	        $msg=cat(key0, " flooded ", key1, " with ", n, " echo requests"),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=ping_flood_suppress]);
	}

function ping_flood_counts(c: connection): bool
	{
	return c$id$orig_p in set(8/icmp, 128/icmp) && 1.0 * (c$orig?$num_pkts ? c$orig$num_pkts : 0) > 10.0 * interval_to_double(c$duration) && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ping_flood_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook ping_flood_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: count = c$orig?$num_pkts ? c$orig$num_pkts : 0;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Catalogue::ping_flood_seen, key0, key1, value) )
		event Catalogue::ping_flood_seen(key0, key1, value);
@else
	event Catalogue::ping_flood_seen(key0, key1, value);
@endif
	}
