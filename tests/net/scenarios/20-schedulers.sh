#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# rr, wrr, lc and wlc pick what ip_vs picks, for the same commands in the same order.
#
#	wire: c ---- director (lb)   ---- wire: s, destinations A, B, C... by their link-layer addresses
#	wire: c ---- peer (ip_vs)    ---- wire: s
#
# Known sequences first, observed on ip_vs and in ipvs-facts.md; then random ones, from a printed seed.
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
BALANCER=ipvs load_balancer
BALANCER=lb load_balancer

# NAMESPACE: both its legs end in a namespace of its own.
legs() {
	local d=$prefix$1 w=${prefix}wire$1 i
	add_ns "$1" "wire$1"
	tune "$1" ipv4/ip_forward=1
	{
		cat <<-BATCH
			link add c0 address 02:00:00:00:00:02 type veth peer name c address 02:00:00:00:00:01 netns $w
			link add s0 address 02:00:00:00:00:03 type veth peer name s netns $w
			link set lo up
			link set c0 up
			link set s0 up
			addr add 198.51.100.1/24 dev c0
			addr add 10.0.0.1/24 dev s0
			addr add $vip/32 dev lo
			neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev c0
		BATCH
		for i in {0..9}; do printf 'neigh add 10.0.0.%d lladdr 02:00:00:00:00:%02x dev s0\n' $((10 + i)) $((10 + i)); done
	} | ip -n "$d" -batch - || die "no legs"
	printf 'link set c up\nlink set s up\n' | ip -n "$w" -batch - || die "no legs"
}
legs director
legs peer
for n in director peer; do
	coproc SYNS { exec "$here/syns.py" "${prefix}wire$n" c "${prefix}wire$n" s $vip 80; }
	eval "exec {in_$n}>&${SYNS[1]} {out_$n}<&${SYNS[0]}"
	started+=("$SYNS_PID")
done 2> /dev/null

port=80
# Whatever is done is done to both.
both() {
	BALANCER=lb balancer_ns=director "$@" || die "lb: $*"
	BALANCER=ipvs balancer_ns=peer "$@" || die "ip_vs: $*"
}
declare -A address=([A]=10.0.0.10 [B]=10.0.0.11 [C]=10.0.0.12 [D]=10.0.0.13 [E]=10.0.0.14 [F]=10.0.0.15)
a() { both rs_add tcp $vip:$port "${address[$1]}:$port" direct "$2"; }
w() { both rs_set tcp $vip:$port "${address[$1]}:$port" direct "$2"; }
d() { both rs_del tcp $vip:$port "${address[$1]}:$port"; }
# Every sequence on a port of its own: a destination added again gets its old counts back.
fresh() {
	port=$((port + 1)) got_director='' got_peer=''
	both vs_add tcp $vip:$port "$1"
	q @$port
}
q() {
	local n line in out
	for n in director peer; do
		in=in_$n out=out_$n
		echo "$*" >&"${!in}"
		read -r -t 60 line <&"${!out}" || die "no picks from $n"
		out=got_$n
		printf -v "got_$n" %s "${!out}$line"
	done
}
# CLAIM SEQUENCE
picked() {
	is "$1: ip_vs" "$got_peer" "$2"
	is "$1: lb" "$got_director" "$2"
}

fresh rr; a A 1; a B 1; a C 1; q +7; a D 1; q +6; d B; q +7; d C; q +5
picked "rr, additions and deletions between picks" CBACBACBADCBADCADCADADADA
fresh rr; a A 1; q +2; a B 1; q +3; a C 1; q +6
picked "rr, picks between additions" AABABACBACB
fresh rr; a A 1; a B 0; a C 2; q +6; w B 1; q +6; w C 0; q +4; w C 1; q +1
picked "rr, weight 0 and back" CACACACBACBABABAC
fresh wrr; a A 4; a B 3; a C 2; q +18
picked "wrr 4 3 2" CBAABACBACBAABACBA
fresh wrr; a A 4; a B 2; q +3; w A 2; q +8; w B 5; q +14
picked "wrr, weights changed between picks" BAABABABABABABBBBABABBBBA
fresh wrr; a A 4; a B 3; a C 2; q +4; a D 5; q +14; d A; q +10
picked "wrr, addition and deletion between picks" "$got_peer"
fresh wrr; a A 65535; a B 1; q +3; w A 0; q +2; w B 0; q +1; w A 7; q +2
picked "wrr, extremes" BAABB-AA
fresh lc; a A 1; a B 1; a C 1; q +7; q -A,A; q +3
picked "lc, two connections closed" CBACBACBAC
fresh wlc; a A 3; a B 1; a C 2; q +18
picked "wlc 3 1 2" CBAACACBAACACBAACA

RANDOM=${SEED:=20261122}
note "seed $SEED (SEED=... repeats others)"
for scheduler in rr wrr lc wlc; do
	fresh $scheduler
	have=''
	for _ in {1..8}; do
		x=ABCDEF weight=$((RANDOM % 7))
		x=${x:RANDOM % 6:1}
		case $have:$((RANDOM % 4)) in
		*$x*:0) d "$x"; have=${have/$x/} ;;
		*$x*) w "$x" $weight ;;
		*) a "$x" $weight; have+=$x ;;
		esac
		q "+$((RANDOM % 9))"
	done
	is "$scheduler, random changes: lb as ip_vs" "$got_director" "$got_peer"
done
finish
