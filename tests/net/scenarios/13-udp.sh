#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# UDP by every method: the answer comes from the VIP, and one client port stays with one server.
#
#	client ---- router ==== director ==== rs1, rs2: port 5300 (nat), 53 (direct, tunnel)
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel
for n in rs1 rs2; do
	start $n "$here/talk.py" udp-server $n 53 54 5300
	wait_listening $n udp 5300
done
ask() { on client "$here/talk.py" udp "$@" | sort | uniq -c | xargs; }

for method in direct tunnel nat; do
	port=53 server=53
	[ $method != tunnel ] || port=54 server=54
	[ $method != nat ] || { port=55 server=5300; }
	vs_add udp $vip:$port rr
	rs_add udp $vip:$port $rs1_ip:$server $method 1
	rs_add udp $vip:$port $rs2_ip:$server $method 1
	is "v4 $method: four datagrams, two servers" "$(ask $vip $port 4)" "2 rs1 2 rs2"
	like "v4 $method: four from one port, one server" "$(ask $vip $port 4 4000)" "4 rs?"
	vs_add udp "[$vip6]:$port" rr
	rs_add udp "[$vip6]:$port" "[$rs1_ip6]:$server" $method 1
	rs_add udp "[$vip6]:$port" "[$rs2_ip6]:$server" $method 1
	is "v6 $method: four datagrams, two servers" "$(ask $vip6 $port 4)" "2 rs1 2 rs2"
done
finish
