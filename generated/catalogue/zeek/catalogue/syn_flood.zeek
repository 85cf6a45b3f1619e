##! Zeek: SYN flood
##!
##! Counts events per c$id$orig_h, c$id$resp_h, c$id$resp_p at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: SYN flood
		Syn_Flood,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Syn_Flood_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option syn_flood_threshold: count = 100;

	## How far back they count: any stretch of this length.
	option syn_flood_window: interval = 10sec;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option syn_flood_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option syn_flood_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global syn_flood_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global syn_flood_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global syn_flood_seen: event(key0: addr, key1: addr, key2: port);
}

# Whether the full table has been told of, and when.
global syn_flood_refused = F;
global syn_flood_since: time;

function syn_flood_refuse(now: time)
	{
	if ( syn_flood_refused && now - syn_flood_since < syn_flood_window )
		return;

	syn_flood_refused = T;
	syn_flood_since = now;
	NOTICE([$note=Syn_Flood_Capacity,
	        $msg=fmt("Syn_Flood follows %d keys, as many as it may: those with the least are forgotten", syn_flood_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global syn_flood_recent: table[addr, addr, port] of vector of time &write_expire=syn_flood_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global syn_flood_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function syn_flood_forget(now: time, least: count)
	{
	local few: set[addr, addr, port];

	for ( [key0, key1, key2], followed in syn_flood_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < syn_flood_window )
				n += 1;
		if ( n < least )
			add few[key0, key1, key2];
		}

	for ( [key0, key1, key2] in few )
		delete syn_flood_recent[key0, key1, key2];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function syn_flood_room(now: time): bool
	{
	syn_flood_refuse(now);

	if ( now >= syn_flood_crowded )
		{
		local least = 2;
		while ( |syn_flood_recent| > syn_flood_keys / 2 && least <= syn_flood_threshold )
			{
			syn_flood_forget(now, least);
			least = least * 2;
			}

		if ( |syn_flood_recent| > syn_flood_keys / 2 )
			syn_flood_crowded = now + 1min;
		}

	return |syn_flood_recent| < syn_flood_keys;
	}

event Catalogue::syn_flood_seen(key0: addr, key1: addr, key2: port)
	{
	local now = network_time();

	if ( [key0, key1, key2] !in syn_flood_recent && |syn_flood_recent| >= syn_flood_keys &&
	     ! syn_flood_room(now) )
		return;

	local times: vector of time;
	if ( [key0, key1, key2] in syn_flood_recent )
		times = syn_flood_recent[key0, key1, key2];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = syn_flood_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= syn_flood_window )
		{
		# A write, which is what restarts the expiry.
		syn_flood_recent[key0, key1, key2] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete syn_flood_recent[key0, key1, key2];

	NOTICE([$note=Syn_Flood,
	        $src=key0,
	        $msg=cat(key0, " began ", n, " connections and finished none"),
	        $identifier=fmt("%s %s %s", key0, key1, key2),
	        $suppress_for=syn_flood_suppress]);
	}

function syn_flood_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && /S[STCWRD]*([rh][STCWRrhtcw]*)?/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! syn_flood_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook syn_flood_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local key2: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1, key2), Catalogue::syn_flood_seen, key0, key1, key2) )
		event Catalogue::syn_flood_seen(key0, key1, key2);
@else
	event Catalogue::syn_flood_seen(key0, key1, key2);
@endif
	}
