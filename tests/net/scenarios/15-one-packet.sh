#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One-packet scheduling, by direct: the datagrams of one client port go to all servers in turn and are
# answered, no connection is kept, and counters and load are those of ip_vs.
#
#	client:4000 ---- router ==== director ==== rs1, rs2: port 53
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
serve_direct
for n in rs1 rs2; do
	start $n "$here/talk.py" udp-server $n 53
	wait_listening $n udp 53
done

# Connections scheduled, packets and bytes in, packets out; of the service.
counters() {
	case $BALANCER in
	lb)
		lbctl service show udp $vip:53 --json |
			sed 's/.*"stats":{"conns":\([0-9]*\),"in-packets":\([0-9]*\),"out-packets":\([0-9]*\),"in-bytes":\([0-9]*\).*/\1 \2 \4 \3/'
		;;
	ipvs) ipvs -Ln --stats --exact | awk '$1 == "UDP" { print $3, $4, $6, $5 }' ;;
	esac
}
counted() { [ "$(counters | cut -d ' ' -f 1)" = "$1" ]; }
# Connections in the table, and those that destinations are said to have.
kept() {
	case $BALANCER in
	lb) echo "$(lbctl conn count) $(lbctl service list | awk '/->/ && $4 ~ /^[0-9]+$/ { n += $5 + $6 } END { print n + 0 }')" ;;
	ipvs) echo "$(($(on director cat /proc/net/ip_vs_conn | wc -l) - 1)) $(ipvs -Ln | awk '/->.*:53/ { n += $5 + $6 } END { print n + 0 }')" ;;
	esac
}

for BALANCER in lb ipvs; do
	load_balancer
	vs_add_one_packet udp $vip:53 rr
	rs_add udp $vip:53 $rs1_ip:53 direct 1
	rs_add udp $vip:53 $rs2_ip:53 direct 1
	is "$BALANCER: one port, both servers in turn" \
		"$(on client "$here/talk.py" udp $vip 53 6 4000 | xargs)" "rs2 rs1 rs2 rs1 rs2 rs1"
	# 20 + 8 + "who?". ip_vs sums its counters up every two seconds.
	wait_for counted 6
	is "$BALANCER: every datagram counts as a connection" "$(counters)" "6 6 192 0"
	is "$BALANCER: none is kept" "$(kept)" "0 0"
	case $BALANCER in
	lb) lbctl service set udp $vip:53 --one-packet off ;;
	ipvs) ipvs -E -u $vip:53 -s rr ;;
	esac
	is "$BALANCER: switched off, one port has one server" \
		"$(on client "$here/talk.py" udp $vip 53 4 4001 | sort | uniq -c | wc -l)" 1
	lb_clear
done
finish
