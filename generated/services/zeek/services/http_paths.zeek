##! Zeek: HTTP path scanning
##!
##! Counts different md5_hash((find_str(rec$uri, "?") < +0 ? rec$uri : sub_bytes(rec$uri, 1, find_str(rec$uri, "?")))) per rec$id$orig_h, rec$id$resp_h at HTTP::log_http.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/http
@load base/utils/site
@load ./zopf-turned

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: HTTP path scanning
		Http_Paths,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Http_Paths_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option http_paths_threshold: count = 25;

	## How far back they count: any stretch of this length.
	option http_paths_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option http_paths_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option http_paths_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global http_paths_exempt: hook(rec: HTTP::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global http_paths_seen: event(key0: addr, key1: addr, value: string);
}

# Whether the full table has been told of, and when.
global http_paths_refused = F;
global http_paths_since: time;

function http_paths_refuse(now: time)
	{
	if ( http_paths_refused && now - http_paths_since < http_paths_window )
		return;

	http_paths_refused = T;
	http_paths_since = now;
	NOTICE([$note=Http_Paths_Capacity,
	        $msg=fmt("Http_Paths follows %d keys, as many as it may: those with the least are forgotten", http_paths_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global http_paths_recent: table[addr, addr] of table[string] of time &write_expire=http_paths_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global http_paths_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function http_paths_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in http_paths_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < http_paths_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete http_paths_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function http_paths_room(now: time): bool
	{
	http_paths_refuse(now);

	if ( now >= http_paths_crowded )
		{
		local least = 2;
		while ( |http_paths_recent| > http_paths_keys / 2 && least <= http_paths_threshold )
			{
			http_paths_forget(now, least);
			least = least * 2;
			}

		if ( |http_paths_recent| > http_paths_keys / 2 )
			http_paths_crowded = now + 1min;
		}

	return |http_paths_recent| < http_paths_keys;
	}

event Services::http_paths_seen(key0: addr, key1: addr, value: string)
	{
	local now = network_time();

	if ( [key0, key1] !in http_paths_recent && |http_paths_recent| >= http_paths_keys &&
	     ! http_paths_room(now) )
		return;

	local seen: table[string] of time;
	if ( [key0, key1] in http_paths_recent )
		seen = http_paths_recent[key0, key1];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= http_paths_threshold )
		{
		local fresh: table[string] of time;
		for ( v, t in seen )
			if ( now - t < http_paths_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < http_paths_threshold )
		{
		# A write, which is what restarts the expiry.
		http_paths_recent[key0, key1] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete http_paths_recent[key0, key1];

	NOTICE([$note=Http_Paths,
	        $src=key0,
	        $msg=cat(key0, " asked ", key1, " for ", n, " pages that are not there"),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=http_paths_suppress]);
	}

# As a row of http.log is written.
event HTTP::log_http(rec: HTTP::Info)
	{
	if ( ! ( rec?$status_code && rec$status_code in set(404) && rec?$uri && rec$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook http_paths_exempt(rec) )
		return;

	local key0: addr = rec$id$orig_h;
	local key1: addr = rec$id$resp_h;
	local value: string = md5_hash((find_str(rec$uri, "?") < +0 ? rec$uri : sub_bytes(rec$uri, 1, find_str(rec$uri, "?"))));

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Services::http_paths_seen, key0, key1, value) )
		event Services::http_paths_seen(key0, key1, value);
@else
	event Services::http_paths_seen(key0, key1, value);
@endif
	}
