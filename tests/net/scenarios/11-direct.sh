#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pages through direct routing: the servers own the VIP, silently, and answer the client themselves.
#
#	client ---- router ==+== director (VIP 10.0.0.80 on the LAN, and 192.0.2.1)
#	                ^    +== rs1 } VIPs on lo, arp_ignore=1
#	                +----+== rs2 } answers do not pass the director
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
serve_direct
serve_http rs1 80
serve_http rs2 80
four() { for _ in 1 2 3 4; do fetch "$1"; done | sort | uniq -c | xargs; }

vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 direct 1
rs_add tcp $vip:80 $rs2_ip:80 direct 1
is "v4: four pages come from both servers" "$(four http://$vip/)" "2 hello from rs1 2 hello from rs2"

vs_add tcp "[$vip6]:80" rr
rs_add tcp "[$vip6]:80" "[$rs1_ip6]:80" direct 1
rs_add tcp "[$vip6]:80" "[$rs2_ip6]:80" direct 1
is "v6: four pages come from both servers" "$(four "http://[$vip6]/")" "2 hello from rs1 2 hello from rs2"

# A VIP of the LAN itself, for which the router asks by ARP: only the director answers.
ip -n "$director" addr add 10.0.0.80/24 dev eth0
for n in "$rs1" "$rs2"; do
	ip -n "$n" addr add 10.0.0.80/32 dev lo
	ip -n "$n" rule add from 10.0.0.80 lookup 100
done
vs_add tcp 10.0.0.80:80 rr
rs_add tcp 10.0.0.80:80 $rs1_ip:80 direct 1
rs_add tcp 10.0.0.80:80 $rs2_ip:80 direct 1
is "a VIP on the LAN: four pages come from both servers" "$(four http://10.0.0.80/)" "2 hello from rs1 2 hello from rs2"
finish
