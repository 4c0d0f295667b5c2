#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A destination with as many connections as its upper bound is passed by, by every scheduler and as ip_vs
# passes it by, until it has fewer than its lower one.
#
#	the two directors of picks.sh
. "$(dirname "$(readlink -f "$0")")/../picks.sh"

# LETTER WEIGHT UPPER [LOWER]
l() { address_of "$1"; both rs_set tcp "$service" "$address" direct "$2" "$3" "${4:-0}"; }

# Weights 2 1, A full with 4.
fresh rr; a A 1; a B 1; l A 1 4; q +12
picked "rr, A has 4" BABABABABBBB
l A 1 6; q +6; l A 1 0; q +4
picked "rr, the bound is raised and lifted" BABABABABBBBABABBBABAB
fresh lc; a A 1; a B 1; l A 1 2; l B 1 3; q +7
picked "lc, all are full" BABAB--
fresh fo; a A 9; a B 5; l A 9 3; q +5
picked "fo, the heaviest is full" AAABB

# A connection that ends makes room only below the lower bound: three quarters of 4, or what is given.
# Of those that were established nothing is left ten seconds after a reset.
fresh rr; a A 1; l A 1 4; q +5
picked "one alone is full with 4" AAAA-
gone() { # NAMESPACE COUNT
	case $1 in
	director) [ "$(on director lbctl dest list tcp "$service" --json | json 'd[0]["active"] + d[0]["inactive"]')" = "$2" ] ;;
	peer) [ "$(on peer ipvsadm -Ln -t "$service" | awk '/->/ && $2 != "RemoteAddress:Port" { print $5 + $6 }')" = "$2" ] ;;
	esac
}
both_gone() {
	local n
	for n in director peer; do wait_for gone $n "$1" || die "$1 connections do not remain"; done
}
q ^A -A; both_gone 3; q +1
picked "with 3 it still is" AAAA--
q ^A -A; both_gone 2; q +3
picked "with 2 it is not" AAAA--AA-

RANDOM=${SEED:=20261122}
note "seed $SEED (SEED=... repeats others)"
# ip_vs of 6.1 notices a bound that is lowered only with the next connection.
schedulers=(rr wrr lc wlc sed nq fo ovf 'sh fallback' sh 'mh fallback' mh dh lblcr)
[ "${LB_KERNEL:-}" != 6.1 ] || schedulers=()
for scheduler in "${schedulers[@]}"; do
	# shellcheck disable=SC2086
	fresh $scheduler
	case $scheduler in mh* | sh* | dh) how='*'; add_all EDCBA ;; *) how=+; add_all ABCDE ;; esac
	for _ in {1..10}; do
		x=ABCDE
		x=${x:RANDOM % 5:1}
		upper=$((RANDOM % 7))
		l $x $((RANDOM % 4 + (RANDOM % 4 > 0))) $upper $((upper ? RANDOM % upper : 0))
		q "$how$((RANDOM % 8))"
	done
	alike "$scheduler, random bounds"
done

# What is drawn at random: as far as bounds go.
for scheduler in twos p2c; do
	modprobe -q ip_vs_$scheduler || whom=director	# Debian's 6.1 has no twos either
	fresh $scheduler; a A 1; a B 9; a C 9; l B 9 5; l C 9 7; q +30
	is "$scheduler gives B as many as it may have" "$(times B)" 5
	is "$scheduler gives C as many as it may have" "$(times C)" 7
	is "$scheduler gives A the rest" "$(times A)" 18
	[ "$whom" = director ] || is "and so does ip_vs" "$(tr -cd B <<< "$got_peer" | wc -c)$(tr -cd C <<< "$got_peer" | wc -c)" 57
	l A 1 3; q +4
	is "$scheduler: all are full" "${got_director: -4}" ----
done

# Many: a tournament, not a scan. 200 with 3 each.
whom=director
fresh lc
for i in {1..200}; do echo "dest add tcp $service 10.1.$((i / 100)).$((i % 100 + 1)):$port --method direct --upper 3"; done |
	on director lbctl restore --add - > /dev/null || die "200 destinations"
on director ip route add 10.1.0.0/16 via 10.0.0.10
q +600
is "lc, 200 destinations take 3 each" "$(times A)" 600
q +2
is "and not one more" "${got_director: -2}" --
is "all of them are full" "$(on director lbctl dest list tcp "$service" --json |
	json 'sum(x["full"] and x["active"] + x["inactive"] == 3 for x in d)')" 200

at="tcp $service 10.1.0.2:$port"
# shellcheck disable=SC2086
{
refuses "a lower bound above the upper one is refused" 1 "*lower bound, 4, is above the upper one, 3*" on director lbctl dest set $at --lower 4
refuses "and so is lowering the upper one below it" 1 "*lower bound, 2, is above the upper one, 1*" \
	on director sh -c "lbctl dest set $at --lower 2 && lbctl dest set $at --upper 1"
}
on director lbctl save > "$tmp/saved"
like "bounds are saved" "$(grep " 10.1.0.2:" "$tmp/saved")" "*--upper 3 --lower 2"
is "and restored without a change" "$(on director lbctl restore --dry-run "$tmp/saved" 2>&1)" ""
finish
