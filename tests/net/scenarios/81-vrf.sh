#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A director whose interface, virtual addresses and servers are in a VRF: the routes that count are the VRF's, by
# every method. In the main table, the servers' network leads nowhere.
#
#	client ---- router ====+==== director: eth0 in VRF blue
#	                       +==== rs1, rs2 (nginx)
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
need_modules vrf
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel
serve_http rs1 80 8080 81
serve_http rs2 80 8080 81
ip -n "$director" -batch - <<-BATCH || die "no VRF"
	link add blue type vrf table 10
	link set blue up
	link set eth0 master blue
	addr replace $director_ip6/64 dev eth0
	addr del $vip/32 dev lo
	addr del $vip6/128 dev lo
	addr add $vip/32 dev blue
	addr add $vip6/128 dev blue
	route replace default via $router_ip vrf blue
	route replace default via $router_ip6 vrf blue
	route add blackhole 10.0.0.0/24
	route add blackhole 2001:db8::/64
BATCH

for method in nat direct tunnel; do
	case $method in nat) port=80 server=8080 ;; direct) port=80 server=80 ;; tunnel) port=81 server=81 ;; esac
	for v in "$vip:$port" "[$vip6]:$port"; do
		r1=$rs1_ip r2=$rs2_ip
		[ "$v" = "$vip:$port" ] || r1=[$rs1_ip6] r2=[$rs2_ip6]
		vs_add tcp "$v" rr
		rs_add tcp "$v" "$r1:$server" $method 1
		rs_add tcp "$v" "$r2:$server" $method 1
		is "$method, $v: both servers answer" "$({ fetch "http://$v/"; fetch "http://$v/"; } | sort)" \
			$'hello from rs1\nhello from rs2'
	done
	lbctl flush
done
finish
