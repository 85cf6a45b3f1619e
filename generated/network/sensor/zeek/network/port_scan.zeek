##! Zeek: 5 TCP ports that do not answer
##!
##! Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Network;

export {
	redef enum Notice::Type += {
		## Zeek: 5 TCP ports that do not answer
		Port_Scan,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Port_Scan_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option port_scan_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option port_scan_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option port_scan_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option port_scan_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global port_scan_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global port_scan_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global port_scan_refused = F;
global port_scan_since: time;

function port_scan_refuse(now: time)
	{
	if ( port_scan_refused && now - port_scan_since < port_scan_window )
		return;

	port_scan_refused = T;
	port_scan_since = now;
	NOTICE([$note=Port_Scan_Capacity,
	        $msg=fmt("Port_Scan follows %d keys, as many as it may: those with the least are forgotten", port_scan_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global port_scan_recent: table[addr] of table[port] of time &write_expire=port_scan_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global port_scan_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function port_scan_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in port_scan_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < port_scan_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete port_scan_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function port_scan_room(now: time): bool
	{
	port_scan_refuse(now);

	if ( now >= port_scan_crowded )
		{
		local least = 2;
		while ( |port_scan_recent| > port_scan_keys / 2 && least <= port_scan_threshold )
			{
			port_scan_forget(now, least);
			least = least * 2;
			}

		if ( |port_scan_recent| > port_scan_keys / 2 )
			port_scan_crowded = now + 1min;
		}

	return |port_scan_recent| < port_scan_keys;
	}

event Network::port_scan_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in port_scan_recent && |port_scan_recent| >= port_scan_keys &&
	     ! port_scan_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in port_scan_recent )
		seen = port_scan_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= port_scan_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < port_scan_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < port_scan_threshold )
		{
		# A write, which is what restarts the expiry.
		port_scan_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete port_scan_recent[key];

	NOTICE([$note=Port_Scan,
	        $src=key,
	        $msg=cat(key, " tried ", n, " ports that do not answer within a minute"),
	        $identifier=cat(key),
	        $suppress_for=port_scan_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( c?$conn && c$conn?$conn_state && c$conn$conn_state == "S0" && get_port_transport_proto(c$id$resp_p) == tcp && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook port_scan_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Network::port_scan_seen, key, value) )
		event Network::port_scan_seen(key, value);
@else
	event Network::port_scan_seen(key, value);
@endif
	}
