##! Zeek: connection to a honeypot
##!
##! Counts events per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: connection to a honeypot
		Honeypot_Touch,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Honeypot_Touch_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option honeypot_touch_threshold: count = 1;

	## How far back they count: any stretch of this length.
	option honeypot_touch_window: interval = 1hr;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option honeypot_touch_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option honeypot_touch_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global honeypot_touch_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global honeypot_touch_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global honeypot_touch_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global honeypot_touch_refused = F;
global honeypot_touch_since: time;

function honeypot_touch_refuse(now: time)
	{
	if ( honeypot_touch_refused && now - honeypot_touch_since < honeypot_touch_window )
		return;

	honeypot_touch_refused = T;
	honeypot_touch_since = now;
	NOTICE([$note=Honeypot_Touch_Capacity,
	        $msg=fmt("Honeypot_Touch follows %d keys, as many as it may: those with the least are forgotten", honeypot_touch_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global honeypot_touch_recent: table[addr] of vector of time &write_expire=honeypot_touch_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global honeypot_touch_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function honeypot_touch_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in honeypot_touch_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < honeypot_touch_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete honeypot_touch_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function honeypot_touch_room(now: time): bool
	{
	honeypot_touch_refuse(now);

	if ( now >= honeypot_touch_crowded )
		{
		local least = 2;
		while ( |honeypot_touch_recent| > honeypot_touch_keys / 2 && least <= honeypot_touch_threshold )
			{
			honeypot_touch_forget(now, least);
			least = least * 2;
			}

		if ( |honeypot_touch_recent| > honeypot_touch_keys / 2 )
			honeypot_touch_crowded = now + 1min;
		}

	return |honeypot_touch_recent| < honeypot_touch_keys;
	}

event Catalogue::honeypot_touch_seen(key: addr)
	{
	local now = network_time();

	if ( key !in honeypot_touch_recent && |honeypot_touch_recent| >= honeypot_touch_keys &&
	     ! honeypot_touch_room(now) )
		return;

	local times: vector of time;
	if ( key in honeypot_touch_recent )
		times = honeypot_touch_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = honeypot_touch_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= honeypot_touch_window )
		{
		# A write, which is what restarts the expiry.
		honeypot_touch_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete honeypot_touch_recent[key];

	NOTICE([$note=Honeypot_Touch,
	        $src=key,
	        $msg=cat(key, " connected to a honeypot"),
	        $identifier=cat(key),
	        $suppress_for=honeypot_touch_suppress]);
	}

function honeypot_touch_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && c$id$resp_h == 162.212.157.250 && /S(.*h.*[AD].*[df].*|[STCW]*h[STCWhtcw]*A[A-Zhtcw]*)/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! honeypot_touch_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook honeypot_touch_exempt(c) )
		return;

	local key: addr = c$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::honeypot_touch_seen, key) )
		event Catalogue::honeypot_touch_seen(key);
@else
	event Catalogue::honeypot_touch_seen(key);
@endif
	}
