# Sources that met five distinct ports in state S0 within a minute of the first: what the perimeter example
# counts, as one would write it for mawk. Windows are fixed (a new one begins with the first event after the
# old one's minute): awk has nothing to take old ports out of a sliding one with.
#
#     mawk -F'\t' -f bench/distinct.awk conn.log
$12 == "S0" && $3 !~ /^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|127\.|169\.254\.|f[cd]|fe80:)/ {
	src = $3
	if ( ! (src in began) || $1 - began[src] > 60 ) {
		began[src] = $1
		windows[src]++
		count[src] = 0
	}
	key = src SUBSEP windows[src] SUBSEP $6
	if ( key in seen ) next
	seen[key]
	if ( ++count[src] == 5 ) print $1, src
}
