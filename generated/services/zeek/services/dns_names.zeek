##! Zeek: DNS tunnelling (many names below one domain)
##!
##! Counts different md5_hash(to_lower(rec$query)) per rec$id$orig_h, last_labels(to_lower(rec$query), 2) at DNS::log_dns.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/dns
@load base/utils/site
@load ./zopf-functions
@load ./zopf-turned

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: DNS tunnelling (many names below one domain)
		Dns_Names,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Dns_Names_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option dns_names_threshold: count = 150;

	## How far back they count: any stretch of this length.
	option dns_names_window: interval = 10min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option dns_names_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option dns_names_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global dns_names_exempt: hook(rec: DNS::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global dns_names_seen: event(key0: addr, key1: string, value: string);
}

# Whether the full table has been told of, and when.
global dns_names_refused = F;
global dns_names_since: time;

function dns_names_refuse(now: time)
	{
	if ( dns_names_refused && now - dns_names_since < dns_names_window )
		return;

	dns_names_refused = T;
	dns_names_since = now;
	NOTICE([$note=Dns_Names_Capacity,
	        $msg=fmt("Dns_Names follows %d keys, as many as it may: those with the least are forgotten", dns_names_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global dns_names_recent: table[addr, string] of table[string] of time &write_expire=dns_names_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global dns_names_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function dns_names_forget(now: time, least: count)
	{
	local few: set[addr, string];

	for ( [key0, key1], followed in dns_names_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < dns_names_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete dns_names_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function dns_names_room(now: time): bool
	{
	dns_names_refuse(now);

	if ( now >= dns_names_crowded )
		{
		local least = 2;
		while ( |dns_names_recent| > dns_names_keys / 2 && least <= dns_names_threshold )
			{
			dns_names_forget(now, least);
			least = least * 2;
			}

		if ( |dns_names_recent| > dns_names_keys / 2 )
			dns_names_crowded = now + 1min;
		}

	return |dns_names_recent| < dns_names_keys;
	}

event Services::dns_names_seen(key0: addr, key1: string, value: string)
	{
	local now = network_time();

	if ( [key0, key1] !in dns_names_recent && |dns_names_recent| >= dns_names_keys &&
	     ! dns_names_room(now) )
		return;

	local seen: table[string] of time;
	if ( [key0, key1] in dns_names_recent )
		seen = dns_names_recent[key0, key1];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= dns_names_threshold )
		{
		local fresh: table[string] of time;
		for ( v, t in seen )
			if ( now - t < dns_names_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < dns_names_threshold )
		{
		# A write, which is what restarts the expiry.
		dns_names_recent[key0, key1] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete dns_names_recent[key0, key1];

	NOTICE([$note=Dns_Names,
	        $src=key0,
	        $msg=sub_bytes(cat(key0, " asked for ", n, " names below ", key1), 1, 900),
	        $identifier=fmt("%s %d:%s", key0, |key1|, key1),
	        $suppress_for=dns_names_suppress]);
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

	if ( ! hook dns_names_exempt(rec) )
		return;

	local key0: addr = rec$id$orig_h;
	local key1: string = last_labels(to_lower(rec$query), 2);
	local value: string = md5_hash(to_lower(rec$query));

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Services::dns_names_seen, key0, key1, value) )
		event Services::dns_names_seen(key0, key1, value);
@else
	event Services::dns_names_seen(key0, key1, value);
@endif
	}
