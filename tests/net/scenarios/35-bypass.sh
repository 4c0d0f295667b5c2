#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A transparent proxy that has failed: with cache-bypass what was marked for it goes to where it is addressed, is listed
# with that address as its destination, and counts nowhere.
#
#	client ---- router ==== director ==== rs2: has 203.0.113.9
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
origin=203.0.113.9
ip -n "$rs2" addr add $origin/32 dev lo
ip -n "$router" route add $origin via $director_ip
ip -n "$director" route add $origin via $rs2_ip
on director nft 'add table inet marks; add chain inet marks in { type filter hook prerouting priority -150; }; add rule inet marks in ip daddr '$origin' tcp dport 80 meta mark set 1'
ip -n "$director" rule add fwmark 1 lookup 100
ip -n "$director" route add local default dev lo table 100
start rs2 "$here/talk.py" tcp-server origin 80
wait_listening rs2 tcp 80
visit() { on client "$here/talk.py" tcp $origin 80 1 "$1"; }

# Client, virtual address and destination of the connection.
listed() {
	case $BALANCER in
	lb) lbctl conn list --method bypass | awk '$1 == "tcp" { print $4, $5, $6, $7 }' ;;
	# It shows no method, and of the destination nothing.
	ipvs) on director cat /proc/net/ip_vs_conn | awk '$2 == "C6336402" { print $3, $4, $5, $6, $7 }' ;;
	esac
}
# Connections and packets of the service.
counters() {
	case $BALANCER in
	lb) lbctl service show fwmark 1 --json | sed 's/.*"stats":{"conns":\([0-9]*\),"in-packets":\([0-9]*\),.*/\1 \2/' ;;
	ipvs) ipvs -Ln --stats --exact | awk '$1 == "FWM" { print $3, $4 }' ;;
	esac
}

for BALANCER in lb ipvs; do
	load_balancer
	vs_add fwmark 1 rr
	like "$BALANCER: by default nobody is there" "$(visit 4000)" "- *"
	setting cache-bypass 1
	is "$BALANCER: with it, the origin is" "$(visit 4001)" origin
	case $BALANCER in
	lb)
		is "lb: it is listed with where it goes" "$(listed)" "198.51.100.2:4001 $origin:80 $origin:80 bypass"
		is "lb: and found by that" "$(lbctl conn count --dest $origin:80 --method bypass)" 1
		is "lb: as no other" "$(lbctl conn count --method direct)" 0
		like "lb: answers are not looked at" "$(lbctl conn list)" "*fin-wait*"
		refuses "lb: no destination has it" 2 "*'bypass' is not a method*" lbctl dest add fwmark 1 $rs1_ip --method bypass
		is "lb: it can be deleted" "$(lbctl conn del --method bypass > /dev/null; lbctl conn count)" 0
		;;
	ipvs)
		like "ipvs: it is in the table" "$(listed)" "* 00000000 0000"
		like "ipvs: answers are" "$(on director cat /proc/net/ip_vs_conn)" "*TIME_WAIT*"
		;;
	esac
	is "$BALANCER: it counts nowhere" "$(counters)" "0 0"
	rs_add fwmark 1 $rs1_ip nat 1
	like "$BALANCER: a destination is there first" "$(visit 4002)" "- *"
	setting cache-bypass 0
	lb_clear
done
finish
