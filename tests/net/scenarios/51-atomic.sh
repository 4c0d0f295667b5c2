#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A transaction is seen before or after, never half: while two servers take turns at weight 0 in one
# transaction each time, no client is ever refused. Done in two steps, clients would be.
#
#	client (as many connections as go) ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	wait_listening $n tcp 80
done
for turn in 1 2; do
	cat > "$tmp/$turn" <<-FILE
		service add tcp $vip:80 --scheduler rr
		dest add tcp $vip:80 $rs1_ip:80 --method nat --weight $((turn == 1))
		dest add tcp $vip:80 $rs2_ip:80 --method nat --weight $((turn == 2))
		service add udp $vip:$((8000 + turn)) --scheduler wrr
	FILE
done
lbctl restore "$tmp/1" || die "restore"
seconds=${SOAK:-5}
on client "$here/talk.py" hammer $vip 80 "$seconds" > "$tmp/hammered" &
hammer=$!
turns=0
while kill -0 $hammer 2> /dev/null; do
	lbctl restore "$tmp/2" || die "restore"
	lbctl restore "$tmp/1" || die "restore"
	turns=$((turns + 2))
done
read -r good bad why < "$tmp/hammered"
note "$turns transactions, $good connections"
is "no connection is refused" "$bad ${why:-}" "0 "
compare "there were connections" "$good" -gt 20
compare "there were transactions" $turns -gt 4
finish
