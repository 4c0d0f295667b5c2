#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# rr, wrr, lc, wlc, sed, nq, fo and ovf pick what ip_vs picks, for the same commands in the same order.
#
#	the two directors of picks.sh
#
# twos, and p2c, which ip_vs has not, share connections out by weight. Known sequences first, observed on ip_vs and in ipvs-facts.md; then random ones, from a printed seed.
. "$(dirname "$(readlink -f "$0")")/../picks.sh"

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

# (active + 1) / weight of C, B, A: 1/3 1/2 1, 2/3 1/2 1, 2/3 1 1, 1 1 1, 4/3 1 1, 4/3 3/2 1, 4/3 3/2 2...
fresh sed; a A 1; a B 2; a C 3; q +12
picked "sed 1 2 3" CBCCBACBCCBA
fresh sed; a A 1; a B 4; w B 0; q +2; w B 4; q +6; q .A,A; q +1
picked "sed, weight 0 and back, two connections ended" AABBBBBBA
fresh nq; a A 1; a B 2; a C 3; q +10; q .A; q +1; q .B,B,B; q +2
picked "nq 1 2 3, idle ones first" CBACCBCBCCABB
fresh fo; a A 1; a B 3; a C 3; q +3; w C 0; q +2; w B 0; q +2; w A 0; q +1; w A 2; w B 2; q +2
picked "fo 1 3 3, one after the other out and back" CCCBBAA-BB
fresh ovf; a A 2; a B 1; q +6; q .B; q +1; q .A,A,A; q +2; a C 3; q +5
picked "ovf 2 1, full, some ended, one added" AAABB-BAACCCCA

RANDOM=${SEED:=20261122}
note "seed $SEED (SEED=... repeats others)"
for scheduler in rr wrr lc wlc sed nq fo ovf; do
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

# Random ones: connections that stay bring loads per weight together, so that each gets its weight's
# share. By the first draw alone, the largest would be 200 +- 10; the bound is four times that.
for scheduler in twos p2c; do
	modprobe -q ip_vs_$scheduler || whom=director	# Debian's 6.1 has no twos either
	fresh $scheduler; a A 1; a B 2; a C 3; a D 0
	q +400
	for x in A:67 B:133 C:200; do
		compare "$scheduler gives ${x%:*} about ${x#*:} of 400, not fewer" "$(times "${x%:*}")" -ge $((${x#*:} - 40))
		compare "$scheduler gives ${x%:*} about ${x#*:} of 400, not more" "$(times "${x%:*}")" -le $((${x#*:} + 40))
	done
	is "$scheduler gives none to D, of weight 0" "$(times D)" 0
	[ "$whom" = director ] || spread "and so does ip_vs" ABC
done
finish
