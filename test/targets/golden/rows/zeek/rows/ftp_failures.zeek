##! Zeek: stealth scan (5 ports in state S0)
##!
##! Counts events per rec$id$orig_h at FTP::log_ftp.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/ftp
@load base/utils/site
@load ./zopf-turned

# Zeek leaves these commands out of ftp.log; what is counted below are their rows.
redef FTP::logged_commands += {
	"PASS"
};

module Rows;

export {
	redef enum Notice::Type += {
		## Zeek: stealth scan (5 ports in state S0)
		Ftp_Failures,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Ftp_Failures_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option ftp_failures_threshold: count = 3;

	## How far back they count: any stretch of this length.
	option ftp_failures_window: interval = 1min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option ftp_failures_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option ftp_failures_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global ftp_failures_exempt: hook(rec: FTP::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global ftp_failures_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global ftp_failures_refused = F;
global ftp_failures_since: time;

function ftp_failures_refuse(now: time)
	{
	if ( ftp_failures_refused && now - ftp_failures_since < ftp_failures_window )
		return;

	ftp_failures_refused = T;
	ftp_failures_since = now;
	NOTICE([$note=Ftp_Failures_Capacity,
	        $msg=fmt("Ftp_Failures follows %d keys, as many as it may: those with the least are forgotten", ftp_failures_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global ftp_failures_recent: table[addr] of vector of time &write_expire=ftp_failures_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global ftp_failures_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function ftp_failures_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in ftp_failures_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < ftp_failures_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete ftp_failures_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function ftp_failures_room(now: time): bool
	{
	ftp_failures_refuse(now);

	if ( now >= ftp_failures_crowded )
		{
		local least = 2;
		while ( |ftp_failures_recent| > ftp_failures_keys / 2 && least <= ftp_failures_threshold )
			{
			ftp_failures_forget(now, least);
			least = least * 2;
			}

		if ( |ftp_failures_recent| > ftp_failures_keys / 2 )
			ftp_failures_crowded = now + 1min;
		}

	return |ftp_failures_recent| < ftp_failures_keys;
	}

event Rows::ftp_failures_seen(key: addr)
	{
	local now = network_time();

	if ( key !in ftp_failures_recent && |ftp_failures_recent| >= ftp_failures_keys &&
	     ! ftp_failures_room(now) )
		return;

	local times: vector of time;
	if ( key in ftp_failures_recent )
		times = ftp_failures_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = ftp_failures_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= ftp_failures_window )
		{
		# A write, which is what restarts the expiry.
		ftp_failures_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete ftp_failures_recent[key];

	NOTICE([$note=Ftp_Failures,
	        $src=key,
	        $msg=cat(key, " failed ", n, " times"),
	        $identifier=cat(key),
	        $suppress_for=ftp_failures_suppress]);
	}

# As a row of ftp.log is written.
event FTP::log_ftp(rec: FTP::Info)
	{
	if ( ! ( rec?$command && rec$command == "PASS" && rec?$reply_code && rec$reply_code == 530 ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook ftp_failures_exempt(rec) )
		return;

	local key: addr = rec$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Rows::ftp_failures_seen, key) )
		event Rows::ftp_failures_seen(key);
@else
	event Rows::ftp_failures_seen(key);
@endif
	}
