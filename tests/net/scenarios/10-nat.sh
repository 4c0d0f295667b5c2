#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pages through nat: the client sees only the VIP, whatever port the servers listen on.
#
#	client ---- router ==== director (VIP 192.0.2.1) ==== rs1:8080, rs2:8080
#	                                  answers go back through the director
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
serve_http rs1 8080 80
serve_http rs2 8080

# FOUR pages, each on a connection of its own; sorted.
four() { for _ in 1 2 3 4; do fetch "$1"; done | sort | uniq -c | xargs; }

vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:8080 nat 1
rs_add tcp $vip:80 $rs2_ip:8080 nat 1
is "v4: four pages come from both servers" "$(four http://$vip/)" "2 hello from rs1 2 hello from rs2"

vs_add tcp "[$vip6]:80" rr
rs_add tcp "[$vip6]:80" "[$rs1_ip6]:8080" nat 1
rs_add tcp "[$vip6]:80" "[$rs2_ip6]:8080" nat 1
is "v6: four pages come from both servers" "$(four "http://[$vip6]/")" "2 hello from rs1 2 hello from rs2"

vs_add tcp $vip:81 rr
rs_add tcp $vip:81 $rs1_ip:80 nat 1
is "a server on another port than the service's" "$(fetch http://$vip:81/)" "hello from rs1"

like "a port that is no service is refused" "$(fetch http://$vip:82/)" "*Failed to connect to $vip port 82*"
finish
