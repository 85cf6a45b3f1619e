##! Zeek: closed ports
##!
##! Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Border;

export {
	redef enum Notice::Type += {
		## Zeek: closed ports
		Closed_Ports,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Closed_Ports_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option closed_ports_threshold: count = 10;

	## How far back they count: any stretch of this length.
	option closed_ports_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option closed_ports_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option closed_ports_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global closed_ports_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global closed_ports_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global closed_ports_refused = F;
global closed_ports_since: time;

function closed_ports_refuse(now: time)
	{
	if ( closed_ports_refused && now - closed_ports_since < closed_ports_window )
		return;

	closed_ports_refused = T;
	closed_ports_since = now;
	NOTICE([$note=Closed_Ports_Capacity,
	        $msg=fmt("Closed_Ports follows %d keys, as many as it may: those with the least are forgotten", closed_ports_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global closed_ports_recent: table[addr] of table[port] of time &write_expire=closed_ports_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global closed_ports_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function closed_ports_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in closed_ports_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < closed_ports_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete closed_ports_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function closed_ports_room(now: time): bool
	{
	closed_ports_refuse(now);

	if ( now >= closed_ports_crowded )
		{
		local least = 2;
		while ( |closed_ports_recent| > closed_ports_keys / 2 && least <= closed_ports_threshold )
			{
			closed_ports_forget(now, least);
			least = least * 2;
			}

		if ( |closed_ports_recent| > closed_ports_keys / 2 )
			closed_ports_crowded = now + 1min;
		}

	return |closed_ports_recent| < closed_ports_keys;
	}

event Border::closed_ports_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in closed_ports_recent && |closed_ports_recent| >= closed_ports_keys &&
	     ! closed_ports_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in closed_ports_recent )
		seen = closed_ports_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= closed_ports_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < closed_ports_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < closed_ports_threshold )
		{
		# A write, which is what restarts the expiry.
		closed_ports_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete closed_ports_recent[key];

	NOTICE([$note=Closed_Ports,
	        $src=key,
	        $msg=cat(key, " was refused on ", n, " ports"),
	        $identifier=cat(key),
	        $suppress_for=closed_ports_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( is_tcp_port(c$id$resp_p) && /S[STCWRD]*r[SRDTCWrtcw]*/ == c$history && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook closed_ports_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Border::closed_ports_seen, key, value) )
		event Border::closed_ports_seen(key, value);
@else
	event Border::closed_ports_seen(key, value);
@endif
	}
