#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# drop-packet refuses the share of new connections that it refuses in ip_vs, drop-entry forgets what it forgets
# there, and neither touches an established connection.
#
#	wire: client ---- director (lb, then ip_vs) ---- wire: rs1
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# COUNT [FLAGS [FIRST-PORT]]: segments of one client port each; prints how many came out at rs1.
segments() {
	"$here/segments.py" "$wire" "$@"
}
connections() {
	case $BALANCER in
	lb) lbctl conn list | grep -c "$vip:80" ;;
	ipvs) on director grep -c '^TCP' /proc/net/ip_vs_conn ;;
	esac
}
bed() {
	wires
	vs_add tcp $vip:80 rr
	rs_add tcp $vip:80 10.0.1.2:80 nat 1
}
no_bed() {
	local n
	for n in "${namespaces[@]}"; do ip netns del "$prefix$n"; done
	namespaces=()
}
# ip_vs takes a rate over when the mode is set, or within a second.
rate() { setting drop-packet 0; setting am-droprate "$1"; setting drop-packet 3; }
fewer_than() { [ "$(connections)" -lt "$1" ]; }

for BALANCER in lb ipvs; do
	load_balancer
	bed
	b=$BALANCER

	is "$b: all new connections are let in" "$(segments 100 S 1024)" 100
	rate 4
	is "$b: one of four is refused" "$(segments 100 S 2024)" 75
	is "$b: connections that exist are not asked" "$(segments 75 A 1024)" 75
	rate 0
	is "$b: one of none is refused" "$(segments 20 S 3024)" 20
	rate 1
	# What the last rate left is counted down first.
	segments 4 S 3124 > /dev/null
	is "$b: one of one" "$(segments 20 S 3224)" 0
	setting drop-packet 0
	is "$b: off, none is" "$(segments 20 S 3324)" 20
	setting drop-packet 1
	is "$b: with memory enough, none is" "$(segments 20 S 3424)" 20
	setting amemthresh 2147483647
	# ip_vs looks once a second.
	refused() { port=$((port + 5)); [ "$(segments 5 S $port)" = 0 ]; }
	port=4000
	succeeds "$b: without memory, all are" wait_for refused
	setting amemthresh 1
	taken() { port=$((port + 5)); [ "$(segments 5 S $port)" = 5 ]; }
	succeeds "$b: with memory again, none" wait_for taken
	setting drop-packet 0

	if [ $b = lb ]; then
		compare "$b: what was refused has a reason" "$(lbctl stats --json | sed -n 's/.*"defence","packets":\([0-9]*\).*/\1/p')" -ge 45
	fi
	no_bed

	bed
	# So that half of them go for no other reason.
	[ $b = ipvs ] || lbctl settings set tcp-syn-recv 3600
	# Four hundred established, as many half open: 1/32 of the table is looked at every second.
	segments 400 S 10000 > /dev/null
	segments 400 A 10000 > /dev/null
	setting drop-entry 1
	segments 400 S 20000 > /dev/null
	is "$b: with memory enough, nothing is forgotten" "$(connections)" 800
	setting drop-entry 3
	succeeds "$b: the half open are forgotten" wait_for fewer_than 760
	setting drop-entry 0
	is "$b: the established are not" "$(segments 400 A 10000)" 400
	state() {
		case $BALANCER in
		lb) lbctl conn count --state established | grep -o '[0-9]*' | head -n 1 ;;
		ipvs) on director grep -c ESTABLISHED /proc/net/ip_vs_conn ;;
		esac
	}
	is "$b: they are still established" "$(state)" 400

	no_bed
done
finish
