##! Zeek: traceroute
##!
##! Counts different c$id$resp_p per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: traceroute
		Trace_Route,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Trace_Route_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option trace_route_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option trace_route_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option trace_route_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option trace_route_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global trace_route_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global trace_route_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global trace_route_seen: event(key0: addr, key1: addr, value: port);
}

# Whether the full table has been told of, and when.
global trace_route_refused = F;
global trace_route_since: time;

function trace_route_refuse(now: time)
	{
	if ( trace_route_refused && now - trace_route_since < trace_route_window )
		return;

	trace_route_refused = T;
	trace_route_since = now;
	NOTICE([$note=Trace_Route_Capacity,
	        $msg=fmt("Trace_Route follows %d keys, as many as it may: those with the least are forgotten", trace_route_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global trace_route_recent: table[addr, addr] of table[port] of time &write_expire=trace_route_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global trace_route_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function trace_route_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in trace_route_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < trace_route_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete trace_route_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function trace_route_room(now: time): bool
	{
	trace_route_refuse(now);

	if ( now >= trace_route_crowded )
		{
		local least = 2;
		while ( |trace_route_recent| > trace_route_keys / 2 && least <= trace_route_threshold )
			{
			trace_route_forget(now, least);
			least = least * 2;
			}

		if ( |trace_route_recent| > trace_route_keys / 2 )
			trace_route_crowded = now + 1min;
		}

	return |trace_route_recent| < trace_route_keys;
	}

event Catalogue::trace_route_seen(key0: addr, key1: addr, value: port)
	{
	local now = network_time();

	if ( [key0, key1] !in trace_route_recent && |trace_route_recent| >= trace_route_keys &&
	     ! trace_route_room(now) )
		return;

	local seen: table[port] of time;
	if ( [key0, key1] in trace_route_recent )
		seen = trace_route_recent[key0, key1];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= trace_route_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < trace_route_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < trace_route_threshold )
		{
		# A write, which is what restarts the expiry.
		trace_route_recent[key0, key1] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete trace_route_recent[key0, key1];

	NOTICE([$note=Trace_Route,
	        $src=key0,
	        $msg=cat(key0, " traced the route to ", key1, " (", n, " probes)"),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=trace_route_suppress]);
	}

function trace_route_counts(c: connection): bool
	{
	return is_udp_port(c$id$resp_p) && c$history == "D" && port_to_count(c$id$resp_p) >= 33434 && port_to_count(c$id$resp_p) <= 33534 && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! trace_route_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook trace_route_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Catalogue::trace_route_seen, key0, key1, value) )
		event Catalogue::trace_route_seen(key0, key1, value);
@else
	event Catalogue::trace_route_seen(key0, key1, value);
@endif
	}
