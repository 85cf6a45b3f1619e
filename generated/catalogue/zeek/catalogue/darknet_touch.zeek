##! Zeek: touches of a darknet
##!
##! Counts different c$id$resp_h, c$id$resp_p per c$id$orig_h at new_connection.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: touches of a darknet
		Darknet_Touch,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Darknet_Touch_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option darknet_touch_threshold: count = 3;

	## How far back they count: any stretch of this length.
	option darknet_touch_window: interval = 1hr;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option darknet_touch_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option darknet_touch_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global darknet_touch_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global darknet_touch_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global darknet_touch_seen: event(key: addr, value0: addr, value1: port);
}

# Whether the full table has been told of, and when.
global darknet_touch_refused = F;
global darknet_touch_since: time;

function darknet_touch_refuse(now: time)
	{
	if ( darknet_touch_refused && now - darknet_touch_since < darknet_touch_window )
		return;

	darknet_touch_refused = T;
	darknet_touch_since = now;
	NOTICE([$note=Darknet_Touch_Capacity,
	        $msg=fmt("Darknet_Touch follows %d keys, as many as it may: those with the least are forgotten", darknet_touch_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global darknet_touch_recent: table[addr] of table[addr, port] of time &write_expire=darknet_touch_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global darknet_touch_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function darknet_touch_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in darknet_touch_recent )
		{
		local n = 0;
		for ( [v0, v1] in followed )
			if ( now - followed[v0, v1] < darknet_touch_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete darknet_touch_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function darknet_touch_room(now: time): bool
	{
	darknet_touch_refuse(now);

	if ( now >= darknet_touch_crowded )
		{
		local least = 2;
		while ( |darknet_touch_recent| > darknet_touch_keys / 2 && least <= darknet_touch_threshold )
			{
			darknet_touch_forget(now, least);
			least = least * 2;
			}

		if ( |darknet_touch_recent| > darknet_touch_keys / 2 )
			darknet_touch_crowded = now + 1min;
		}

	return |darknet_touch_recent| < darknet_touch_keys;
	}

event Catalogue::darknet_touch_seen(key: addr, value0: addr, value1: port)
	{
	local now = network_time();

	if ( key !in darknet_touch_recent && |darknet_touch_recent| >= darknet_touch_keys &&
	     ! darknet_touch_room(now) )
		return;

	local seen: table[addr, port] of time;
	if ( key in darknet_touch_recent )
		seen = darknet_touch_recent[key];
	seen[value0, value1] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= darknet_touch_threshold )
		{
		local fresh: table[addr, port] of time;
		for ( [v0, v1], t in seen )
			if ( now - t < darknet_touch_window )
				fresh[v0, v1] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < darknet_touch_threshold )
		{
		# A write, which is what restarts the expiry.
		darknet_touch_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete darknet_touch_recent[key];

	NOTICE([$note=Darknet_Touch,
	        $src=key,
	        $msg=cat(key, " touched ", n, " addresses or ports of a darknet"),
	        $identifier=cat(key),
	        $suppress_for=darknet_touch_suppress]);
	}

function darknet_touch_counts(c: connection): bool
	{
	return c$id$resp_h in 162.212.158.0/24 && ((is_tcp_port(c$id$resp_p) && (/[SQI].*/ == c$history || ((/[FA].*/ == c$history || c$history == "") && port_to_count(c$id$resp_p) < port_to_count(c$id$orig_p) && port_to_count(c$id$resp_p) < 32768))) || (is_udp_port(c$id$resp_p) && c$history == "D" && port_to_count(c$id$orig_p) >= 1024 && port_to_count(c$id$resp_p) < port_to_count(c$id$orig_p) && port_to_count(c$id$resp_p) < 32768 && (port_to_count(c$id$resp_p) < 33434 || port_to_count(c$id$resp_p) > 33534)) || c$id$orig_p in set(8/icmp, 13/icmp, 17/icmp, 128/icmp)) && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event new_connection(c: connection)
	{
	# The record is from before the packet was analysed: this fills in what the
	# packet has added to the history.
	if ( connection_exists(c$id) )
		lookup_connection(c$id);

	if ( ! darknet_touch_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook darknet_touch_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value0: addr = c$id$resp_h;
	local value1: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Catalogue::darknet_touch_seen, key, value0, value1) )
		event Catalogue::darknet_touch_seen(key, value0, value1);
@else
	event Catalogue::darknet_touch_seen(key, value0, value1);
@endif
	}
