#!/bin/sh
# Tells of one address at a time, for OSSEC's active response. It blocks nothing.
# Made by zopf from the bundle network: change the bundle, not this file.
#
#   network-notify.sh add|delete USER ADDRESS [ALERT RULE LOCATION FILE]
#       as ossec-execd calls it
#   network-notify.sh --list | --flush | --expire | --self-test
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

NAME='network-notify'
LOG='/var/ossec/active-response/network-notify.log'

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
	protecting=
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
	# our own network
	never 162.212.157.0/28
	# inside
	never 10.0.0.0/8
	[ -n "$protecting" ]
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

# ---- notification: the address, the rule's number and the detection's name, nothing else --------------

# Sets detection to the bundle's name of the rule, - for rules of others.
notify_detection() {
	case $rule in
	101200) detection=Port_Scan ;;
	101201) detection=Shop_Login_Failed ;;
	101202) detection=Shop_Guessing ;;
	101204) detection=Vpn_Refused ;;
	*) detection=- ;;
	esac
}

# Sets number to the rule's id, 0 where it is none.
notify_number() {
	case $rule in
	'' | *[!0123456789]* | ???????*) number=0 ;;
	*) number=$rule ;;
	esac
}

notify_block() {
	notify_detection
	notify_number
	told=yes
	why='logger failed'
	logger -p auth.warning -t "$NAME" "address=$1 rule=$number detection=$detection" >/dev/null 2>&1 || told=no
	[ "$told" = yes ]
}

notify_unblock() {
	:
}

notify_list() {
	printf '%s\n' "nothing is blocked here; $LOG says what was told"
}

notify_flush() {
	:
}

notify_expire() {
	:
}

notify_test() {
	check "logger is there" command -v logger
}

# ---- what is asked ----------------------------------------------------------------------------------

# Does $1 with every firewall of this host; one that fails does not keep the others from trying.
# (Under set -u some shells take an empty "$@" for a missing parameter.)
everywhere() {
	verb=$1
	shift
	failed=
	why=
	notify_"$verb" ${1+"$@"} || failed="notify $why"
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
	check "162.212.157.0/28 is protected" guarded 162.212.157.0
	check "10.0.0.0/8 is protected" guarded 10.0.0.0
	notify_test
	return "$broken"
}

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
	exit 0
	;;
add | delete) ;;
*) refuse "action is neither add nor delete" ;;
esac

# Blanks in a user name move the arguments: the real address then stands further behind.
if address "$alert" || address "$rule"; then refuse "arguments are shifted"; fi
if ! address "$ip"; then refuse "no address"; fi

if protected && [ "$action" = add ]; then refuse "protected by $protecting"; fi

if [ "$action" = add ]; then
	if everywhere block "$ip"; then
		report notified
	else
		report failed "$failed"
		exit 1
	fi
else
	if everywhere unblock "$ip"; then
		report nothing
	else
		report failed "$failed"
		exit 1
	fi
fi
