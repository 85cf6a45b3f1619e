# Made by zopf. Run by: zkg test, or btest -c btest.cfg in the folder tests.
#
# Whether Icmp_Sweep counts and tells: its own event, with invented
# values. Its condition first: an event that counts, and the same with one field
# changed.
#
# @TEST-EXEC: zeek "$PACKAGE" %INPUT >output
# @TEST-EXEC: btest-diff output

global told: event(what: string);

event told(what: string)
	{
	print what;
	}

hook Notice::policy(n: Notice::Info)
	{
	if ( n$note != Catalogue::Icmp_Sweep )
		return;

	print fmt("%s %s %s", n$note, n$src, n$msg);
	}

# What is queued here runs in this order, at one moment of network time.
event zeek_init() &priority=-10
	{
	local event0: connection;
	local event0_id: conn_id;
	event0_id$orig_p = 8/icmp;
	event0_id$orig_h = 66.132.172.191;
	event0$id = event0_id;
	print fmt("%s: %s", "an event that counts", Catalogue::icmp_sweep_counts(event0));
	local event1: connection;
	local event1_id: conn_id;
	event1_id$orig_p = 80/tcp;
	event1_id$orig_h = 66.132.172.191;
	event1$id = event1_id;
	print fmt("%s: %s", "another id$orig_p", Catalogue::icmp_sweep_counts(event1));
	local event2: connection;
	local event2_id: conn_id;
	event2_id$orig_p = 8/icmp;
	event2_id$orig_h = 192.0.2.1;
	event2$id = event2_id;
	print fmt("%s: %s", "another id$orig_h", Catalogue::icmp_sweep_counts(event2));

	local i = 0;

	while ( i < 24 )
		{
		i += 1;
		event Catalogue::icmp_sweep_seen(192.0.2.1, count_to_v4_addr(167772160 + i));
		}

	event told("below the threshold");

	i += 1;
	event Catalogue::icmp_sweep_seen(192.0.2.1, count_to_v4_addr(167772160 + i));
	event told("at the threshold");

	i = 0;
	while ( i < 24 )
		{
		i += 1;
		event Catalogue::icmp_sweep_seen(192.0.2.2, count_to_v4_addr(167772160 + i));
		}

	event told("another key");
	}
