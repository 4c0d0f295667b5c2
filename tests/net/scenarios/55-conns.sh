#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Connections can be listed, counted and forgotten by what they have in common.
#
#	client ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	start $n "$here/talk.py" udp-server $n 53
	wait_listening $n tcp 80
	wait_listening $n udp 53
done
for p in tcp:80 udp:53; do
	vs_add ${p%:*} $vip:${p#*:} rr
	vs_add ${p%:*} "[$vip6]:${p#*:}" rr
	rs_add ${p%:*} $vip:${p#*:} $rs1_ip:${p#*:} nat 1
	rs_add ${p%:*} $vip:${p#*:} $rs2_ip:${p#*:} nat 1
	rs_add ${p%:*} "[$vip6]:${p#*:}" "[$rs1_ip6]:${p#*:}" nat 1
done
coproc HELD { exec nsenter --net="/run/netns/$client" "$here/talk.py" hold $vip 80 4; }
started+=("$HELD_PID")
while read -r -t 30 -u "${HELD[0]}" line && [ "$line" != held ]; do :; done
on client "$here/talk.py" tcp $vip 80 2 4000 > /dev/null
on client "$here/talk.py" udp $vip 53 4 > /dev/null
on client "$here/talk.py" tcp $vip6 80 3 > /dev/null

# Four held, one port twice (once rescheduled), four of UDP, three of v6.
count() { lbctl conn count "$@" | grep -o '[0-9]*' | head -n 1; }
is "all" "$(count)" 12
is "by protocol" "$(count --protocol udp)" 4
is "by state" "$(count --state established)" 4
is "by client" "$(count --client $client_ip)" 9
is "by client's port" "$(count --client $client_ip:4000)" 1
is "by client's prefix" "$(count --client 198.51.100.0/24)" 9
is "by another prefix" "$(count --client 198.51.101.0/24)" 0
is "by client's v6 prefix" "$(count --client 2001:db8::/32)" 3
is "by service" "$(count --service $vip:80)" 5
is "by destination" "$(count --dest "[$rs1_ip6]")" 3
is "by method" "$(count --method direct)" 0
is "by two of them" "$(count --protocol tcp --dest $rs1_ip --state established)" 2
is "what is counted is listed" "$(lbctl conn list --service $vip:80 | grep -c "$vip:80")" 5

lbctl conn del --dest $rs1_ip > /dev/null
is "forgotten by destination" "$(count --dest $rs1_ip)" 0
compare "the others are not" "$(count)" -gt 5
refuses "all, by mistake" 2 "*--all*" lbctl conn del
succeeds "all forgotten" lbctl conn del --all
is "none is left" "$(count)" 0
finish
