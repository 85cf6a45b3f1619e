##! Zeek: FIN scan, by packets
##!
##! Counts different c$id$resp_p per c$id$orig_h at tcp_packet.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/conn
@load base/utils/site

module Packets;

export {
	redef enum Notice::Type += {
		## Zeek: FIN scan, by packets
		Fin_Packets,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Fin_Packets_Capacity
	};

	## Different values of one key that make a hit; at least 1.
	option fin_packets_threshold: count = 5;

	## How far back they count: any stretch of this length.
	option fin_packets_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option fin_packets_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option fin_packets_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global fin_packets_exempt: hook(c: connection, is_orig: bool, flags: string, seq: count, ack: count, len: count, payload: string);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global fin_packets_seen: event(key: addr, value: port);
}

# Whether the full table has been told of, and when.
global fin_packets_refused = F;
global fin_packets_since: time;

function fin_packets_refuse(now: time)
	{
	if ( fin_packets_refused && now - fin_packets_since < fin_packets_window )
		return;

	fin_packets_refused = T;
	fin_packets_since = now;
	NOTICE([$note=Fin_Packets_Capacity,
	        $msg=fmt("Fin_Packets follows %d keys, as many as it may: those with the least are forgotten", fin_packets_keys),
	        $suppress_for=0sec]);
	}

# When each value was last seen, per key: exact whatever the table's ticks do.
# A key never holds more values than the threshold. The expiry only collects
# what has aged out; a second longer than the window, because Zeek cuts the
# stamp of an entry to whole seconds.
global fin_packets_recent: table[addr] of table[port] of time &write_expire=fin_packets_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global fin_packets_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function fin_packets_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in fin_packets_recent )
		{
		local n = 0;
		for ( v in followed )
			if ( now - followed[v] < fin_packets_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete fin_packets_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function fin_packets_room(now: time): bool
	{
	fin_packets_refuse(now);

	if ( now >= fin_packets_crowded )
		{
		local least = 2;
		while ( |fin_packets_recent| > fin_packets_keys / 2 && least <= fin_packets_threshold )
			{
			fin_packets_forget(now, least);
			least = least * 2;
			}

		if ( |fin_packets_recent| > fin_packets_keys / 2 )
			fin_packets_crowded = now + 1min;
		}

	return |fin_packets_recent| < fin_packets_keys;
	}

event Packets::fin_packets_seen(key: addr, value: port)
	{
	local now = network_time();

	if ( key !in fin_packets_recent && |fin_packets_recent| >= fin_packets_keys &&
	     ! fin_packets_room(now) )
		return;

	local seen: table[port] of time;
	if ( key in fin_packets_recent )
		seen = fin_packets_recent[key];
	seen[value] = now;

	# Only when there seem to be enough: leave out what is too old.
	if ( |seen| >= fin_packets_threshold )
		{
		local fresh: table[port] of time;
		for ( v, t in seen )
			if ( now - t < fin_packets_window )
				fresh[v] = t;
		seen = fresh;
		}

	local n = |seen|;
	if ( n < fin_packets_threshold )
		{
		# A write, which is what restarts the expiry.
		fin_packets_recent[key] = seen;
		return;
		}

	# The next event of this key starts from nothing.
	delete fin_packets_recent[key];

	NOTICE([$note=Fin_Packets,
	        $src=key,
	        $msg=cat(key, " sent packets with FIN and no other flag to ", n, " ports"),
	        $identifier=cat(key),
	        $suppress_for=fin_packets_suppress]);
	}

# For every TCP packet that Zeek sees: dear on a busy link.
event tcp_packet(c: connection, is_orig: bool, flags: string, seq: count, ack: count, len: count, payload: string)
	{
	if ( ! ( is_orig && flags == "F" && c$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( c?$history && /\^/ in c$history )
		return;

	if ( ! hook fin_packets_exempt(c, is_orig, flags, seq, ack, len, payload) )
		return;

	local key: addr = c$id$orig_h;
	local value: port = c$id$resp_p;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Packets::fin_packets_seen, key, value) )
		event Packets::fin_packets_seen(key, value);
@else
	event Packets::fin_packets_seen(key, value);
@endif
	}
