##! Zeek: DNS tunnelling (bytes below one domain)
##!
##! Counts the sum of |to_lower(rec$query)| per rec$id$orig_h, last_labels(to_lower(rec$query), 2) at DNS::log_dns.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/dns
@load base/utils/site
@load ./zopf-functions
@load ./zopf-turned

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: DNS tunnelling (bytes below one domain)
		Dns_Bytes,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Dns_Bytes_Capacity
	};

	## The sum of one key that makes a hit.
	option dns_bytes_threshold: count = 50000;

	## How far back they count: any stretch of this length.
	option dns_bytes_window: interval = 10min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option dns_bytes_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option dns_bytes_keys: count = 10000;

	## Amounts kept per key. Up to that many the sum is exact. Beyond it,
	## amounts closer together than 2/1000 of the window are added up under
	## the moment of the first: forgotten that much too early, never too late.
	option dns_bytes_members: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global dns_bytes_exempt: hook(rec: DNS::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global dns_bytes_seen: event(key0: addr, key1: string, value: count);
}

# Whether the full table has been told of, and when.
global dns_bytes_refused = F;
global dns_bytes_since: time;

function dns_bytes_refuse(now: time)
	{
	if ( dns_bytes_refused && now - dns_bytes_since < dns_bytes_window )
		return;

	dns_bytes_refused = T;
	dns_bytes_since = now;
	NOTICE([$note=Dns_Bytes_Capacity,
	        $msg=fmt("Dns_Bytes follows %d keys, as many as it may: new ones are not counted until others expire", dns_bytes_keys),
	        $suppress_for=0sec]);
	}

# Amounts and their moments, oldest first; those before `first` have left the
# window, `total` is the sum of the others.
type dns_bytes_history: record {
	times: vector of time;
	amounts: vector of count;
	first: count;
	total: count;
};

# Per key: exact, up to the number of members, whatever the table's ticks do. A
# key never holds more than twice the number of members. The expiry only
# collects what has aged out; a second longer than the window, because Zeek cuts
# the stamp of an entry to whole seconds.
global dns_bytes_recent: table[addr, string] of dns_bytes_history &write_expire=dns_bytes_window + 1sec;

# Drops what has left the window; adds up neighbours where too many are left.
function dns_bytes_shorten(old: dns_bytes_history): dns_bytes_history
	{
	local kept: dns_bytes_history;
	kept$times = vector();
	kept$amounts = vector();
	kept$first = 0;
	kept$total = old$total;

	local length = |old$times|;
	local crowded = length - old$first > dns_bytes_members;
	# One more than the members, so that no setting divides by zero.
	local step = dns_bytes_window * 2 / ( dns_bytes_members + 1 );
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

event Services::dns_bytes_seen(key0: addr, key1: string, value: count)
	{
	local now = network_time();

	if ( [key0, key1] !in dns_bytes_recent && |dns_bytes_recent| >= dns_bytes_keys )
		{
		dns_bytes_refuse(now);
		return;
		}

	local sums: dns_bytes_history;
	if ( [key0, key1] in dns_bytes_recent )
		sums = dns_bytes_recent[key0, key1];
	else
		{
		sums$times = vector();
		sums$amounts = vector();
		sums$first = 0;
		sums$total = 0;
		}

	while ( sums$first < |sums$times| && now - sums$times[sums$first] >= dns_bytes_window )
		{
		sums$total -= sums$amounts[sums$first];
		++sums$first;
		}

	sums$times += now;
	sums$amounts += value;
	sums$total += value;

	if ( |sums$times| > 2 * dns_bytes_members )
		sums = dns_bytes_shorten(sums);

	local n = sums$total;
	if ( n < dns_bytes_threshold )
		{
		# A write, which is what restarts the expiry.
		dns_bytes_recent[key0, key1] = sums;
		return;
		}

	# The next event of this key starts from nothing.
	delete dns_bytes_recent[key0, key1];

	NOTICE([$note=Dns_Bytes,
	        $src=key0,
	        $msg=sub_bytes(cat(key0, " asked for ", n, " bytes of names below ", key1), 1, 900),
	        $identifier=fmt("%s %d:%s", key0, |key1|, key1),
	        $suppress_for=dns_bytes_suppress]);
	}

# As a row of dns.log is written.
event DNS::log_dns(rec: DNS::Info)
	{
	if ( ! ( rec?$query && rec?$rcode && port_to_count(rec$id$resp_p) == 53 && last_labels(to_lower(rec$query), 2) !in set("in-addr.arpa", "ip6.arpa") && rec$id$orig_h in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook dns_bytes_exempt(rec) )
		return;

	local key0: addr = rec$id$orig_h;
	local key1: string = last_labels(to_lower(rec$query), 2);
	local value: count = |to_lower(rec$query)|;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Services::dns_bytes_seen, key0, key1, value) )
		event Services::dns_bytes_seen(key0, key1, value);
@else
	event Services::dns_bytes_seen(key0, key1, value);
@endif
	}
