##! Zeek: FTP password guessing
##!
##! Counts events per rec$id$orig_h at FTP::log_ftp.

@load base/frameworks/cluster
@load base/frameworks/notice
@load base/protocols/ftp
@load base/utils/site
@load ./zopf-turned

# Zeek leaves these commands out of ftp.log; what is counted below are their rows.
redef FTP::logged_commands += {
	"PASS",
	"USER"
};

module Services;

export {
	redef enum Notice::Type += {
		## Zeek: FTP password guessing
		Ftp_Guessing,
		## As many keys are followed as may be, so that a flood of invented
		## ones costs bounded memory: new ones are not counted until others
		## expire. Told at most once per window.
		Ftp_Guessing_Capacity
	};

	## Events of one key that make a hit; at least 1.
	option ftp_guessing_threshold: count = 20;

	## How far back they count: any stretch of this length.
	option ftp_guessing_window: interval = 15min;

	## How long the same key stays quiet after a notice; 0sec for never.
	## Zeek ends it at the first look at its tables after that: up to 10
	## seconds later.
	option ftp_guessing_suppress: interval = 5min;

	## Keys that are followed at the same time, on a cluster by each proxy.
	option ftp_guessing_keys: count = 100000;

	## Break out of this hook to exempt an event from being counted.
	global ftp_guessing_exempt: hook(rec: FTP::Info);

	## Something to count. On a cluster one of these travels to the node that
	## owns the key for each event that counts.
	global ftp_guessing_seen: event(key: addr);
}

# Whether the full table has been told of, and when.
global ftp_guessing_refused = F;
global ftp_guessing_since: time;

function ftp_guessing_refuse(now: time)
	{
	if ( ftp_guessing_refused && now - ftp_guessing_since < ftp_guessing_window )
		return;

	ftp_guessing_refused = T;
	ftp_guessing_since = now;
	NOTICE([$note=Ftp_Guessing_Capacity,
	        $msg=fmt("Ftp_Guessing follows %d keys, as many as it may: those with the least are forgotten", ftp_guessing_keys),
	        $suppress_for=0sec]);
	}

# The moments of the last events, per key: exact whatever the table's ticks do.
# A key never holds more than twice the threshold. The expiry only collects what
# has aged out; a second longer than the window, because Zeek cuts the stamp of
# an entry to whole seconds.
global ftp_guessing_recent: table[addr] of vector of time &write_expire=ftp_guessing_window + 1sec;

# No look at all the keys before that, as the last one has found little to forget.
global ftp_guessing_crowded: time = double_to_time(0.0);

# Forgets the keys that have less than that.
function ftp_guessing_forget(now: time, least: count)
	{
	local few: set[addr];

	for ( key, followed in ftp_guessing_recent )
		{
		local n = 0;
		for ( i in followed )
			if ( now - followed[i] < ftp_guessing_window )
				n += 1;
		if ( n < least )
			add few[key];
		}

	for ( key in few )
		delete ftp_guessing_recent[key];
	}

# Makes room among as many keys as may be followed: those with the least go, so
# that a flood of invented ones silences nobody for a whole window. F: too many
# have come too far.
function ftp_guessing_room(now: time): bool
	{
	ftp_guessing_refuse(now);

	if ( now >= ftp_guessing_crowded )
		{
		local least = 2;
		while ( |ftp_guessing_recent| > ftp_guessing_keys / 2 && least <= ftp_guessing_threshold )
			{
			ftp_guessing_forget(now, least);
			least = least * 2;
			}

		if ( |ftp_guessing_recent| > ftp_guessing_keys / 2 )
			ftp_guessing_crowded = now + 1min;
		}

	return |ftp_guessing_recent| < ftp_guessing_keys;
	}

event Services::ftp_guessing_seen(key: addr)
	{
	local now = network_time();

	if ( key !in ftp_guessing_recent && |ftp_guessing_recent| >= ftp_guessing_keys &&
	     ! ftp_guessing_room(now) )
		return;

	local times: vector of time;
	if ( key in ftp_guessing_recent )
		times = ftp_guessing_recent[key];
	times += now;

	# Only the last ones can matter; the others go in bulk.
	local n = ftp_guessing_threshold;
	local size = |times|;
	if ( size > 2 * n )
		{
		times = times[size - n:size];
		size = n;
		}

	# The n-th from the end is too old, or there is none.
	if ( size < n || now - times[size - n] >= ftp_guessing_window )
		{
		# A write, which is what restarts the expiry.
		ftp_guessing_recent[key] = times;
		return;
		}

	# The next event of this key starts from nothing.
	delete ftp_guessing_recent[key];

	NOTICE([$note=Ftp_Guessing,
	        $src=key,
	        $msg=cat(key, " was refused ", n, " FTP logins"),
	        $identifier=cat(key),
	        $suppress_for=ftp_guessing_suppress]);
	}

# As a row of ftp.log is written.
event FTP::log_ftp(rec: FTP::Info)
	{
	if ( ! ( rec?$command && rec$command in set("PASS", "USER") && rec?$reply_code && rec$reply_code >= 500 && rec$reply_code <= 599 && rec$id$orig_h !in Site::local_nets ) )
		return;

	# A probe from a well-known port makes Zeek swap the two ends: what would
	# be counted as the scanner here is its victim.
	if ( is_turned(rec$uid, rec$id) )
		return;

	if ( ! hook ftp_guessing_exempt(rec) )
		return;

	local key: addr = rec$id$orig_h;

@if ( Cluster::is_enabled() )
	# The events of one key reach different workers: one proxy counts them
	# all. Without a proxy every node counts what it sees itself.
	if ( ! Cluster::publish_hrw(Cluster::proxy_pool, cat(key), Services::ftp_guessing_seen, key) )
		event Services::ftp_guessing_seen(key);
@else
	event Services::ftp_guessing_seen(key);
@endif
	}
