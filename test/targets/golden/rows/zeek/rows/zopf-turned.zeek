##! Remembers for a while which connections had their two ends swapped by Zeek.
##!
##! Rows of other logs are often written when their connection is removed: by
##! the time their event comes, its history cannot be asked for any more.

module Rows;

export {
	## Whether a connection's ends are swapped; of one that is gone too.
	global is_turned: function(uid: string, id: conn_id): bool;
}

# Uids of those that are gone; the events of their rows follow at once.
global turned: set[string] &create_expire=1min;

# Before anything else is done about the removal.
event connection_state_remove(c: connection) &priority=10
	{
	if ( /\^/ in c$history )
		add turned[c$uid];
	}

function is_turned(uid: string, id: conn_id): bool
	{
	if ( uid in turned )
		return T;

	return connection_exists(id) && /\^/ in lookup_connection(id)$history;
	}
