#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat on a director with a firewall: stateless rules by default; with the setting conntrack, rules that ask for
# states, servers that go out masqueraded, and a server that calls its own virtual address. ip_vs gives the same
# with its setting of that name.
#
#	client ---- router ====+==== director: nft
#	                       +==== rs1, rs2 (nginx)
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
BALANCER=ipvs load_balancer
BALANCER=lb load_balancer
network
serve_http rs1 8080
serve_http rs2 8080
serve_http client 80

# Standard input is the ruleset of the director, instead of what it had.
rules() { { echo "flush ruleset"; cat; } | on director nft -f - || die "nft"; }
# NAME: packets that this counter of the director's has met
counted() { on director nft -j list counter inet fw "$1" | sed 's/.*"packets": *\([0-9]*\).*/\1/'; }

stateless() {
	rules <<-RULES
		table inet fw {
			chain input {
				type filter hook input priority 0; policy drop;
				iif lo accept
				meta l4proto { icmp, icmpv6 } accept
				tcp dport 80 accept
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				meta l4proto { icmp, icmpv6 } accept
				tcp sport 8080 accept
			}
			chain postrouting {
				type nat hook postrouting priority srcnat;
				ip saddr 0.0.0.0/0 masquerade
				ip6 saddr ::/0 masquerade
			}
		}
	RULES
}
# As on any other router: by states.
stateful() {
	rules <<-RULES
		table inet fw {
			counter invalid { }
			counter midstream { }
			chain input {
				type filter hook input priority 0; policy drop;
				iif lo accept
				meta l4proto { icmp, icmpv6 } accept
				ct state established,related accept
				ct state invalid counter name invalid drop
				tcp dport 80 tcp flags & (fin | syn | rst | ack) != syn counter name midstream drop
				tcp dport 80 ct state new accept
			}
			chain forward {
				type filter hook forward priority 0; policy drop;
				meta l4proto { icmp, icmpv6 } accept
				ct state established,related accept
				ct state invalid counter name invalid drop
				ip saddr 10.0.0.0/24 ct state new tcp flags & (fin | syn | rst | ack) == syn accept
				ip6 saddr 2001:db8::/64 ct state new tcp flags & (fin | syn | rst | ack) == syn accept
			}
			chain postrouting {
				type nat hook postrouting priority srcnat;
				ip saddr 10.0.0.0/24 masquerade
				ip6 saddr 2001:db8::/64 masquerade
			}
		}
	RULES
}
# 0|1
conntrack() {
	case $BALANCER in
	lb) lbctl settings set conntrack "$1" ;;
	ipvs) tune director ipv4/vs/conntrack="$1" ;;
	esac
}
open_connections() {
	case $BALANCER in
	lb) lbctl conn count --state established ;;
	ipvs) on director grep -c ESTABLISHED /proc/net/ip_vs_conn ;;
	esac
}
none_open() { [ "$(open_connections)" = 0 ]; }
# SERVER URL: what the server gets
call() { on "$1" curl -sS -m 10 --noproxy '*' "$2" 2>&1; }

for BALANCER in ipvs lb; do
	for v in "$vip:80" "[$vip6]:80"; do
		vs_add tcp "$v" rr
		r1=$rs1_ip r2=$rs2_ip
		[ "$v" = "$vip:80" ] || r1=[$rs1_ip6] r2=[$rs2_ip6]
		rs_add tcp "$v" "$r1:8080" nat 1
		rs_add tcp "$v" "$r2:8080" nat 1
	done

	conntrack 0
	stateless
	is "$BALANCER, stateless rules: v4" "$(fetch "http://$vip/whoami")" $client_ip
	is "$BALANCER, stateless rules: v6" "$(fetch "http://[$vip6]/whoami")" $client_ip6

	conntrack 1
	stateful
	is "$BALANCER, states: v4, not masqueraded" "$(fetch "http://$vip/whoami")" $client_ip
	is "$BALANCER, states: v6, not masqueraded" "$(fetch "http://[$vip6]/whoami")" $client_ip6
	succeeds "$BALANCER, states: the end of connections passes" wait_for none_open
	is "$BALANCER, states: nothing was invalid" "$(counted invalid)" 0
	is "$BALANCER, states: nothing was new but what is" "$(counted midstream)" 0

	is "$BALANCER: a server goes out masqueraded" "$(call rs1 "http://$client_ip/whoami")" $director_ip
	is "$BALANCER: a server goes out masqueraded, v6" "$(call rs1 "http://[$client_ip6]/whoami")" $director_ip6

	# Twice, so that it is its own turn once.
	is "$BALANCER: a server reaches its own virtual address" \
		"$({ call rs1 "http://$vip/"; call rs1 "http://$vip/"; } | sort)" $'hello from rs1\nhello from rs2'
	is "$BALANCER: a server reaches its own virtual address, v6" \
		"$({ call rs1 "http://[$vip6]/"; call rs1 "http://[$vip6]/"; } | sort)" $'hello from rs1\nhello from rs2'
	lb_clear
done

# A flow that is moved while conntrack knows it: its entry leads to the old server, and the one datagram that
# finds that out may go unanswered.
for n in rs1 rs2; do
	start $n "$here/talk.py" udp-server $n 5300
	wait_listening $n udp 5300
done
on director nft add rule inet fw input udp dport 53 ct state new accept
vs_add udp $vip:53 rr
rs_add udp $vip:53 $rs1_ip:5300 nat 1
talk() { on client "$here/talk.py" udp $vip 53 "$1" 5000 | xargs; }
is "a flow" "$(talk 2)" "rs1 rs1"
rs_add udp $vip:53 $rs2_ip:5300 nat 1
rs_set udp $vip:53 $rs1_ip:5300 nat 0
is "the flow is forgotten" "$(lbctl conn del --protocol udp)" "1 connection forgotten"
like "it goes on to the other server" "$(talk 3)" "* rs2 rs2"
finish
