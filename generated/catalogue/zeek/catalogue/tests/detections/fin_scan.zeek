# Made by zopf. Run by: zkg test, or btest -c btest.cfg in the folder tests.
#
# Whether Fin_Scan counts and tells: its own event, with invented
# values. The condition on connections is not in it.
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
	if ( n$note != Catalogue::Fin_Scan )
		return;

	print fmt("%s %s %s", n$note, n$src, n$msg);
	}

# What is queued here runs in this order, at one moment of network time.
event zeek_init() &priority=-10
	{
	local i = 0;

	while ( i < 14 )
		{
		i += 1;
		event Catalogue::fin_scan_seen(192.0.2.1, count_to_port(i, tcp));
		}

	event told("below the threshold");

	i += 1;
	event Catalogue::fin_scan_seen(192.0.2.1, count_to_port(i, tcp));
	event told("at the threshold");

	i = 0;
	while ( i < 14 )
		{
		i += 1;
		event Catalogue::fin_scan_seen(192.0.2.2, count_to_port(i, tcp));
		}

	event told("another key");
	}
