#!/bin/bash
# A client that uses a port again, while its last connection is in TIME_WAIT, is scheduled anew at once:
# its SYN is not lost. rr shows that it was scheduled, its patience that nothing was lost.
#
#	client:4000 ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
via director
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	wait_listening $n tcp 80
done
# The client forgets its own TIME_WAIT at once; the director does not.
tune client ipv4/tcp_tw_reuse=1 ipv4/tcp_max_tw_buckets=0 ipv4/tcp_syn_retries=1

for method in nat direct; do
	[ $method = nat ] || { vs_del tcp $vip:80; serve_direct; }
	vs_add tcp $vip:80 rr
	rs_add tcp $vip:80 $rs1_ip:80 $method 1
	rs_add tcp $vip:80 $rs2_ip:80 $method 1
	start=${EPOCHREALTIME/./}
	got=$(on client "$here/talk.py" tcp $vip 80 6 4000 | xargs)
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	is "$method: one port, six connections, both servers in turn" "$got" "rs2 rs1 rs2 rs1 rs2 rs1"
	note "$method: $took ms (a lost SYN costs 1000)"
done
finish
