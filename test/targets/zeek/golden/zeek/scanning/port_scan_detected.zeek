##! Zeek: port scan of one host (20 ports)
##!
##! Counts different c$id$resp_p per c$id$orig_h, c$id$resp_h at new_connection.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Scanning;

export {
	redef enum Notice::Type += {
		## Zeek: port scan of one host (20 ports)
		Port_Scan_Detected,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Port_Scan_Detected_Capacity
	};

	redef enum Log::ID += { Port_Scan_Detected_LOG };

	## A row of port_scan.log: one hit.
	type Port_Scan_Detected_Info: record {
		ts: time &log;
		src: addr &log;
		dst: addr &log;
		port_count: count &log;
	};

	## Different values of one key that make a hit; at least 1.
	option port_scan_detected_threshold: count = 20;

	## How long a key is followed from its first event on; up to 10 seconds more.
	option port_scan_detected_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option port_scan_detected_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option port_scan_detected_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global port_scan_detected_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global port_scan_detected_seen: event(key0: addr, key1: addr, value: port);
}

# Whether the full table has been told of, and when.
global port_scan_detected_refused = F;
global port_scan_detected_since: time;

function port_scan_detected_refuse(now: time)
	{
	if ( port_scan_detected_refused && now - port_scan_detected_since < port_scan_detected_window )
		return;

	port_scan_detected_refused = T;
	port_scan_detected_since = now;
	NOTICE([$note=Port_Scan_Detected_Capacity,
	        $msg=fmt("Port_Scan_Detected follows %d keys, as many as it may: those with the least are forgotten", port_scan_detected_keys),
	        $suppress_for=0sec]);
	}

# The different values, per key. A window begins with a key's first event and nothing restarts it.
# A key never holds more values than the threshold.
global port_scan_detected_recent: table[addr, addr] of set[port] &create_expire=port_scan_detected_window;

# No look at all the keys before that, as the last one has found little to forget.
global port_scan_detected_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function port_scan_detected_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in port_scan_detected_recent )
		{
		if ( |followed| < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete port_scan_detected_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function port_scan_detected_room(now: time): bool
	{
	port_scan_detected_refuse(now);

	if ( now >= port_scan_detected_crowded )
		{
		local least = 2;
		while ( |port_scan_detected_recent| > port_scan_detected_keys / 2 && least <= port_scan_detected_threshold )
			{
			port_scan_detected_forget(now, least);
			least = least * 2;
			}

		if ( |port_scan_detected_recent| > port_scan_detected_keys / 2 )
			port_scan_detected_crowded = now + 1min;
		}

	return |port_scan_detected_recent| < port_scan_detected_keys;
	}

event Scanning::port_scan_detected_seen(key0: addr, key1: addr, value: port)
	{
	local now = network_time();

	if ( [key0, key1] !in port_scan_detected_recent && |port_scan_detected_recent| >= port_scan_detected_keys &&
	     ! port_scan_detected_room(now) )
		return;

	if ( [key0, key1] !in port_scan_detected_recent )
		port_scan_detected_recent[key0, key1] = set();
	add port_scan_detected_recent[key0, key1][value];

	local n = |port_scan_detected_recent[key0, key1]|;
	if ( n < port_scan_detected_threshold )
		return;

	# The next event of this key starts from nothing.
	delete port_scan_detected_recent[key0, key1];

	local hit = Notice::Info($note=Port_Scan_Detected,
	                         $src=key0,
	                         $msg=cat(key0, " scanned ", n, " ports on ", key1),
	                         $identifier=fmt("%s %s", key0, key1),
	                         $suppress_for=port_scan_detected_suppress);

	# A hit that stays quiet as a notice leaves no row either.
	if ( Notice::is_being_suppressed(hit) )
		return;

	Log::write(Scanning::Port_Scan_Detected_LOG, Port_Scan_Detected_Info($ts=now, $src=key0, $dst=key1, $port_count=n));
	NOTICE(hit);
	}

event zeek_init() &priority=5
	{
	Log::create_stream(Scanning::Port_Scan_Detected_LOG, [$columns=Port_Scan_Detected_Info, $path="port_scan"]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event new_connection(c: connection)
	{
	# The record is from before the packet was analysed: this fills in what the
	# packet has added to the history.
	if ( connection_exists(c$id) )
		lookup_connection(c$id);

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook port_scan_detected_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Scanning::port_scan_detected_seen, key0, key1, value) )
		event Scanning::port_scan_detected_seen(key0, key1, value);
@else
	event Scanning::port_scan_detected_seen(key0, key1, value);
@endif
	}
