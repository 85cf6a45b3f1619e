##! Zeek: port scan of any kind
##!
##! Counts different c$id$resp_p per c$id$orig_h, c$id$resp_h at new_connection.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: port scan of any kind
		Any_State_Scan,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Any_State_Scan_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option any_state_scan_threshold: count = 20;

	## How far back they count: any stretch of this length.
	option any_state_scan_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option any_state_scan_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option any_state_scan_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global any_state_scan_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global any_state_scan_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global any_state_scan_seen: event(key0: addr, key1: addr, value: port);
}

# Whether the full table has been told of, and when.
global any_state_scan_refused = F;
global any_state_scan_since: time;

function any_state_scan_refuse(now: time)
	{
	if ( any_state_scan_refused && now - any_state_scan_since < any_state_scan_window )
		return;

	any_state_scan_refused = T;
	any_state_scan_since = now;
	NOTICE([$note=Any_State_Scan_Capacity,
	        $msg=fmt("Any_State_Scan follows %d keys, as many as it may: those with the least are forgotten", any_state_scan_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global any_state_scan_recent: table[addr, addr] of table[port] of time &write_expire=any_state_scan_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global any_state_scan_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function any_state_scan_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in any_state_scan_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < any_state_scan_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete any_state_scan_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function any_state_scan_room(now: time): bool
	{
	any_state_scan_refuse(now);

	if ( now >= any_state_scan_crowded )
		{
		local least = 2;
		while ( |any_state_scan_recent| > any_state_scan_keys / 2 && least <= any_state_scan_threshold )
			{
			any_state_scan_forget(now, least);
			least = least * 2;
			}

		if ( |any_state_scan_recent| > any_state_scan_keys / 2 )
			any_state_scan_crowded = now + 1min;
		}

	return |any_state_scan_recent| < any_state_scan_keys;
	}

event Catalogue::any_state_scan_seen(key0: addr, key1: addr, value: port)
	{
	local now = network_time();

	if ( [key0, key1] !in any_state_scan_recent && |any_state_scan_recent| >= any_state_scan_keys &&
	     ! any_state_scan_room(now) )
		return;

	local seen: table[port] of time;
	if ( [key0, key1] in any_state_scan_recent )
		seen = any_state_scan_recent[key0, key1];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= any_state_scan_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < any_state_scan_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < any_state_scan_threshold )
		{
		# A write, which is what restarts the expiry.
		any_state_scan_recent[key0, key1] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete any_state_scan_recent[key0, key1];

	NOTICE([$note=Any_State_Scan,
	        $src=key0,
	        $msg=cat(key0, " probed ", n, " ports of ", key1),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=any_state_scan_suppress]);
	}

function any_state_scan_counts(c: connection): bool
	{
	return ((is_tcp_port(c$id$resp_p) && (/[SQI].*/ == c$history || ((/[FA].*/ == c$history || c$history == "") && port_to_count(c$id$resp_p) < port_to_count(c$id$orig_p) && port_to_count(c$id$resp_p) < 32768))) || (is_udp_port(c$id$resp_p) && c$history == "D" && port_to_count(c$id$orig_p) >= 1024 && port_to_count(c$id$resp_p) < port_to_count(c$id$orig_p) && port_to_count(c$id$resp_p) < 32768 && (port_to_count(c$id$resp_p) < 33434 || port_to_count(c$id$resp_p) > 33534))) && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event new_connection(c: connection)
	{
	# The record is from before the packet was analysed: this fills in what the
	# packet has added to the history.
	if ( connection_exists(c$id) )
		lookup_connection(c$id);

	if ( ! any_state_scan_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook any_state_scan_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Catalogue::any_state_scan_seen, key0, key1, value) )
		event Catalogue::any_state_scan_seen(key0, key1, value);
@else
	event Catalogue::any_state_scan_seen(key0, key1, value);
@endif
	}
