##! Zeek: smurf (echo requests to a broadcast address)
##!
##! Counts the sum of c$orig?$num_pkts ? c$orig$num_pkts : 0 per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: smurf (echo requests to a broadcast address)
		Smurf_Attack,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Smurf_Attack_Capacity
	};

	## The sum of one key that makes a hit.
	option smurf_attack_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option smurf_attack_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option smurf_attack_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option smurf_attack_keys: count = 10000;

	## Amounts kept per key. Up to that many the sum is exact. Beyond it,
	## amounts closer together than 2/1000 of the window are added up under
	## the moment of the first: forgotten that much too early, never too late.
	option smurf_attack_members: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global smurf_attack_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global smurf_attack_seen: event(key0: addr, key1: addr, value: count);
}

# Whether the full table has been told of, and when.
global smurf_attack_refused = F;
global smurf_attack_since: time;

function smurf_attack_refuse(now: time)
	{
	if ( smurf_attack_refused && now - smurf_attack_since < smurf_attack_window )
		return;

	smurf_attack_refused = T;
	smurf_attack_since = now;
	NOTICE([$note=Smurf_Attack_Capacity,
	        $msg=fmt("Smurf_Attack follows %d keys, as many as it may: new ones are not counted until others expire", smurf_attack_keys),
	        $suppress_for=0sec]);
	}

# Amounts and their moments, oldest first; those before `first` have left the
# window, `total` is the sum of the others.
type smurf_attack_history: record {
	times: vector of time;
	amounts: vector of count;
	first: count;
	total: count;
};

# Per key: exact, up to the number of members, whatever the table's ticks do. A
# key never holds more than twice the number of members. The expiry only
# collects what has aged out; a second longer than the window, because Zeek cuts
# the stamp of an entry to whole seconds.
global smurf_attack_recent: table[addr, addr] of smurf_attack_history &write_expire=smurf_attack_window + 1sec;

# Drops what has left the window; adds up neighbours where too many are left.
function smurf_attack_shorten(old: smurf_attack_history): smurf_attack_history
	{
	local kept: smurf_attack_history;
	kept$times = vector();
	kept$amounts = vector();
	kept$first = 0;
	kept$total = old$total;

	local length = |old$times|;
	local crowded = length - old$first > smurf_attack_members;
	# One more than the members, so that no setting divides by zero.
	local step = smurf_attack_window * 2 / ( smurf_attack_members + 1 );
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

event Catalogue::smurf_attack_seen(key0: addr, key1: addr, value: count)
	{
	local now = network_time();

	if ( [key0, key1] !in smurf_attack_recent && |smurf_attack_recent| >= smurf_attack_keys )
		{
		smurf_attack_refuse(now);
		return;
		}

	local sums: smurf_attack_history;
	if ( [key0, key1] in smurf_attack_recent )
		sums = smurf_attack_recent[key0, key1];
	else
		{
		sums$times = vector();
		sums$amounts = vector();
		sums$first = 0;
		sums$total = 0;
		}

	while ( sums$first < |sums$times| && now - sums$times[sums$first] >= smurf_attack_window )
		{
		sums$total -= sums$amounts[sums$first];
		++sums$first;
		}

	sums$times += now;
	sums$amounts += value;
	sums$total += value;

	if ( |sums$times| > 2 * smurf_attack_members )
		sums = smurf_attack_shorten(sums);

	local n = sums$total;
	if ( n < smurf_attack_threshold )
		{
		# A write, which is what restarts the expiry.
		smurf_attack_recent[key0, key1] = sums;
		return;
		}

	# The next event of this key starts from nothing.
	delete smurf_attack_recent[key0, key1];

	NOTICE([$note=Smurf_Attack,
	        $src=key0,
	        $msg=cat(n, " echo requests to ", key1, " in the name of ", key0),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=smurf_attack_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( c$id$orig_p in set(8/icmp, 128/icmp) && ends_with(cat(c$id$resp_h), ".255") && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook smurf_attack_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: count = c$orig?$num_pkts ? c$orig$num_pkts : 0;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Catalogue::smurf_attack_seen, key0, key1, value) )
		event Catalogue::smurf_attack_seen(key0, key1, value);
@else
	event Catalogue::smurf_attack_seen(key0, key1, value);
@endif
	}
