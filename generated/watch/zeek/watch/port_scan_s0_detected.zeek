##! Zeek: half-open scan (ports in state S0)
##!
##! Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Watch;

export {
	redef enum Notice::Type += {
		## Zeek: half-open scan (ports in state S0)
		Port_Scan_S0_Detected,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Port_Scan_S0_Detected_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option port_scan_s0_detected_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option port_scan_s0_detected_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option port_scan_s0_detected_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option port_scan_s0_detected_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global port_scan_s0_detected_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global port_scan_s0_detected_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global port_scan_s0_detected_refused = F;
global port_scan_s0_detected_since: time;

function port_scan_s0_detected_refuse(now: time)
	{
	if ( port_scan_s0_detected_refused && now - port_scan_s0_detected_since < port_scan_s0_detected_window )
		return;

	port_scan_s0_detected_refused = T;
	port_scan_s0_detected_since = now;
	NOTICE([$note=Port_Scan_S0_Detected_Capacity,
	        $msg=fmt("Port_Scan_S0_Detected follows %d keys, as many as it may: those with the least are forgotten", port_scan_s0_detected_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global port_scan_s0_detected_recent: table[addr] of table[port] of time &write_expire=port_scan_s0_detected_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global port_scan_s0_detected_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function port_scan_s0_detected_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in port_scan_s0_detected_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < port_scan_s0_detected_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete port_scan_s0_detected_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function port_scan_s0_detected_room(now: time): bool
	{
	port_scan_s0_detected_refuse(now);

	if ( now >= port_scan_s0_detected_crowded )
		{
		local least = 2;
		while ( |port_scan_s0_detected_recent| > port_scan_s0_detected_keys / 2 && least <= port_scan_s0_detected_threshold )
			{
			port_scan_s0_detected_forget(now, least);
			least = least * 2;
			}

		if ( |port_scan_s0_detected_recent| > port_scan_s0_detected_keys / 2 )
			port_scan_s0_detected_crowded = now + 1min;
		}

	return |port_scan_s0_detected_recent| < port_scan_s0_detected_keys;
	}

event Watch::port_scan_s0_detected_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in port_scan_s0_detected_recent && |port_scan_s0_detected_recent| >= port_scan_s0_detected_keys &&
	     ! port_scan_s0_detected_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in port_scan_s0_detected_recent )
		seen = port_scan_s0_detected_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= port_scan_s0_detected_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < port_scan_s0_detected_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < port_scan_s0_detected_threshold )
		{
		# A write, which is what restarts the expiry.
		port_scan_s0_detected_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete port_scan_s0_detected_recent[key];

	NOTICE([$note=Port_Scan_S0_Detected,
	        $src=key,
	        $msg=cat(key, " sent SYNs to ", n, " ports without an answer"),
	        $identifier=cat(key),
	        $suppress_for=port_scan_s0_detected_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( is_tcp_port(c$id$resp_p) && /S[STCWRD]*/ == c$history && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook port_scan_s0_detected_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Watch::port_scan_s0_detected_seen, key, value) )
		event Watch::port_scan_s0_detected_seen(key, value);
@else
	event Watch::port_scan_s0_detected_seen(key, value);
@endif
	}
