# Made by zopf. Run by: zkg test, or btest -c btest.cfg in the folder tests.
#
# Whether Any_State_Scan counts and tells: its own event, with invented
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
	if ( n$note != Catalogue::Any_State_Scan )
		return;

	print fmt("%s %s %s", n$note, n$src, n$msg);
	}

# What is queued here runs in this order, at one moment of network time.
event zeek_init() &priority=-10
	{
	local event0: connection;
	local event0_id: conn_id;
	event0_id$resp_p = 1024/tcp;
	event0_id$orig_p = 33434/tcp;
	event0_id$orig_h = [2606:4700::1111];
	event0$id = event0_id;
	event0$history = "";
	print fmt("%s: %s", "an event that counts", Catalogue::any_state_scan_counts(event0));
	local event1: connection;
	local event1_id: conn_id;
	event1_id$resp_p = 53/udp;
	event1_id$orig_p = 33434/tcp;
	event1_id$orig_h = [2606:4700::1111];
	event1$id = event1_id;
	event1$history = "";
	print fmt("%s: %s", "another id$resp_p", Catalogue::any_state_scan_counts(event1));
	local event2: connection;
	local event2_id: conn_id;
	event2_id$resp_p = 1024/tcp;
	event2_id$orig_p = 33434/tcp;
	event2_id$orig_h = [2606:4700::1111];
	event2$id = event2_id;
	event2$history = "D";
	print fmt("%s: %s", "another history", Catalogue::any_state_scan_counts(event2));
	local event3: connection;
	local event3_id: conn_id;
	event3_id$resp_p = 1024/tcp;
	event3_id$orig_p = 80/tcp;
	event3_id$orig_h = [2606:4700::1111];
	event3$id = event3_id;
	event3$history = "";
	print fmt("%s: %s", "another id$orig_p", Catalogue::any_state_scan_counts(event3));
	local event4: connection;
	local event4_id: conn_id;
	event4_id$resp_p = 1024/tcp;
	event4_id$orig_p = 33434/tcp;
	event4_id$orig_h = 192.0.2.1;
	event4$id = event4_id;
	event4$history = "";
	print fmt("%s: %s", "another id$orig_h", Catalogue::any_state_scan_counts(event4));

	local i = 0;

	while ( i < 19 )
		{
		i += 1;
		event Catalogue::any_state_scan_seen(192.0.2.1, 192.0.2.1, count_to_port(i, tcp));
		}

	event told("below the threshold");

	i += 1;
	event Catalogue::any_state_scan_seen(192.0.2.1, 192.0.2.1, count_to_port(i, tcp));
	event told("at the threshold");

	i = 0;
	while ( i < 19 )
		{
		i += 1;
		event Catalogue::any_state_scan_seen(192.0.2.2, 192.0.2.2, count_to_port(i, tcp));
		}

	event told("another key");
	}
