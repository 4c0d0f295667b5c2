#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A draining destination keeps its connections and gets no new ones; a removed one gets nothing at all,
# until it is back.
#
#	client ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	wait_listening $n tcp 80
done
vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 nat 1
rs_add tcp $vip:80 $rs2_ip:80 nat 1

coproc HELD { exec nsenter --net="/run/netns/$client" "$here/talk.py" hold $vip 80 4; }
started+=("$HELD_PID")
got=''
while read -r -t 30 -u "${HELD[0]}" line && [ "$line" != held ]; do got+="$line "; done
is "four connections, two on each" "$(printf '%s\n' $got | sort | xargs)" "rs1 rs1 rs2 rs2"
# SECONDS of patience for each connection that does not answer
talk() { echo "$1" >&"${HELD[1]}"; read -r -t 60 -u "${HELD[0]}" line; echo "$line"; }
new() { on client "$here/talk.py" tcp $vip 80 4 | sort | uniq -c | xargs; }

if [ "$BALANCER" = lb ]; then
	lbctl dest drain tcp $vip:80 $rs1_ip:80
else
	rs_set tcp $vip:80 $rs1_ip:80 nat 0
fi
is "draining: the connections talk on" "$(talk 3)" 4
is "draining: new connections go elsewhere" "$(new)" "4 rs2"
if [ "$BALANCER" = lb ]; then
	lbctl dest set tcp $vip:80 $rs1_ip:80 --drain off
else
	rs_set tcp $vip:80 $rs1_ip:80 nat 1
fi
is "drained no more: both get connections" "$(new)" "2 rs1 2 rs2"

rs_del tcp $vip:80 $rs1_ip:80
is "removed: its connections are silent, the others talk on" "$(talk 0.3)" 2
is "removed: new connections go elsewhere" "$(new)" "4 rs2"
rs_add tcp $vip:80 $rs1_ip:80 nat 1
is "added again: all talk on" "$(talk 20)" 4
finish
