##! Functions that conditions of this bundle use.

module Services;

export {
	## The last labels of a domain name: example.com of a.b.example.com; the
	## whole name where it has no more of them.
	global last_labels: function(name: string, labels: count): string;

	## What stands before them, without the dot: a.b of a.b.example.com.
	global without_last_labels: function(name: string, labels: count): string;
}

function last_labels(name: string, labels: count): string
	{
	local parts = split_string(name, /\./);
	local n = |parts|;

	if ( n <= labels )
		return name;

	return join_string_vec(parts[n - labels:n], ".");
	}

function without_last_labels(name: string, labels: count): string
	{
	local parts = split_string(name, /\./);
	local n = |parts|;

	if ( n <= labels )
		return "";

	return join_string_vec(parts[0:n - labels], ".");
	}
