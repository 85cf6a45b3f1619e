#!/bin/sh
# Blocks and unblocks one address at a time for OSSEC's active response.
# Made by zopf from the bundle border: change the bundle, not this file.
#
#   border-firewall-drop.sh add|delete USER ADDRESS [ALERT RULE LOCATION FILE]
#       as ossec-execd calls it
#   border-firewall-drop.sh --list | --flush | --expire | --self-test
#       for people and for cron
#
# Status 0: the firewall is as asked. Status 1: it is not; the last line of the log says why.
# Adding twice or deleting twice is the same as once, so nothing here needs a lock: every change is
# one atomic operation on a table. Several rules that block one address share one entry; ossec-execd
# keeps a timer for each address and asks for the delete when the last of them has run out.

set -eu
umask 077
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
export PATH LC_ALL

NAME='border-firewall-drop'
LOG='/var/ossec/active-response/border-firewall-drop.log'
# Seconds after which --expire ends a block that ossec-execd has forgotten (it keeps its timers in
# memory only). Far longer than the longest block: as long as execd lives it may prolong one.
LIMIT=172800

# execd may have closed these; a firewall command must not get the log as its standard output.
exec </dev/null
(: >&1) 2>/dev/null || exec >/dev/null
(: >&2) || exec 2>/dev/null

# ---- addresses: decided here, before any other program sees them -------------------------------

# Sets numbers to the four octets. No leading zero (others read it as octal), no short form, no name.
ipv4() {
	bits=8
	numbers=
	count=0
	rest=$1.
	while [ -n "$rest" ]; do
		part=${rest%%.*}
		rest=${rest#*.}
		case $part in
		[0123456789] | [123456789][0123456789]) ;;
		1[0123456789][0123456789] | 2[01234][0123456789] | 25[012345]) ;;
		*) return 1 ;;
		esac
		numbers="$numbers$part "
		count=$((count + 1))
	done
	[ "$count" -eq 4 ]
}

# Sets numbers to the eight groups. Hexadecimal digits and colons only: no zone, no dotted part.
ipv6() {
	bits=16
	numbers=
	count=0
	case $1 in
	*[!0123456789abcdefABCDEF:]* | :[!:]* | *[!:]: | *:::* | *::*::*) return 1 ;;
	*::*)
		groups "${1%%::*}" || return 1
		before=$numbers
		numbers=
		groups "${1#*::}" || return 1
		if [ "$count" -gt 7 ]; then return 1; fi
		while [ "$count" -lt 8 ]; do
			before="${before}0 "
			count=$((count + 1))
		done
		numbers=$before$numbers
		;;
	*)
		groups "$1" || return 1
		[ "$count" -eq 8 ]
		;;
	esac
}

# Appends the groups of one side of :: to numbers.
groups() {
	rest=${1:+$1:}
	while [ -n "$rest" ]; do
		part=${rest%%:*}
		rest=${rest#*:}
		case $part in
		? | ?? | ??? | ????) ;;
		*) return 1 ;;
		esac
		numbers="$numbers$((0x$part)) "
		count=$((count + 1))
	done
}

# One address and nothing else; 39 characters are the longest.
address() {
	if [ "${#1}" -gt 39 ]; then return 1; fi
	ipv4 "$1" || ipv6 "$1"
}

# ---- networks that are never blocked ------------------------------------------------------------

# Is the address (wanted, of family bits) inside ADDRESS/LENGTH? Keeps the first such network in protecting.
never() {
	if [ -n "$protecting" ]; then return 0; fi
	if ! address "${1%/*}"; then
		protecting=$1
		return 0
	fi
	if [ "$bits" -ne "$family" ]; then return 0; fi
	left=${1#*/}
	# Do the two networks meet? Then the shorter one holds the other.
	if [ "$left" -gt "$width" ]; then left=$width; fi
	theirs=$wanted
	while [ "$left" -gt 0 ]; do
		ours=${numbers%% *}
		numbers=${numbers#* }
		other=${theirs%% *}
		theirs=${theirs#* }
		if [ "$left" -lt "$bits" ]; then
			drop=$((1 << (bits - left)))
			ours=$((ours / drop))
			other=$((other / drop))
		fi
		if [ "$ours" -ne "$other" ]; then return 0; fi
		left=$((left - bits))
	done
	protecting=$1
}

# Is the address that was just read protected?
protected() {
	wanted=$numbers
	family=$bits
	width=128
	protecting=
	networks
	[ -n "$protecting" ]
}

networks() {
	# Always refused: such a block would only harm this host.
	# this network, unspecified
	never 0.0.0.0/8
	# loopback
	never 127.0.0.0/8
	# multicast
	never 224.0.0.0/4
	# broadcast
	never 255.255.255.255/32
	# unspecified, loopback, IPv4-compatible
	never ::/96
	# IPv4-mapped: would pass by the IPv4 entries
	never ::ffff:0:0/96
	# multicast
	never ff00::/8
	# The bundle's neverBlock.
	# this host
	never 162.212.157.188/32
	# gateway
	never 192.0.2.1/32
	never 10.0.0.0/8
	never 2001:db8::/32
}

# ---- the log --------------------------------------------------------------------------------------

# At most 80 characters that mean nothing to a terminal, a log reader or a shell.
harmless() {
	printf '%.80s' "$1" | tr -c 'A-Za-z0-9.:/@+-' '_'
}

# One line an action, and the same on standard error when a person calls. printf, never echo: a dash
# echo turns a written \n into a new line, and so into a forged entry.
report() {
	line="$(date -u +%Y-%m-%dT%H:%M:%SZ) $NAME"
	line="$line action=$(harmless "$action") ip=$(harmless "$ip")"
	if [ -n "$entry" ]; then line="$line entry=$entry"; fi
	line="$line rule=$(harmless "$rule") alert=$(harmless "$alert") result=$1"
	if [ -n "${2-}" ]; then line="$line reason=$(harmless "$2")"; fi
	# Only a plain file: the log is not to lead elsewhere.
	if [ ! -h "$LOG" ] && { [ -f "$LOG" ] || [ ! -e "$LOG" ]; }; then
		printf '%s\n' "$line" 2>/dev/null >>"$LOG" || :
	fi
	printf '%s\n' "$line" >&2 || :
}

refuse() {
	report refused "$1"
	exit 1
}

# ---- networks in the place of addresses ---------------------------------------------------------------

# One folder for each network that is blocked, and in it one file for each of its addresses that is, with
# the second at which --expire forgets it. No locks: who changes a file then makes the firewall agree with
# the folder, and looks again. What a killed call leaves half done, the next one or --expire completes.
HELD='/var/run/border-firewall-drop'

# Sets entry to what is blocked for the address that protected has just looked at: its network, or the
# address alone where that network meets one that is never blocked. Sets place to the folder, id to the
# address's name in it.
widen() {
	case $family in
	8) width=32 whole=32 ;;
	*) width=64 whole=128 ;;
	esac
	protecting=
	networks
	# Everybody's neighbours: link-local (the router, too), IPv4 behind a translator, Teredo.
	never fe80::/10
	never 64:ff9b::/96
	never 64:ff9b:1::/48
	never 2001::/32
	if [ -n "$protecting" ]; then width=$whole; fi
	left=$width
	entry=
	id=
	for number in $wanted; do
		id=$id$number.
		if [ "$left" -le 0 ]; then
			number=0
		elif [ "$left" -lt "$family" ]; then
			drop=$((1 << (family - left)))
			number=$((number / drop * drop))
		fi
		left=$((left - family))
		case $family in
		8) entry=$entry.$number ;;
		*) entry=$entry:$(printf %x "$number") ;;
		esac
	done
	entry=${entry#?}
	place=$HELD/$entry
	if [ "$width" -lt "$whole" ]; then
		place=${place}_$width
		entry=$entry/$width
	fi
}

# Writes down that the address is blocked, then blocks its network.
hold() {
	until=$(($(date +%s) + 172800))
	mine=$id@$until
	written=
	# Whoever frees the last address at this moment takes the folder away again.
	for _ in 1 2 3 4 5 6 7 8 9; do
		mkdir -p "$place" 2>/dev/null || :
		if (: >"$place/$mine") 2>/dev/null; then
			written=yes
			break
		fi
	done
	if [ -z "$written" ]; then
		failed="cannot write $HELD"
		return 1
	fi
	# Only what is older: two adds of one address at the same time must not remove both files.
	for older in "$place/$id@"*; do
		case ${older##*@} in
		'' | *[!0123456789]*) continue ;;
		esac
		if [ "${older##*@}" -lt "$until" ]; then rm -f "$older"; fi
	done
	settle
}

# Forgets the address. Status 1: others of its network are still blocked.
release() {
	rm -f "$place/$id@"*
	stale "$place"
	if held; then return 1; fi
}

# Is an address of the network blocked? (An empty folder is what a killed call has left.)
held() {
	for file in "$place"/*; do
		if [ -e "$file" ]; then return 0; fi
	done
	return 1
}

# Makes the firewall say what the folder says, and looks again: another call may have changed it meanwhile.
settle() {
	for _ in 1 2 3 4 5; do
		if held; then
			if everywhere block "$entry" && held; then return 0; fi
		elif everywhere unblock "$entry" && ! held; then
			rmdir "$place" 2>/dev/null || :
			return 0
		fi
	done
	failed=${failed:-others change $entry}
	return 1
}

# Removes what is left of addresses that execd has forgotten.
stale() {
	now=$(date +%s)
	for file in "$1"/*; do
		until=${file##*@}
		case $until in
		'' | *[!0123456789]*) continue ;;
		esac
		if [ "$until" -lt "$now" ]; then rm -f "$file"; fi
	done
}

# What --flush and --expire have to do here, after the firewall has forgotten what is old: networks that
# are blocked stay so, and what a killed call has left is put right.
tidy() {
	lost=
	for place in "$HELD"/*; do
		if [ "$1" = --flush ]; then
			rm -rf "$place"
			continue
		fi
		entry=${place##*/}
		ip=${entry%_*}
		if [ -d "$place" ] && address "$ip"; then
			case $entry in
			*_*) entry=$ip/${entry#*_} ;;
			esac
			stale "$place"
			settle || lost=$failed
		fi
	done
	failed=$lost
	[ -z "$failed" ]
}

# ---- nftables -------------------------------------------------------------------------------------

NFT_TABLE='border_blocked'

# Sets element to the address in its set, as nft's language writes it.
nftables_element() {
	case $1 in
	*:*) element="inet $NFT_TABLE nets6 { $1" ;;
	*) element="inet $NFT_TABLE nets4 { $1" ;;
	esac
}

# One transaction: depending on the kernel, an add of a present element keeps its old timeout, and a
# delete of an absent one fails. The timeout ends a block that ossec-execd has forgotten. It is given in
# days and seconds: nft takes no number of seconds that is very large.
nftables_block() {
	nftables_element "$1"
	time=$((LIMIT / 86400))d$((LIMIT % 86400))s
	nftables_do "add element $element }; delete element $element }; add element $element timeout $time }" ||
		return 1
	nftables_present
	if [ "$present" != yes ]; then return 1; fi
	# The rules see every packet, so established connections are cut by them. Only flows that were
	# offloaded past all rules (a flowtable) need more: they end with their conntrack entry.
	if command -v conntrack >/dev/null 2>&1; then
		conntrack -D -s "$1" >/dev/null 2>&1 || :
		conntrack -D -d "$1" >/dev/null 2>&1 || :
	fi
}

nftables_unblock() {
	nftables_element "$1"
	nftables_do "add element $element }; delete element $element }" || return 1
	nftables_present
	[ "$present" = no ]
}

# When another program changes the ruleset at the same moment, nft gives up with "Interrupted system
# call": asked again, it does what it was asked.
nftables_do() {
	for _ in 1 2 3 4 5; do
		if why=$(nft "$1" 2>&1); then return 0; fi
	done
	return 1
}

# Asked for a network whose neighbour is in the set as well, nft may say that it is not there: asked for an
# address of it, it is right.
# Sets present to yes, no, or unknown.
nftables_present() {
	nftables_element "$ip"
	for _ in 1 2 3 4 5; do
		present=yes
		if why=$(nft get element "$element }" 2>&1); then return 0; fi
		present=no
		case $why in
		*'No such file or directory'*) return 0 ;;
		esac
	done
	present=unknown
}

nftables_list() {
	nft list set inet "$NFT_TABLE" nets4 && nft list set inet "$NFT_TABLE" nets6
}

nftables_flush() {
	nftables_do "flush set inet $NFT_TABLE nets4; flush set inet $NFT_TABLE nets6"
}

# The kernel does it.
nftables_expire() {
	:
}

nftables_test() {
	for set in nets4 nets6; do
		check "set $set of table $NFT_TABLE exists" nft list set inet "$NFT_TABLE" "$set"
	done
	for chain in 'input saddr' 'forward saddr' 'forward daddr' 'output daddr'; do
		check "chain ${chain% *} drops the blocked as ${chain#* }" nftables_rule "${chain% *}" "${chain#* }"
	done
}

nftables_rule() {
	rules=$(nft list chain inet "$NFT_TABLE" "$1")
	for rule in "hook $1 " "ip $2 @nets4 " "ip6 $2 @nets6 "; do
		case $rules in
		*"$rule"*) ;;
		*) return 1 ;;
		esac
	done
}

# ---- what is asked ----------------------------------------------------------------------------------

# Does $1 with every firewall of this host; one that fails does not keep the others from trying.
# (Under set -u some shells take an empty "$@" for a missing parameter.)
everywhere() {
	verb=$1
	shift
	failed=
	why=
	nftables_"$verb" ${1+"$@"} || failed="nftables $why"
	[ -z "$failed" ]
}

# Prints what a check of --self-test found.
check() {
	if what=$1 && shift && "$@" >/dev/null 2>&1; then
		printf 'ok      %s\n' "$what"
	else
		printf 'FAILED  %s\n' "$what"
		broken=1
	fi
}

wrong() {
	if address "$1"; then return 1; fi
}

guarded() {
	address "$1" && protected
}

self_test() {
	broken=0
	for sample in 192.0.2.1 255.255.255.254 2001:db8::1 2001:DB8:0:0:1:0:0:1 fe80::; do
		check "address $sample is one" address "$sample"
	done
	for sample in '' 1.2 010.0.0.1 1.2.3.256 0.0.0.0/0 1.2.3.4,5.6.7.8 self '!10.0.0.9' localhost \
		1.2.3.4.5 :: ::1 ::ffff:192.0.2.1 fe80::1%em0 1::2::3 12345::; do
		case $sample in
		:: | ::1) check "address $sample is protected" guarded "$sample" ;;
		*) check "address '$sample' is none" wrong "$sample" ;;
		esac
	done
	check "162.212.157.188/32 is protected" guarded 162.212.157.188
	check "192.0.2.1/32 is protected" guarded 192.0.2.1
	check "10.0.0.0/8 is protected" guarded 10.0.0.0
	check "2001:db8::/32 is protected" guarded 2001:db8::
	nftables_test
	return "$broken"
}

entry=
action=${1-}
ip=${3--}
alert=${4--}
rule=${5--}

case $action in
--self-test)
	self_test
	exit
	;;
--list | --flush | --expire)
	everywhere "${action#??}" || refuse "$failed"
	case $action in
	--flush | --expire) tidy "$action" || refuse "$failed" ;;
	esac
	exit 0
	;;
add | delete) ;;
*) refuse "action is neither add nor delete" ;;
esac

# Blanks in a user name move the arguments: the real address then stands further behind.
if address "$alert" || address "$rule"; then refuse "arguments are shifted"; fi
if ! address "$ip"; then refuse "no address"; fi

if protected && [ "$action" = add ]; then refuse "protected by $protecting"; fi
widen

if [ "$action" = add ]; then
	if hold; then
		report blocked
	else
		report failed "$failed"
		exit 1
	fi
else
	if ! release; then
		report kept "others of $entry"
	elif settle; then
		report unblocked
	else
		report failed "$failed"
		exit 1
	fi
fi
