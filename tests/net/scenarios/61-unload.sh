#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# rmmod works at any time: with connections, services and namespaces alive and under traffic. Loaded again,
# it serves again.
#
#	client (connecting all the time) ---- router ==== director ==== rs1
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
start rs1 "$here/talk.py" tcp-server rs1 80
start rs1 "$here/talk.py" udp-server rs1 53
wait_listening rs1 tcp 80
cat > "$tmp/file" <<-FILE
	service add tcp $vip:80 --scheduler wlc
	dest add tcp $vip:80 $rs1_ip:80 --method nat
	service add udp $vip:53 --scheduler rr
	dest add udp $vip:53 $rs1_ip:53 --method nat
	service add tcp [$vip6]:80 --scheduler rr
	dest add tcp [$vip6]:80 [$rs1_ip6]:80 --method nat
FILE
hammers=()
for v in $vip $vip6; do
	start client "$here/talk.py" hammer $v 80 600 > "$tmp/hammered.$v"
	hammers+=("${started[-1]}")
done
served() { lbctl conn list | grep -q "$vip"; }
for round in 1 2 3 4; do
	lbctl restore "$tmp/file" || die "restore"
	wait_for served || die "no connection in round $round"
	rmmod lb || die "rmmod"
	insmod "$LB_KO" || die "insmod"
done
kill "${hammers[@]}"
wait "${hammers[@]}"
read -r good bad why < "$tmp/hammered.$vip"
note "$good connections, $bad refused while there was nobody to serve them (${why:-})"
compare "it was unloaded under traffic four times, and connections were made" "$good" -ge 4
lbctl restore "$tmp/file"
is "loaded again, it serves" "$(on client "$here/talk.py" tcp $vip 80 1)" rs1
succeeds "the module can be unloaded" rmmod lb
is "no slab is left" "$(slabs)" ""
finish
