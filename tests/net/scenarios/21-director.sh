#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A client on the director itself, and a real server on the director itself.
#
#	client ---- router ==== director, with a web server on 8080 and curl ==== rs1:8080
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
serve_http rs1 8080
serve_http director 8080 80
local_fetch() { on director curl -sS -m 10 --noproxy '*' "$@" 2>&1; }

for family in v4 v6; do
	v=$vip r=$rs1_ip l=$director_ip
	[ $family = v4 ] || v="[$vip6]" r="[$rs1_ip6]" l="[$director_ip6]"

	vs_add tcp "$v:81" rr
	rs_add tcp "$v:81" "$r:8080" nat 1
	is "$family: a client on the director, by nat" "$(local_fetch "http://$v:81/")" "hello from rs1"

	vs_add tcp "$v:82" rr
	rs_add tcp "$v:82" "$l:8080" nat 1
	is "$family: a server on the director, by nat to another port" "$(fetch "http://$v:82/")" "hello from director"
	is "$family: client and server on the director" "$(local_fetch "http://$v:82/")" "hello from director"

	vs_add tcp "$v:80" rr
	rs_add tcp "$v:80" "$l:80" direct 1
	is "$family: a server on the director, by direct" "$(fetch "http://$v:80/")" "hello from director"
done
finish
