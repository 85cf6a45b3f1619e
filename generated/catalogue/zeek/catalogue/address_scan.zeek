##! Zeek: address scan (one port, many hosts)
##!
##! Counts different c$id$resp_h per c$id$orig_h, c$id$resp_p at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Catalogue;

export {
	redef enum Notice::Type += {
		## Zeek: address scan (one port, many hosts)
		Address_Scan,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Address_Scan_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option address_scan_threshold: count = 25;

	## How far back they count: any stretch of this length.
	option address_scan_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option address_scan_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option address_scan_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global address_scan_exempt: hook(c: connection);

	## Whether an event counts: the condition, which the package's tests ask too.
	global address_scan_counts: function(c: connection): bool;

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global address_scan_seen: event(key0: addr, key1: port, value: addr);
}

# Whether the full table has been told of, and when.
global address_scan_refused = F;
global address_scan_since: time;

function address_scan_refuse(now: time)
	{
	if ( address_scan_refused && now - address_scan_since < address_scan_window )
		return;

	address_scan_refused = T;
	address_scan_since = now;
	NOTICE([$note=Address_Scan_Capacity,
	        $msg=fmt("Address_Scan follows %d keys, as many as it may: those with the least are forgotten", address_scan_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global address_scan_recent: table[addr, port] of table[addr] of time &write_expire=address_scan_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global address_scan_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function address_scan_forget(now: time, least: count)
	{
	local few: set[addr, port];

	for ( [key0, key1], followed in address_scan_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < address_scan_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete address_scan_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function address_scan_room(now: time): bool
	{
	address_scan_refuse(now);

	if ( now >= address_scan_crowded )
		{
		local least = 2;
		while ( |address_scan_recent| > address_scan_keys / 2 && least <= address_scan_threshold )
			{
			address_scan_forget(now, least);
			least = least * 2;
			}

		if ( |address_scan_recent| > address_scan_keys / 2 )
			address_scan_crowded = now + 1min;
		}

	return |address_scan_recent| < address_scan_keys;
	}

event Catalogue::address_scan_seen(key0: addr, key1: port, value: addr)
	{
	local now = network_time();

	if ( [key0, key1] !in address_scan_recent && |address_scan_recent| >= address_scan_keys &&
	     ! address_scan_room(now) )
		return;

	local seen: table[addr] of time;
	if ( [key0, key1] in address_scan_recent )
		seen = address_scan_recent[key0, key1];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= address_scan_threshold )
		{
		local fresh: table[addr] of time;
		for ( v, t in seen )
			if ( now - t < address_scan_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < address_scan_threshold )
		{
		# A write, which is what restarts the expiry.
		address_scan_recent[key0, key1] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete address_scan_recent[key0, key1];

	NOTICE([$note=Address_Scan,
	        $src=key0,
	        $msg=cat(key0, " probed one port of ", n, " hosts"),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=address_scan_suppress]);
	}

function address_scan_counts(c: connection): bool
	{
	return is_tcp_port(c$id$resp_p) && /S([STCWRD]*(r[SRDTCWrtcw]*|h[STCWhtcw]*R[A-Za-z]*)?|[STCWD]*R[STCWRD]*h[A-Za-z]*)/ == c$history && c$id$orig_h !in Site::local_nets;
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! address_scan_counts(c) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook address_scan_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: port = c$id$resp_p;
	local value: addr = c$id$resp_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Catalogue::address_scan_seen, key0, key1, value) )
		event Catalogue::address_scan_seen(key0, key1, value);
@else
	event Catalogue::address_scan_seen(key0, key1, value);
@endif
	}
