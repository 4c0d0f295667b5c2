#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Namespaces come and go, with services and live connections in them, and take everything along.
#
#	client ---- router ==== director ==== rs1, destroyed and built again
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
for round in 1 2 3; do
	network
	start rs1 "$here/talk.py" tcp-server rs1 80
	wait_listening rs1 tcp 80
	vs_add tcp $vip:80 rr
	rs_add tcp $vip:80 $rs1_ip:80 nat 1
	is "round $round: a connection in a namespace" "$(on client "$here/talk.py" tcp $vip 80 1)" rs1
	ip netns add "${prefix}other"
	on other lbctl service add udp $vip:53 --scheduler wlc || die "other"
	ip netns del "${prefix}other"
	tmp_kept=$tmp
	cleanup
	tmp=$tmp_kept
	mkdir -p "$tmp"
done
# Namespaces are torn down in the background: rmmod waits for that.
succeeds "the module can be unloaded" rmmod lb
is "no module is left" "$(test -e /sys/module/lb && echo there)" ""
is "no slab is left" "$(slabs)" ""
finish
