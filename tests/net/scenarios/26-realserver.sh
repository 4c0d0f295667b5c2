#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lbctl realserver makes a server one of direct routing or of a tunnel, finds whatever is wrong with one,
# and leaves nothing behind.
#
#	client ---- router ==+== director (VIP 10.0.0.80 on the LAN, and 192.0.2.1)
#	                ^    +== rs1 } lbctl realserver up
#	                +----+== rs2 } answers do not pass the director
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
serve_http rs1 80
serve_http rs2 80
four() { for _ in 1 2 3 4; do fetch "$1"; done | sort | uniq -c | xargs; }
rs() { local n=$1; shift; on "$n" lbctl realserver "$@"; }
lan=10.0.0.80

# All that a real server is made of, as one text.
state_of() {
	local n=$1
	ip -n "$prefix$n" -o address show | sed 's/valid_lft.*//'
	ip -n "$prefix$n" -o link show | grep -o '^[0-9]*: [^ ]* <[^>]*>'
	on "$n" sh -c 'cd /proc/sys/net/ipv4/conf && grep -H . */arp_ignore */arp_announce */rp_filter'
	on "$n" ip fou show 2> /dev/null
}
state_of rs1 > "$tmp/before"

# --- direct

for n in rs1 rs2; do
	succeeds "$n: up" rs $n up $vip $vip6 $lan --interface eth0
	# What the lab's network needs besides: the answers' way is not the one of nat.
	ip -n "$prefix$n" rule add from $lan lookup 100
done
is "what is there is not done again" "$(rs rs1 up $vip $vip6 $lan --interface eth0 --json | json '[len(one["done"]) for one in d]')" "0 0 0"
is "the IPv4 address is no source" "$(ip -n "$rs1" -o -4 address show dev lo to $vip | grep -o 'scope [a-z]*')" "scope host"
like "nor is the IPv6 address" "$(ip -n "$rs1" -o -6 address show dev lo to $vip6)" "*nodad*deprecated*"

vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 direct 1
rs_add tcp $vip:80 $rs2_ip:80 direct 1
vs_add tcp "[$vip6]:80" rr
rs_add tcp "[$vip6]:80" "[$rs1_ip6]:80" direct 1
rs_add tcp "[$vip6]:80" "[$rs2_ip6]:80" direct 1
ip -n "$director" addr add $lan/24 dev eth0
vs_add tcp $lan:80 rr
rs_add tcp $lan:80 $rs1_ip:80 direct 1
rs_add tcp $lan:80 $rs2_ip:80 direct 1
is "v4: four pages come from both servers" "$(four http://$vip/)" "2 hello from rs1 2 hello from rs2"
is "v6: four pages come from both servers" "$(four "http://[$vip6]/")" "2 hello from rs1 2 hello from rs2"
is "a VIP on the LAN: four pages come from both servers" "$(four http://$lan/)" "2 hello from rs1 2 hello from rs2"

# --- check

succeeds "check finds nothing" rs rs1 check $vip $vip6 $lan --port 80
# CLAIM THING: check finds it, says why and how to mend it, and nothing else.
finds() {
	is "$1" "$(rs rs1 check $vip --port 80 --json 2> /dev/null | json '[f["thing"] for f in d[0]["findings"] if f["mark"] == "wrong" and f["why"] and f["mend"]]')" "$2"
}
# Does what check says, as the operator would.
mend() {
	local command
	command=$(rs rs1 check $vip --port 80 --json 2> /dev/null | json '[f["mend"] for f in d[0]["findings"] if f["mark"] == "wrong"][0]')
	on rs1 sh -c "$command" > /dev/null || die "mending by '$command'"
	succeeds "mended by '$command'" rs rs1 check $vip --port 80
}
ip -n "$rs1" address del $vip/32 dev lo
finds "the address is missing" address
refuses "which is exit status 1" 1 "*WRONG  address*why:*mend:*one thing is wrong" rs rs1 check $vip --port 80
mend
ip -n "$rs1" address add $vip/24 dev eth0
finds "the address is on the LAN" address
mend
tune rs1 ipv4/conf/eth0/arp_ignore=0
finds "ARP is answered" arp-ignore
mend
tune rs1 ipv4/conf/eth0/arp_announce=1
finds "ARP is asked in its name" arp-announce
mend
refuses "nobody listens" 1 "*nothing listens on $vip:81*" rs rs1 check $vip --port 81
ip -n "$rs1" link add veth9 type veth peer name veth8
ip -n "$rs1" link set veth9 up
ip -n "$rs1" route replace default dev veth9 table 100
tune rs1 ipv4/conf/eth0/rp_filter=1
finds "answers leave by another interface" rp-filter
mend
tune rs1 ipv4/conf/eth0/rp_filter=0
ip -n "$rs1" link del veth9
tune rs1 ipv4/ip_forward=1
like "that it forwards is a note" "$(rs rs1 check $vip)" "*note   forwarding *"
tune rs1 ipv4/ip_forward=0

# --- down

succeeds "down, of one" rs rs1 down $lan
is "the others stay" "$(ip -n "$rs1" -o address show dev lo | grep -c "$vip/32\|$vip6/128")" 2
succeeds "down, of all" rs rs1 down $vip $vip6 $lan
# The scenario's own hand has touched these.
tune rs1 ipv4/conf/all/arp_ignore=0 ipv4/conf/all/arp_announce=0 ipv4/conf/eth0/arp_announce=0
is "nothing is left" "$(state_of rs1 | diff "$tmp/before" -)" ""
succeeds "down again is nothing" rs rs1 down $vip
is "nor is a file" "$(grep -l "$lan" /run/lbctl-realserver/*.json 2> /dev/null | wc -l)" 1
succeeds "rs2: down" rs rs2 down $vip $vip6 $lan
is "rs2: nor is a file" "$(grep -l "$lan" /run/lbctl-realserver/*.json 2> /dev/null | wc -l)" 0

# What was there before is somebody else's.
ip -n "$rs1" address add $vip/32 dev lo
tune rs1 ipv4/conf/all/arp_ignore=2
state_of rs1 > "$tmp/theirs"
rs rs1 up $vip > /dev/null
rs rs1 down $vip > /dev/null
is "what was there before stays" "$(state_of rs1 | diff "$tmp/theirs" -)" ""
ip -n "$rs1" address del $vip/32 dev lo
tune rs1 ipv4/conf/all/arp_ignore=0

# --- tunnel

modprobe -qa ipip sit ip6_tunnel fou 2> /dev/null || :
if ip -n "$rs1" link show tunl0 > /dev/null 2>&1; then
	state_of rs1 > "$tmp/before"
	# Whatever the scenario's own hand has done to the answers' way.
	ip -n "$rs1" route replace default via $router_ip table 100
	# As strict as a distribution may be.
	for n in rs1 rs2; do tune $n ipv4/conf/all/rp_filter=1 ipv4/conf/tunl0/rp_filter=1; done
	state_of rs1 > "$tmp/strict"
	for n in rs1 rs2; do
		succeeds "$n: up for tunnels" rs $n up $vip $vip6 --method tunnel
		succeeds "$n: check finds nothing" rs $n check $vip $vip6
	done
	for server in $rs1_ip $rs2_ip; do
		change dest set tcp $vip:80 $server --method tunnel
		change dest del tcp "[$vip6]:80" "[${server/10.0.0./2001:db8::}]:80"
		change dest add tcp "[$vip6]:80" "$server:80" --method tunnel
	done
	is "v4 in v4, rp_filter strict: four pages" "$(four http://$vip/)" "2 hello from rs1 2 hello from rs2"
	is "v6 in v4: four pages" "$(four "http://[$vip6]/")" "2 hello from rs1 2 hello from rs2"
	tune rs1 ipv4/conf/tunl0/rp_filter=1
	refuses "a strict rp_filter of the tunnel is found" 1 "*WRONG  rp-filter*" rs rs1 check $vip
	tune rs1 ipv4/conf/tunl0/rp_filter=2
	ip -n "$rs1" link set tunl0 down
	refuses "a tunnel that is down is found" 1 "*tunl0 is down*" rs rs1 check $vip
	succeeds "up again" rs rs1 up $vip --method tunnel
	succeeds "down" rs rs1 down $vip $vip6
	is "nothing is left of it" "$(state_of rs1 | diff "$tmp/strict" -)" ""
	for n in rs1 rs2; do tune $n ipv4/conf/all/rp_filter=0; done

	if on rs1 ip fou show > /dev/null 2>&1; then
		succeeds "up for GUE" rs rs1 up $vip --method tunnel --tunnel-type gue --tunnel-port $gue_port
		change dest del tcp $vip:80 $rs2_ip
		change dest set tcp $vip:80 $rs1_ip --method tunnel --tunnel-type gue --tunnel-port $gue_port
		is "in GUE: a page" "$(fetch http://$vip/)" "hello from rs1"
		on rs1 ip fou del port $gue_port
		refuses "that no GUE is received is found" 1 "*no GUE is received on port $gue_port*" rs rs1 check $vip
		succeeds "down" rs rs1 down $vip
	fi
	if ip -n "$rs1" link show ip6tnl0 > /dev/null 2>&1; then
		change dest add tcp $vip:80 "[$rs1_ip6]:80" --method tunnel
		change dest del tcp $vip:80 $rs1_ip
		succeeds "up for tunnels in IPv6" rs rs1 up $vip --method tunnel --outer inet6
		is "v4 in v6: a page" "$(fetch http://$vip/)" "hello from rs1"
		succeeds "down" rs rs1 down $vip
	fi
else
	ok "this kernel was built without ipip"
fi

# --- what is refused

refuses "the director itself" 1 "*10.0.0.80 is on eth0, where the LAN is told of it*" rs director up $lan
refuses "an interface that is not there" 1 "*there is no interface 'eth9'*" rs rs1 up $vip --interface eth9
refuses "without privilege" 1 "lbctl: setting up a real server needs CAP_NET_ADMIN*" \
	on rs1 setpriv --reuid nobody --regid nogroup --clear-groups lbctl realserver up $vip
on rs1 setpriv --reuid nobody --regid nogroup --clear-groups lbctl realserver check $vip > "$tmp/unprivileged" 2>&1
like "check needs none" "$(< "$tmp/unprivileged")" "*arp-ignore*"
if [ ! -d /run/systemd/system ]; then
	refuses "without systemd it cannot be kept, and is said" 1 "*until the next reboot only: systemd*" rs rs1 up $vip --keep
	is "but it is up" "$(ip -n "$rs1" -o address show dev lo | grep -c "$vip/32")" 1
	rs rs1 down $vip > /dev/null
fi
finish
