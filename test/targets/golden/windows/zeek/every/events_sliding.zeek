##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts events per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Every;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Events_Sliding,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Events_Sliding_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option events_sliding_threshold: count = 10;

	## How far back they count: any stretch of this length.
	option events_sliding_window: interval = 90sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option events_sliding_suppress: interval = 0sec;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option events_sliding_keys: count = 1000;

	## Break out of this hook to exempt an event from being counted.
	global events_sliding_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global events_sliding_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global events_sliding_refused = F;
global events_sliding_since: time;

function events_sliding_refuse(now: time)
	{
	if ( events_sliding_refused && now - events_sliding_since < events_sliding_window )
		return;

	events_sliding_refused = T;
	events_sliding_since = now;
	NOTICE([$note=Events_Sliding_Capacity,
	        $msg=fmt("Events_Sliding follows %d keys, as many as it may: those with the least are forgotten", events_sliding_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global events_sliding_recent: table[addr] of vector of time &write_expire=events_sliding_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global events_sliding_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function events_sliding_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in events_sliding_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < events_sliding_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete events_sliding_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function events_sliding_room(now: time): bool
	{
	events_sliding_refuse(now);

	if ( now >= events_sliding_crowded )
		{
		local least = 2;
		while ( |events_sliding_recent| > events_sliding_keys / 2 && least <= events_sliding_threshold )
			{
			events_sliding_forget(now, least);
			least = least * 2;
			}

		if ( |events_sliding_recent| > events_sliding_keys / 2 )
			events_sliding_crowded = now + 1min;
		}

	return |events_sliding_recent| < events_sliding_keys;
	}

event Every::events_sliding_seen(key: addr)
	{
	local now = network_time();

	if ( key !in events_sliding_recent && |events_sliding_recent| >= events_sliding_keys &&
	     ! events_sliding_room(now) )
		return;

	local times: vector of time;
	if ( key in events_sliding_recent )
		times = events_sliding_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = events_sliding_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= events_sliding_window )
		{
		# A write, which is what restarts the expiry.
		events_sliding_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete events_sliding_recent[key];

	NOTICE([$note=Events_Sliding,
	        $src=key,
	        $msg=cat(key, ": ", n),
	        $identifier=cat(key),
	        $suppress_for=events_sliding_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook events_sliding_exempt(c) )
		return;

	local key: addr = c$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Every::events_sliding_seen, key) )
		event Every::events_sliding_seen(key);
@else
	event Every::events_sliding_seen(key);
@endif
	}
