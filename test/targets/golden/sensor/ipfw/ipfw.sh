#!/bin/sh
# The table and the two deny rules that sensor-firewall-drop.sh needs.
# Made by zopf from the bundle sensor: change the bundle, not this file.
#
# Run it once now and at every boot after the firewall's own rules: at the end of your firewall_script,
# or from /etc/rc.local. It only adds what is missing, and never flushes: run it as often as you like.
# Rule 1 must come before any check-state or allow rule that would let the blocked through.
#
# See what is blocked, and free one address:
#   ipfw table 2 list
#   ipfw table 2 delete ADDRESS
#
# OSSEC ends the blocks. When it dies its timers die with it, and ipfw has none of its own: this line
# in /etc/crontab ends every block after 90000 seconds. It is longer than any block by a day,
# since OSSEC prolongs the block of a source that goes on:
#   */10 * * * * root /var/ossec/active-response/bin/sensor-firewall-drop.sh --expire

set -eu
PATH=/sbin:/bin:/usr/sbin:/usr/bin
LC_ALL=C
export PATH LC_ALL

TABLE='2'
RULE=1

# Older systems have tables 1 to 127 from the start and know no create; a listing works on all.
if ! ipfw table "$TABLE" list >/dev/null 2>&1; then
	ipfw -q table "$TABLE" create type addr
fi

# Is there a deny rule of our number for this side? Listings show a number as table(2) or table(00002).
present() {
	ipfw list | grep "^0*$RULE deny " | grep -q "$1 table(0*$TABLE)"
}

# `ip` is IPv4 and IPv6 alike.
if ! present from; then
	ipfw -q add "$RULE" deny ip from "table($TABLE)" to any
fi
if ! present to; then
	ipfw -q add "$RULE" deny ip from any to "table($TABLE)"
fi

if ! present from || ! present to; then
	printf '%s\n' "ipfw: rule $RULE does not deny table $TABLE" >&2
	exit 1
fi
