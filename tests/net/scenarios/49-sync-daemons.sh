#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Daemons of the synchronisation start, are listed and stop; what cannot be is refused, and why; and they are gone
# at once, under traffic, with their interface, with their namespace and with the module.
#
#	client (connecting all the time) ---- router ==+== director (lb: backup, and master)
#	                                               +== twin (lb: master)
#	                                               +== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$here/directors.sh"

refuses "an interface that is not there" 1 "*no such interface*" lbctl sync start master --interface eth7
refuses "a group that is none" 1 "*no multicast address*" lbctl sync start master --interface eth0 --group 10.0.0.1
refuses "messages longer than the MTU" 1 "*do not fit*" lbctl sync start master --interface eth0 --max-length 1473
succeeds "as long as it" lbctl sync start master --interface eth0 --max-length 1472
refuses "twice" 1 "*runs already*" lbctl sync start master --interface eth0
succeeds "both may run, in IPv6, too" lbctl sync start backup --interface eth0 --group ff02::81 --port 9000 --ttl 2 --id 3
like "they are listed" "$(lbctl sync | xargs)" "*master eth0 0 224.0.0.81 8848 1 1 1472 backup eth0 3 ff02::81 9000 1 2 1452*"
succeeds "stopped" lbctl sync stop backup
refuses "no more than once" 1 "*does not run*" lbctl sync stop backup

# Root of a container gets less of what is the machine's.
guest() { unshare --user --map-root-user --net bash -c "ip link set lo up && lbctl settings set sync-ports $1 && lbctl sync start master --interface lo"; }
if [ -e /proc/self/ns/user ]; then
	refuses "more ports than a guest may have" 1 "*8 at most*" guest 9
	succeeds "as many as it may" guest 8
fi

# A queue of one message, and every packet in one of its own, faster than a thread can send.
lbctl sync stop master
lbctl settings set sync-threshold 0 sync-period 1 sync-qlen-max 1
lbctl sync start master --interface eth0 --max-length 1 || die "no master"
lbctl service add udp $vip:54 --scheduler rr
lbctl dest add udp $vip:54 $rs1_ip:54 --method nat
all_counted() { [ $(($(sync_count director sent-conns) + $(sync_count director lost-queue))) = 1000 ]; }
on client python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(1000): s.sendto(b'x', ('$vip', 54))"
is "of 1000 packets, each is told or counted as lost" "$(wait_for all_counted && echo counted)" counted
compare "the queue is bounded" "$(sync_count director lost-queue)" -gt 0
compare "and what waits is sent" "$(sync_count director sent-conns)" -gt 0
lbctl settings set sync-threshold 3 sync-period 50 sync-qlen-max 0
lbctl sync stop master || die "no stop"
lbctl sync start master --interface eth0 || die "no other master"

# Loaded as it is, with daemons and traffic.
for n in director twin; do configure lb $n nat; done
balancer_ns=director
start client "$here/talk.py" hammer $vip 80 600 > /dev/null
lbctl sync start backup --interface eth0 || die "no backup"
balancer_ns=twin lbctl sync start master --interface eth0 || die "no master"
told=0
more_told() { [ "$(sync_count director sent-conns)" -gt "$told" ]; }
for round in 1 2 3; do
	lbctl sync stop master || die "round $round"
	lbctl sync start master --interface eth0 || die "round $round"
	told=$(sync_count director sent-conns)
	is "started and stopped under traffic, round $round: it tells" "$(wait_for more_told && echo told)" told
done
other=${prefix}other
ip netns add "$other"
ip -n "$other" -batch - <<-BATCH || die "no other"
	link set lo up
	link add v0 type veth peer name v1
	link set v0 up
	link set v1 up
	addr add 10.9.0.1/24 dev v0
BATCH
for role in master backup; do
	on other lbctl sync start $role --interface v0 || die "no $role"
done
succeeds "an interface goes while they run on it" ip -n "$other" link del v0
on other lbctl sync stop backup || die "no stop"
on other lbctl sync start backup --interface lo || die "no start"
succeeds "a namespace goes while they run" ip netns del "$other"
succeeds "the module is unloaded while they run" rmmod lb
is "no thread is left" "$(pgrep lb-sync)" ""
is "no slab is left" "$(slabs)" ""
finish
