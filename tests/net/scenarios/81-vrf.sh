#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A director whose interface, virtual addresses and servers are in a VRF: the routes that count are the VRF's, by
# every method, for what bypasses all servers, and for the segments that end what is idle. In the main table, all their
# networks lead nowhere.
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
	route add blackhole 198.51.100.0/24
	route add blackhole 2001:db8:c::/64
BATCH
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 82
	wait_listening $n tcp 82
done

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

# Connections on a host, which listens (sport) or has called (dport).
established() { on "$1" ss -Htn state established "${2:-sport} = :82" | wc -l; }
established_is() { [ "$(established "$1" "$2")" = "$3" ]; }
# Idle connections get a segment from the director, with nat to the server and else to the client, whose answer ends them.
for method in nat direct; do
	for v in "$vip:82" "[$vip6]:82"; do
		lbctl conn del --all > /dev/null
		r1=$rs1_ip r2=$rs2_ip address=$vip
		[ "$v" = "$vip:82" ] || r1=[$rs1_ip6] r2=[$rs2_ip6] address=$vip6
		vs_add tcp "$v" rr
		rs_add tcp "$v" "$r1:82" $method 1
		rs_add tcp "$v" "$r2:82" $method 1
		coproc HELD { exec nsenter --net="/run/netns/$client" "$here/talk.py" hold "$address" 82 4; }
		started+=("$HELD_PID")
		while read -r -t 30 -u "${HELD[0]}" line && [ "$line" != held ]; do :; done
		lbctl dest drain tcp "$v" "$r1:82" --deadline 0 --then reset
		wait_for established_is client dport 2
		is "$method, $v: idle, the client was told" "$(established client dport)" 2
		wait_for established_is rs1 sport 0
		is "$method, $v: and the server" "$(established rs1)" 0
		echo 5 >&"${HELD[1]}"
		read -r -t 60 -u "${HELD[0]}" line
		is "$method, $v: the others talk on" "$line" 2
		input=${HELD[1]}
		exec {input}>&-
		wait "$HELD_PID" 2> /dev/null
		lbctl flush
	done
done

# What is marked for a service without servers goes on to whom it is for: rs2 has .9 and ::9, the director's VRF .10 and
# ::a.
on director nft 'add table inet marks
	add chain inet marks in { type filter hook prerouting priority -150; }
	add rule inet marks in ip daddr 203.0.113.8/30 tcp dport 82 meta mark set 1
	add rule inet marks in ip6 daddr 2001:db8:b::/64 tcp dport 82 meta mark set 1' || die "no marks"
for family in 4 6; do
	case $family in
	4) mark=fwmark net=203.0.113.8/30 origin=203.0.113.9 own=203.0.113.10 via=$director_ip next=$rs2_ip len=32 ;;
	6) mark=fwmark6 net=2001:db8:b::/64 origin=2001:db8:b::9 own=2001:db8:b::a via=$director_ip6 next=$rs2_ip6 len=128 ;;
	esac
	ip -n "$rs2" addr add $origin/$len dev lo
	ip -n "$router" -$family route add $net via $via
	ip -n "$director" -batch - <<-BATCH || die "no way to the origin"
		addr add $own/$len dev blue
		route add $net via $next vrf blue
		route add blackhole $net
	BATCH
	# Before the rule of VRFs, which finds the way for what is not for the director.
	ip -n "$director" -$family rule add pref 500 fwmark 1 lookup 100
	ip -n "$director" -$family route add local default dev blue table 100
	visit() { on client "$here/talk.py" tcp "$1" 82 1; }

	vs_add $mark 1 rr
	setting cache-bypass 0
	like "bypass, $origin: by default nobody is there" "$(visit $origin)" "- *"
	setting cache-bypass 1
	is "bypass, $origin: with it, the origin is" "$(visit $origin)" rs2
	is "bypass, $origin: on a connection of its own" "$(lbctl conn count --method bypass)" 1
	lbctl conn del --all > /dev/null
	like "bypass, $own: nobody is where the address is the director's" "$(visit $own)" "- *"
	is "bypass, $own: there is no connection" "$(lbctl conn count --method bypass)" 0
	lbctl flush
done
finish
