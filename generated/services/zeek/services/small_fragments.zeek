##! Zeek: small fragments
##!
##! Counts events per rec$id$orig_h at Weird::log_weird.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/utils/site
@load ./zopf-turned

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: small fragments
		Small_Fragments,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Small_Fragments_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option small_fragments_threshold: count = 1;

	## How far back they count: any stretch of this length.
	option small_fragments_window: interval = 1hr;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option small_fragments_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option small_fragments_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global small_fragments_exempt: hook(rec: Weird::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global small_fragments_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global small_fragments_refused = F;
global small_fragments_since: time;

function small_fragments_refuse(now: time)
	{
	if ( small_fragments_refused && now - small_fragments_since < small_fragments_window )
		return;

	small_fragments_refused = T;
	small_fragments_since = now;
	NOTICE([$note=Small_Fragments_Capacity,
	        $msg=fmt("Small_Fragments follows %d keys, as many as it may: those with the least are forgotten", small_fragments_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global small_fragments_recent: table[addr] of vector of time &write_expire=small_fragments_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global small_fragments_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function small_fragments_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in small_fragments_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < small_fragments_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete small_fragments_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function small_fragments_room(now: time): bool
	{
	small_fragments_refuse(now);

	if ( now >= small_fragments_crowded )
		{
		local least = 2;
		while ( |small_fragments_recent| > small_fragments_keys / 2 && least <= small_fragments_threshold )
			{
			small_fragments_forget(now, least);
			least = least * 2;
			}

		if ( |small_fragments_recent| > small_fragments_keys / 2 )
			small_fragments_crowded = now + 1min;
		}

	return |small_fragments_recent| < small_fragments_keys;
	}

event Services::small_fragments_seen(key: addr)
	{
	local now = network_time();

	if ( key !in small_fragments_recent && |small_fragments_recent| >= small_fragments_keys &&
	     ! small_fragments_room(now) )
		return;

	local times: vector of time;
	if ( key in small_fragments_recent )
		times = small_fragments_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = small_fragments_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= small_fragments_window )
		{
		# A write, which is what restarts the expiry.
		small_fragments_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete small_fragments_recent[key];

	NOTICE([$note=Small_Fragments,
	        $src=key,
	        $msg=cat(key, " sent small fragments"),
	        $identifier=cat(key),
	        $suppress_for=small_fragments_suppress]);
	}

# As a row of weird.log is written.
event Weird::log_weird(rec: Weird::Info)
	{
	if ( ! ( rec$name == "excessively_small_fragment" && rec?$id && rec$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( rec?$uid && rec?$id && is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook small_fragments_exempt(rec) )
		return;

	local key: addr = rec$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Services::small_fragments_seen, key) )
		event Services::small_fragments_seen(key);
@else
	event Services::small_fragments_seen(key);
@endif
	}
