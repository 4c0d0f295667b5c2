#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pages through GUE and GRE, with each checksum and either family inside either: Linux unwraps them.
#
#	client ---- router ==== director ==[GUE, GRE]==> rs1, rs2: fou and gre devices, VIPs on lo
#	               ^------------------------------------/
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
need_modules fou fou6 ip_gre ip6_gre
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel

# What comes out of UDP is IPIP or the like, for the devices of serve_tunnel.
for n in rs1 rs2; do
	on $n ip fou add port $gue_port gue || die "no gue"
	on $n ip fou add port $gue_port gue -6 || die "no gue over IPv6"
done
# WAY: GRE has devices of its own, which take packets either with a checksum (icsum) or without.
receive() {
	local n sum=''
	case $1 in
	gre-none) ;;
	gre-normal) sum=icsum ;;
	*) return ;;
	esac
	for n in rs1 rs2; do
		local ip=${n}_ip ip6=${n}_ip6
		printf 'link del gre4\nlink del gre6\n' | ip -n "$prefix$n" -force -batch - 2> /dev/null
		ip -n "$prefix$n" -batch - <<-BATCH || die "no gre"
			link add gre4 type gre local ${!ip} remote any $sum
			link add gre6 type ip6gre local ${!ip6} remote any $sum
			link set gre4 up
			link set gre6 up
		BATCH
	done
}
head -c 300000 /dev/zero | tr '\0' x > "$tmp/upload"

serve_http rs1 80 81 82 83 84 85
serve_http rs2 80 81 82 83 84 85
two() { for _ in 1 2; do fetch "$1"; done | sort | xargs; }

# Every packet of it is as long as the way allows: too long for the tunnel, until the director says so.
upload() { fetch "$1" --data-binary "@$tmp/upload" -o /dev/null -w '%{http_code}'; }

# Each way has a port; by one command for all.
ways=(gue-none gue-normal gue-remote gre-none gre-normal)
# WAY SERVICE SERVER...
service() {
	local how=$1 at=$2 r; shift 2
	vs_add tcp "$at" rr
	for r; do rs_add tcp "$at" "$r" $how 1; done
}

batch
for i in "${!ways[@]}"; do
	port=$((81 + i))
	service "${ways[i]}" $vip:$port $rs1_ip:$port $rs2_ip:$port
	service "${ways[i]}" "[$vip6]:$port" "[$rs1_ip6]:$port" "[$rs2_ip6]:$port"
done
end_batch || die "services"
for i in "${!ways[@]}"; do
	port=$((81 + i))
	receive "${ways[i]}"
	is "${ways[i]}: v4 in v4" "$(two http://$vip:$port/)" "hello from rs1 hello from rs2"
	is "${ways[i]}: v6 in v6" "$(two "http://[$vip6]:$port/")" "hello from rs1 hello from rs2"
	is "${ways[i]}: a long upload, v4" "$(upload http://$vip:$port/)" 405
	is "${ways[i]}: a long upload, v6" "$(upload "http://[$vip6]:$port/")" 405
done

# Segments that the devices cut: checksums left for them on the way.
offloads on
for i in "${!ways[@]}"; do
	receive "${ways[i]}"
	is "${ways[i]}: a long upload in large packets" "$(upload "http://$vip:$((81 + i))/")" 405
done

batch
for i in "${!ways[@]}"; do
	port=$((81 + i))
	service "${ways[i]}" $vip:$port "[$rs1_ip6]:$port"
	service "${ways[i]}" "[$vip6]:$port" $rs1_ip:$port
done
end_batch || die "services"
for i in "${!ways[@]}"; do
	port=$((81 + i))
	receive "${ways[i]}"
	is "${ways[i]}: v4 in v6" "$(fetch http://$vip:$port/)" "hello from rs1"
	is "${ways[i]}: v6 in v4" "$(fetch "http://[$vip6]:$port/")" "hello from rs1"
done
finish
