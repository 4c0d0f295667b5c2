#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pages through tunnels, either family inside either: the servers unwrap and answer the client themselves.
#
#	client ---- router ==== director ==[IPIP]== rs1, rs2: ipip, sit and ip6tnl devices, VIPs on lo
#	               ^------------------------------/
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel
serve_http rs1 80 81
serve_http rs2 80 81
four() { for _ in 1 2 3 4; do fetch "$1"; done | sort | uniq -c | xargs; }

vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 tunnel 1
rs_add tcp $vip:80 $rs2_ip:80 tunnel 1
is "v4 in v4" "$(four http://$vip/)" "2 hello from rs1 2 hello from rs2"

vs_add tcp "[$vip6]:80" rr
rs_add tcp "[$vip6]:80" "[$rs1_ip6]:80" tunnel 1
rs_add tcp "[$vip6]:80" "[$rs2_ip6]:80" tunnel 1
is "v6 in v6" "$(four "http://[$vip6]/")" "2 hello from rs1 2 hello from rs2"

vs_add tcp $vip:81 rr
rs_add tcp $vip:81 "[$rs1_ip6]:81" tunnel 1
rs_add tcp $vip:81 "[$rs2_ip6]:81" tunnel 1
is "v4 in v6" "$(four http://$vip:81/)" "2 hello from rs1 2 hello from rs2"

vs_add tcp "[$vip6]:81" rr
rs_add tcp "[$vip6]:81" $rs1_ip:81 tunnel 1
rs_add tcp "[$vip6]:81" $rs2_ip:81 tunnel 1
is "v6 in v4" "$(four "http://[$vip6]:81/")" "2 hello from rs1 2 hello from rs2"
finish
