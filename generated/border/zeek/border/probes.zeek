##! Zeek: ports that do not answer
##!
##! Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Border;

export {
	redef enum Notice::Type += {
		## Zeek: ports that do not answer
		Probes,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Probes_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option probes_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option probes_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option probes_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option probes_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global probes_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global probes_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global probes_refused = F;
global probes_since: time;

function probes_refuse(now: time)
	{
	if ( probes_refused && now - probes_since < probes_window )
		return;

	probes_refused = T;
	probes_since = now;
	NOTICE([$note=Probes_Capacity,
	        $msg=fmt("Probes follows %d keys, as many as it may: those with the least are forgotten", probes_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global probes_recent: table[addr] of table[port] of time &write_expire=probes_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global probes_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function probes_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in probes_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < probes_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete probes_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function probes_room(now: time): bool
	{
	probes_refuse(now);

	if ( now >= probes_crowded )
		{
		local least = 2;
		while ( |probes_recent| > probes_keys / 2 && least <= probes_threshold )
			{
			probes_forget(now, least);
			least = least * 2;
			}

		if ( |probes_recent| > probes_keys / 2 )
			probes_crowded = now + 1min;
		}

	return |probes_recent| < probes_keys;
	}

event Border::probes_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in probes_recent && |probes_recent| >= probes_keys &&
	     ! probes_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in probes_recent )
		seen = probes_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= probes_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < probes_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < probes_threshold )
		{
		# A write, which is what restarts the expiry.
		probes_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete probes_recent[key];

	NOTICE([$note=Probes,
	        $src=key,
	        $msg=cat(key, " tried ", n, " ports that do not answer"),
	        $identifier=cat(key),
	        $suppress_for=probes_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( c?$conn && c$conn?$conn_state && c$conn$conn_state == "S0" && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook probes_exempt(c) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Border::probes_seen, key, value) )
		event Border::probes_seen(key, value);
@else
	event Border::probes_seen(key, value);
@endif
	}
