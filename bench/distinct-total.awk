# The plainest form: distinct ports per source in state S0 over the whole log, no window, no local networks.
$12 == "S0" && ! ( ($3, $6) in seen ) {
	seen[$3, $6]
	if ( ++count[$3] == 5 ) print $1, $3
}
