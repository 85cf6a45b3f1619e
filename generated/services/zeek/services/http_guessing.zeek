##! Zeek: HTTP password guessing
##!
##! Counts events per rec$id$orig_h at HTTP::log_http.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/http
@load base/utils/site
@load ./zopf-turned

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: HTTP password guessing
		Http_Guessing,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Http_Guessing_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option http_guessing_threshold: count = 20;

	## How far back they count: any stretch of this length.
	option http_guessing_window: interval = 15min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option http_guessing_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option http_guessing_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global http_guessing_exempt: hook(rec: HTTP::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global http_guessing_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global http_guessing_refused = F;
global http_guessing_since: time;

function http_guessing_refuse(now: time)
	{
	if ( http_guessing_refused && now - http_guessing_since < http_guessing_window )
		return;

	http_guessing_refused = T;
	http_guessing_since = now;
	NOTICE([$note=Http_Guessing_Capacity,
	        $msg=fmt("Http_Guessing follows %d keys, as many as it may: those with the least are forgotten", http_guessing_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global http_guessing_recent: table[addr] of vector of time &write_expire=http_guessing_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global http_guessing_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function http_guessing_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in http_guessing_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < http_guessing_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete http_guessing_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function http_guessing_room(now: time): bool
	{
	http_guessing_refuse(now);

	if ( now >= http_guessing_crowded )
		{
		local least = 2;
		while ( |http_guessing_recent| > http_guessing_keys / 2 && least <= http_guessing_threshold )
			{
			http_guessing_forget(now, least);
			least = least * 2;
			}

		if ( |http_guessing_recent| > http_guessing_keys / 2 )
			http_guessing_crowded = now + 1min;
		}

	return |http_guessing_recent| < http_guessing_keys;
	}

event Services::http_guessing_seen(key: addr)
	{
	local now = network_time();

	if ( key !in http_guessing_recent && |http_guessing_recent| >= http_guessing_keys &&
	     ! http_guessing_room(now) )
		return;

	local times: vector of time;
	if ( key in http_guessing_recent )
		times = http_guessing_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = http_guessing_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= http_guessing_window )
		{
		# A write, which is what restarts the expiry.
		http_guessing_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete http_guessing_recent[key];

	NOTICE([$note=Http_Guessing,
	        $src=key,
	        $msg=cat(key, " sent ", n, " passwords to web pages in vain"),
	        $identifier=cat(key),
	        $suppress_for=http_guessing_suppress]);
	}

# As a row of http.log is written.
event HTTP::log_http(rec: HTTP::Info)
	{
	if ( ! ( ((rec?$method && rec$method == "POST" && rec?$status_code && rec$status_code in set(200, 401, 403) && rec?$uri && /login|logon|signin|sign\x2din/ in to_lower((find_str(rec$uri, "?") < +0 ? rec$uri : sub_bytes(rec$uri, 1, find_str(rec$uri, "?"))))) || (rec?$username && rec?$status_code && rec$status_code in set(401))) && rec$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook http_guessing_exempt(rec) )
		return;

	local key: addr = rec$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Services::http_guessing_seen, key) )
		event Services::http_guessing_seen(key);
@else
	event Services::http_guessing_seen(key);
@endif
	}
