#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the director sends itself: its own clients are led to a nat server over UDP, what a SIP server on the director says
# by itself comes from the service, and nat-icmp-send refuses a server there. To ip_vs the same happens.
#
#	client ---- router ==== director: clients and servers ==== rs1
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
# One that answers with whom it hears, for both families, and a TCP server.
for address in $client_ip $client_ip6; do start client "$here/talk.py" mirror $address 5999; done
start client "$here/talk.py" tcp-server client 80
start rs1 "$here/talk.py" udp-server rs1 53
start director "$here/talk.py" udp-server director 5353
mirrors() { [ "$(on client ss -Huln sport = :5999 | wc -l)" = 2 ]; }
wait_for mirrors || die "no mirrors"
wait_listening client tcp 80
wait_listening rs1 udp 53
wait_listening director udp 5353

# ADDRESS PORT [SOURCE-PORT [TEXT]]: from the director, who answers.
sends() { on director "$here/talk.py" udp "$1" "$2" 1 "${@:3}"; }
calls() { sends "$c" 5999 "$1" "INVITE sip:a SIP/2.0"$'\r\n'"Call-ID: own@$family"$'\r\n\r\n'; }
opens() { on director "$here/talk.py" tcp "$c" 80 1 "$1"; }
# Connections, packets from clients and to them, of the destination at $r:5062.
counters() {
	case $BALANCER in
	lb)
		lbctl dest list udp "$v:5062" --json |
			json '" ".join(str(d[0]["stats"][k]) for k in ("conns", "in-packets", "out-packets"))'
		;;
	ipvs) ipvs -Ln --stats --exact | awk -v d="$l:5062" '$2 == d { print $3, $4, $5 }' ;;
	esac
}
counted() { [ "$(counters)" = "$1" ]; }

for BALANCER in lb ipvs; do
	load_balancer
	for family in v4 v6; do
		# As commands and as sockets have them: virtual address, server, director, client.
		v=$vip r=$rs1_ip l=$director_ip a=$vip d=$director_ip c=$client_ip
		[ $family = v4 ] ||
			v="[$vip6]" r="[$rs1_ip6]" l="[$director_ip6]" a=$vip6 d=$director_ip6 c=$client_ip6
		b="$BALANCER, $family"

		vs_add udp "$v:53" rr
		rs_add udp "$v:53" "$r:53" nat 1
		rs_add udp "$v:53" "$l:5353" nat 1
		is "$b: clients on the director get both servers" "$({ sends $a 53; sends $a 53; } | sort | xargs)" "director rs1"

		is "$b: without a service, a SIP server on the director speaks for itself" "$(calls 5062)" "$d 5062"
		vs_add_sip "$v:5062"
		rs_add udp "$v:5062" "$l:5062" nat 1
		is "$b: with it its message comes from the service, and is answered" "$(calls 5062)" "$a 5062"
		is "$b: from another port it comes from the server" "$(calls 5063)" "$d 5063"
		# ip_vs sums its counters up every two seconds.
		wait_for counted "1 1 1"
		is "$b: it is a connection, a packet to the client, and one from it" "$(counters)" "1 1 1"

		vs_add udp "$v:54" rr
		rs_add udp "$v:54" "$l:5354" nat 1
		vs_add tcp "$v:54" rr
		rs_add tcp "$v:54" "$l:5354" nat 1
		is "$b: by default, what a server on the director sends passes" "$(sends $c 5999 5354) $(opens 5354)" "$d 5354 client"
		setting nat-icmp-send 1
		is "$b: with nat-icmp-send it is told that nobody is there" "$(sends $c 5999 5354)" "- Connection refused"
		is "$b: so it is by TCP" "$(opens 5354)" "- Connection refused"
		is "$b: from another port it passes" "$(sends $c 5999 5355) $(opens 5355)" "$d 5355 client"
		is "$b: answers on a connection are answers" \
			"$(on client "$here/talk.py" udp $a 53 2 | sort | xargs)" "director rs1"
		setting nat-icmp-send 0
		# What lb would still have to say about these ports is not for ip_vs.
		case $BALANCER in lb) forget ;; ipvs) lb_clear ;; esac
	done
done
finish
