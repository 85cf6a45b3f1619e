# Made by zopf. Run by: zkg test, or btest -c btest.cfg in the folder tests.
#
# Whether Ping_Flood counts and tells: its own event, with invented
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
	if ( n$note != Catalogue::Ping_Flood )
		return;

	print fmt("%s %s %s", n$note, n$src, n$msg);
	}

# What is queued here runs in this order, at one moment of network time.
event zeek_init() &priority=-10
	{
	local event0: connection;
	local event0_id: conn_id;
	event0_id$orig_p = 128/icmp;
	event0_id$orig_h = [2606:4700::1111];
	event0$id = event0_id;
	local event0_orig: endpoint;
	event0_orig$num_pkts = 2;
	event0$orig = event0_orig;
	event0$duration = 0sec;
	print fmt("%s: %s", "an event that counts", Catalogue::ping_flood_counts(event0));
	local event1: connection;
	local event1_id: conn_id;
	event1_id$orig_p = 80/tcp;
	event1_id$orig_h = [2606:4700::1111];
	event1$id = event1_id;
	local event1_orig: endpoint;
	event1_orig$num_pkts = 2;
	event1$orig = event1_orig;
	event1$duration = 0sec;
	print fmt("%s: %s", "another id$orig_p", Catalogue::ping_flood_counts(event1));
	local event2: connection;
	local event2_id: conn_id;
	event2_id$orig_p = 128/icmp;
	event2_id$orig_h = [2606:4700::1111];
	event2$id = event2_id;
	local event2_orig: endpoint;
	event2_orig$num_pkts = 0;
	event2$orig = event2_orig;
	event2$duration = 0sec;
	print fmt("%s: %s", "another orig$num_pkts", Catalogue::ping_flood_counts(event2));
	local event3: connection;
	local event3_id: conn_id;
	event3_id$orig_p = 128/icmp;
	event3_id$orig_h = [2606:4700::1111];
	event3$id = event3_id;
	local event3_orig: endpoint;
	event3_orig$num_pkts = 2;
	event3$orig = event3_orig;
	event3$duration = 1sec;
	print fmt("%s: %s", "another duration", Catalogue::ping_flood_counts(event3));
	local event4: connection;
	local event4_id: conn_id;
	event4_id$orig_p = 128/icmp;
	event4_id$orig_h = 192.0.2.1;
	event4$id = event4_id;
	local event4_orig: endpoint;
	event4_orig$num_pkts = 2;
	event4$orig = event4_orig;
	event4$duration = 0sec;
	print fmt("%s: %s", "another id$orig_h", Catalogue::ping_flood_counts(event4));

	local i = 0;

	while ( i < 1 )
		{
		i += 1;
		event Catalogue::ping_flood_seen(192.0.2.1, 192.0.2.1, 99);
		}

	event told("below the threshold");

	i += 1;
	event Catalogue::ping_flood_seen(192.0.2.1, 192.0.2.1, 1);
	event told("at the threshold");

	i = 0;
	while ( i < 1 )
		{
		i += 1;
		event Catalogue::ping_flood_seen(192.0.2.2, 192.0.2.2, 99);
		}

	event told("another key");
	}
