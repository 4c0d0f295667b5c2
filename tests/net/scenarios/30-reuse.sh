#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A client that uses a port again, while its last connection is in TIME_WAIT, is scheduled anew at once:
# its SYN is neither lost nor sent where the last one went.
#
#	client:4000 ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	wait_listening $n tcp 80
done
# The client forgets its own TIME_WAIT at once; the director does not.
tune client ipv4/tcp_tw_reuse=1 ipv4/tcp_max_tw_buckets=0 ipv4/tcp_syn_retries=1

six() {
	local start=${EPOCHREALTIME/./}
	got=$(on client "$here/talk.py" tcp $vip 80 6 4000 | xargs)
	took="$(((${EPOCHREALTIME/./} - start) / 1000)) ms; a lost SYN would cost 1000"
}
vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 nat 1
rs_add tcp $vip:80 $rs2_ip:80 nat 1
six
is "nat: one port, six connections, both servers in turn" "$got" "rs2 rs1 rs2 rs1 rs2 rs1"
note "$took"

# By direct the director sees one side only, and after the client's FIN cannot know that the server's came:
# FIN_WAIT, which ip_vs by default does not reschedule. The SYN goes where the last one went.
vs_del tcp $vip:80
serve_direct
vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 direct 1
rs_add tcp $vip:80 $rs2_ip:80 direct 1
six
is "direct: one port, six connections, one server" "$got" "rs2 rs2 rs2 rs2 rs2 rs2"
note "$took"
finish
