#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pages through GUE and GRE, with each checksum and either family inside either: Linux unwraps them.
#
#	client ---- router ==== director ==[GUE, GRE]==> rs1, rs2: fou and gre devices, VIPs on lo
#	               ^------------------------------------/
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
modprobe -qa ipip sit ip6_tunnel fou fou6 ip_gre ip6_gre
network
serve_tunnel

# What comes out of UDP is IPIP or the like, for the devices of serve_tunnel.
# shellcheck disable=SC2154
for n in rs1 rs2; do
	on $n ip fou add port "$gue_port" gue || die "no gue"
	on $n ip fou add port "$gue_port" gue -6 || die "no gue over IPv6"
done
# GRE has devices of its own, which take packets either with a checksum (icsum) or without.
serve_gre() {
	local n
	for n in rs1 rs2; do
		local ip=${n}_ip ip6=${n}_ip6
		# shellcheck disable=SC2154
		ip -n "$prefix$n" -batch - <<-BATCH || die "no gre"
			link add gre4 type gre local ${!ip} remote any $1
			link add gre6 type ip6gre local ${!ip6} remote any $1
			link set gre4 up
			link set gre6 up
		BATCH
	done
}
# TYPE-CHECKSUM: what that needs at the servers.
serve_encapsulation() {
	local n
	for n in rs1 rs2; do
		ip -n "$prefix$n" link del gre4 2> /dev/null
		ip -n "$prefix$n" link del gre6 2> /dev/null
	done
	case $1 in
	gre-none) serve_gre "" ;;
	gre-normal) serve_gre icsum ;;
	esac
}
head -c 300000 /dev/zero | tr '\0' x > "$tmp/upload"

serve_http rs1 80 81 82 83 84 85
serve_http rs2 80 81 82 83 84 85
two() { for _ in 1 2; do fetch "$1"; done | sort | xargs; }

# Every packet of it is as long as the way allows: too long for the tunnel, until the director says so.
upload() { fetch "$1" --data-binary "@$tmp/upload" -o /dev/null -w '%{http_code}'; }

port=80
for how in gue-none gue-normal gue-remote gre-none gre-normal; do
	port=$((port + 1))
	serve_encapsulation $how
	vs_add tcp $vip:$port rr
	rs_add tcp $vip:$port $rs1_ip:$port $how 1
	rs_add tcp $vip:$port $rs2_ip:$port $how 1
	vs_add tcp "[$vip6]:$port" rr
	rs_add tcp "[$vip6]:$port" "[$rs1_ip6]:$port" $how 1
	rs_add tcp "[$vip6]:$port" "[$rs2_ip6]:$port" $how 1
	is "$how: v4 in v4" "$(two http://$vip:$port/)" "hello from rs1 hello from rs2"
	is "$how: v6 in v6" "$(two "http://[$vip6]:$port/")" "hello from rs1 hello from rs2"
	is "$how: a long upload, v4" "$(upload http://$vip:$port/)" 405
	is "$how: a long upload, v6" "$(upload "http://[$vip6]:$port/")" 405

	rs_del tcp $vip:$port $rs1_ip:$port
	rs_del tcp $vip:$port $rs2_ip:$port
	rs_add tcp $vip:$port "[$rs1_ip6]:$port" $how 1
	rs_del tcp "[$vip6]:$port" "[$rs1_ip6]:$port"
	rs_del tcp "[$vip6]:$port" "[$rs2_ip6]:$port"
	rs_add tcp "[$vip6]:$port" $rs1_ip:$port $how 1
	is "$how: v4 in v6" "$(fetch http://$vip:$port/)" "hello from rs1"
	is "$how: v6 in v4" "$(fetch "http://[$vip6]:$port/")" "hello from rs1"
done

# Segments that the devices cut: checksums left for them on the way.
offloads on
port=80
for how in gue-none gue-normal gue-remote gre-none gre-normal; do
	port=$((port + 1))
	serve_encapsulation $how
	rs_del tcp $vip:$port "[$rs1_ip6]:$port"
	rs_add tcp $vip:$port $rs1_ip:$port $how 1
	is "$how: a long upload in large packets" "$(upload http://$vip:$port/)" 405
done
finish
