##! Zeek: SSH connections, one after the other
##!
##! Counts events per c$id$orig_h, c$id$resp_h at connection_state_remove.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: SSH connections, one after the other
		Ssh_Hammering,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Ssh_Hammering_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option ssh_hammering_threshold: count = 30;

	## How far back they count: any stretch of this length.
	option ssh_hammering_window: interval = 5min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option ssh_hammering_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option ssh_hammering_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global ssh_hammering_exempt: hook(c: connection);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global ssh_hammering_seen: event(key0: addr, key1: addr);
}

# Whether the full table has been told of, and when.
global ssh_hammering_refused = F;
global ssh_hammering_since: time;

function ssh_hammering_refuse(now: time)
	{
	if ( ssh_hammering_refused && now - ssh_hammering_since < ssh_hammering_window )
		return;

	ssh_hammering_refused = T;
	ssh_hammering_since = now;
	NOTICE([$note=Ssh_Hammering_Capacity,
	        $msg=fmt("Ssh_Hammering follows %d keys, as many as it may: those with the least are forgotten", ssh_hammering_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global ssh_hammering_recent: table[addr, addr] of vector of time &write_expire=ssh_hammering_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global ssh_hammering_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function ssh_hammering_forget(now: time, least: count)
	{
	local few: set[addr, addr];

	for ( [key0, key1], followed in ssh_hammering_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < ssh_hammering_window )
				n += 1;
		if ( n < least )
			add few[key0, key1];
		}

	for ( [key0, key1] in few )
		delete ssh_hammering_recent[key0, key1];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function ssh_hammering_room(now: time): bool
	{
	ssh_hammering_refuse(now);

	if ( now >= ssh_hammering_crowded )
		{
		local least = 2;
		while ( |ssh_hammering_recent| > ssh_hammering_keys / 2 && least <= ssh_hammering_threshold )
			{
			ssh_hammering_forget(now, least);
			least = least * 2;
			}

		if ( |ssh_hammering_recent| > ssh_hammering_keys / 2 )
			ssh_hammering_crowded = now + 1min;
		}

	return |ssh_hammering_recent| < ssh_hammering_keys;
	}

event Services::ssh_hammering_seen(key0: addr, key1: addr)
	{
	local now = network_time();

	if ( [key0, key1] !in ssh_hammering_recent && |ssh_hammering_recent| >= ssh_hammering_keys &&
	     ! ssh_hammering_room(now) )
		return;

	local times: vector of time;
	if ( [key0, key1] in ssh_hammering_recent )
		times = ssh_hammering_recent[key0, key1];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = ssh_hammering_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= ssh_hammering_window )
		{
		# A write, which is what restarts the expiry.
		ssh_hammering_recent[key0, key1] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete ssh_hammering_recent[key0, key1];

	NOTICE([$note=Ssh_Hammering,
	        $src=key0,
	        $msg=cat(key0, " connected ", n, " times to SSH at ", key1),
	        $identifier=fmt("%s %s", key0, key1),
	        $suppress_for=ssh_hammering_suppress]);
	}

# Priority 0: conn_state is set at 5, conn.log is written at -5.
event connection_state_remove(c: connection)
	{
	if ( ! ( c$id$resp_p == 22/tcp && /S.*h.*(D.*d|d.*D).*/ == c$history && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook ssh_hammering_exempt(c) )
		return;

	local key0: addr = c$id$orig_h;
	local key1: addr = c$id$resp_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key0, key1), Services::ssh_hammering_seen, key0, key1) )
		event Services::ssh_hammering_seen(key0, key1);
@else
	event Services::ssh_hammering_seen(key0, key1);
@endif
	}
