#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Draining has a deadline, at which connections are kept, ended with both ends told, or go elsewhere. What the
# connections of a removed destination get, its service or a setting says.
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
# EXPRESSION about rs1, x
rs1_is() { lbctl dest list tcp $vip:80 --json | json "[$1 for x in d if x['addr'] == '$rs1_ip']"; }
resets() { lbctl stats --json | json "[x['packets'] for x in d['total']['drop'] if x['name'] == 'conn-reset']"; }
# Connections on a host, which listens (sport) or has called (dport).
established() { on "$1" ss -Htn state established "${2:-sport} = :80" | wc -l; }
established_is() { [ "$(established "$1" "$2")" = "$3" ]; }
# Four connections, two on each.
hold() {
	coproc HELD { exec nsenter --net="/run/netns/$client" "$here/talk.py" hold "$1" 80 4; }
	started+=("$HELD_PID")
	while read -r -t 30 -u "${HELD[0]}" line && [ "$line" != held ]; do :; done
}
# SECONDS of patience for each connection that does not answer
talk() { echo "$1" >&"${HELD[1]}"; read -r -t 60 -u "${HELD[0]}" line; echo "$line"; }
release() { local input=${HELD[1]}; exec {input}>&-; wait "$HELD_PID" 2> /dev/null; }
service() { # VIP RS1 RS2 METHOD [OPTION...]
	lbctl flush
	lbctl conn del --all > /dev/null
	lbctl service add tcp "$1:80" --scheduler rr "${@:5}"
	rs_add tcp "$1:80" "$2" "$4" 1
	rs_add tcp "$1:80" "$3" "$4" 1
}
# WHAT: rs1's two are gone at both ends, the others are not.
both_told() {
	wait_for established_is client dport 2
	is "$1: the client was told" "$(established client dport)" 2
	wait_for established_is rs1 sport 0
	is "$1: and the server" "$(established rs1)" 0
	is "$1: the others talk on" "$(talk 5)" 2
	release
}

if [ "$BALANCER" = lb ]; then
	service $vip $rs1_ip:80 $rs2_ip:80 nat
	hold $vip
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 600 --then reset
	is "what will be done is told" "$(rs1_is 'x["drain-end"]')" reset
	is "and how long it has" "$(rs1_is '590 < x["deadline"] <= 600')" True
	like "so is it to people" "$(lbctl service list)" "*$rs1_ip:80*draining, * s left, then reset*"
	lbctl save > "$tmp/saved"
	like "it is saved" "$(cat "$tmp/saved")" "*--drain on --deadline * --then reset*"
	is "a restore of what runs changes nothing" "$(lbctl restore --dry-run "$tmp/saved" 2>&1)" ""
	is "until then connections talk on" "$(talk 5)" 4
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 500
	is "said anew, it ends as said" "$(rs1_is 'x["drain-end"]')" keep
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --undo
	is "undone there is no deadline" "$(rs1_is '(x["drain"], x["deadline"])')" "(False, None)"

	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 0
	is "keep: connections talk on after the deadline" "$(talk 5)" 4
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 0 --then reset
	is "reset: the others talk on" "$(talk 5)" 2
	both_told "reset, by what they say"
	compare "it is counted" "$(resets)" -ge 2

	# Nobody says anything.
	service $vip $rs1_ip:80 $rs2_ip:80 nat
	hold $vip
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 1 --then reset --wait > "$tmp/progress"
	like "progress is shown" "$(cat "$tmp/progress")" \
		"$rs1_ip:80: 2 active, 0 inactive left, * then reset"*"$rs1_ip:80: 0 active, 0 inactive left, time over: reset"
	both_told "reset, idle"

	service "[$vip6]" "[$rs1_ip6]:80" "[$rs2_ip6]:80" nat
	hold $vip6
	lbctl dest drain tcp "[$vip6]:80" "[$rs1_ip6]:80" --deadline 0 --then reset
	both_told "reset, idle, IPv6"
	service "[$vip6]" "[$rs1_ip6]:80" "[$rs2_ip6]:80" nat
	hold $vip6
	lbctl dest drain tcp "[$vip6]:80" "[$rs1_ip6]:80" --deadline 0 --then reset
	is "reset, IPv6: the others talk on" "$(talk 5)" 2
	both_told "reset, IPv6, by what they say"

	service $vip $rs1_ip:80 $rs2_ip:80 nat --orphans reset
	hold $vip
	rs_del tcp $vip:80 $rs1_ip:80
	both_told "removed, orphans reset"
	service $vip $rs1_ip:80 $rs2_ip:80 nat --orphans reset
	hold $vip
	lbctl flush
	wait_for established_is client dport 0
	is "the whole service removed, orphans reset: clients are told" "$(established client dport)" 0
	release

	serve_direct
	service $vip $rs1_ip:80 $rs2_ip:80 direct
	hold $vip
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 0 --then reset
	both_told "reset, direct, idle"
	service $vip $rs1_ip:80 $rs2_ip:80 direct
	hold $vip
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 0 --then reset
	is "reset, direct: the others talk on" "$(talk 5)" 2
	both_told "reset, direct, by what they say"

	# The other server knows nothing of the connection, and says so.
	service $vip $rs1_ip:80 $rs2_ip:80 direct
	hold $vip
	lbctl dest drain tcp $vip:80 $rs1_ip:80 --deadline 0 --then reschedule
	is "reschedule: the others talk on" "$(talk 5)" 2
	wait_for established_is client dport 2
	is "reschedule: another server answers the client" "$(established client dport)" 2
	release

	refuses "what is done at a deadline needs one" 1 "*needs one*" \
		lbctl dest set tcp $vip:80 $rs2_ip:80 --drain on --then reset
	refuses "a deadline needs draining" 1 "*only draining has a deadline*" \
		lbctl dest set tcp $vip:80 $rs2_ip:80 --deadline 9
	refuses "an end that there is not" 2 "*'rest'*reset*" \
		lbctl dest drain tcp $vip:80 $rs2_ip:80 --deadline 9 --then rest
	lbctl flush
	lbctl conn del --all > /dev/null
fi

# UDP: one flow, which goes where it went.
vs_add udp $vip:53 rr
rs_add udp $vip:53 $rs1_ip:53 nat 1
rs_add udp $vip:53 $rs2_ip:53 nat 1
flow() { on client "$here/talk.py" udp $vip 53 1 4053; }
# Who has it, and who has not.
who() {
	first=$(flow)
	[ "$first" = rs1 ] && first_ip=$rs1_ip other=rs2 || first_ip=$rs2_ip other=rs1
}
who
is "a flow stays with its server" "$(flow)" "$first"
if [ "$BALANCER" = lb ]; then
	for end in reschedule reset; do
		who
		lbctl dest drain udp $vip:53 "$first_ip:53" --deadline 0 --then $end
		is "$end: the flow moves" "$(flow)" $other
		lbctl dest drain udp $vip:53 "$first_ip:53" --undo
		is "$end: and stays there" "$(flow)" $other
	done
	for orphans in drop reset reschedule; do
		who
		lbctl service set udp $vip:53 --orphans $orphans
		rs_del udp $vip:53 "$first_ip:53"
		case $orphans in
		drop) like "orphans drop: a flow is not answered" "$(flow)" "- *" ;;
		*) is "orphans $orphans: a flow moves" "$(flow)" $other ;;
		esac
		rs_add udp $vip:53 "$first_ip:53" nat 1
	done
	lbctl service set udp $vip:53 --orphans default
	who
fi
nodest() {
	case $BALANCER in
	lb) lbctl settings set expire-nodest-conn "$1" ;;
	ipvs) tune director "ipv4/vs/expire_nodest_conn=$1" ;;
	esac
}
rs_del udp $vip:53 "$first_ip:53"
like "removed: a flow is not answered" "$(flow)" "- *"
nodest 1
is "removed, expire-nodest-conn 1: the flow moves" "$(flow)" $other
finish
