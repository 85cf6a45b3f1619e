# Made by zopf. Run by: zkg test, or btest -c btest.cfg in the folder tests.
#
# Whether Smurf_Attack counts and tells: its own event, with invented
# values.
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
	if ( n$note != Catalogue::Smurf_Attack )
		return;

	print fmt("%s %s %s", n$note, n$src, n$msg);
	}

# What is queued here runs in this order, at one moment of network time.
event zeek_init() &priority=-10
	{
	local i = 0;

	while ( i < 1 )
		{
		i += 1;
		event Catalogue::smurf_attack_seen(192.0.2.1, 192.0.2.1, 4);
		}

	event told("below the threshold");

	i += 1;
	event Catalogue::smurf_attack_seen(192.0.2.1, 192.0.2.1, 1);
	event told("at the threshold");

	i = 0;
	while ( i < 1 )
		{
		i += 1;
		event Catalogue::smurf_attack_seen(192.0.2.2, 192.0.2.2, 4);
		}

	event told("another key");
	}
