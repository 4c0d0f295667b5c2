#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lblc and lblcr lead an address that clients ask for where ip_vs leads it, for the same commands in the same order.
#
#	the two directors of picks.sh; a service of one address, and services of marks, for many
. "$(dirname "$(readlink -f "$0")")/../picks.sh"
# SCHEDULER SECONDS
expiration() {
	on director lbctl settings set "$1-expiration" "$2" > /dev/null || die "lbctl settings"
	on peer sysctl -qw "net.ipv4.vs.$1_expiration=$2" || die "sysctl"
}

# Connections stay. C's 3rd makes it more than its weight, while others have none; at the end nobody has room to spare.
fresh lblc; a A 2; a B 2; a C 2; q +12
picked "lblc 2 2 2, one address" CCCBBBAAAAAA
# The second is the least loaded of the set, then the third; at the end the set takes turns.
fresh lblcr; a A 2; a B 2; a C 2; q +14
picked "lblcr 2 2 2, one address" CCCBBBAAAABCAB

for family in 4 6; do
	how="IPv$family"
	fresh_mark lblc; a A 9; a B 9; a C 9; q '>1' +2 '>2' +2 '>3' +2 '>1' +2 '>3' +1 '>2' +1
	picked "$how: lblc, three addresses, each its server" CCBBAACCAB
	w C 0; q '>2' +1 '>1' +2; w C 9; q '>1' +1 '>3' +1
	picked "$how: lblc, weight 0 and back" CCBBAACCABBAAAA
	w A 0; w A 9; q '>1' +1
	picked "$how: lblc, weight 0 unnoticed by an address" CCBBAACCABBAAAAA
	d B; q '>2' +1 '>3' +1; a B 9; q '>2' +1
	picked "$how: lblc, a server removed" CCBBAACCABBAAAAACAC

	fresh_mark lblcr; a A 2; a B 2; a C 9; w C 2; q '>1' +4 '>2' +1 '>3' +1 '>1' +1
	alike "$how: lblcr, three addresses"
	w C 0; q '>1' +3; w C 2; q '>1' +3
	alike "$how: lblcr, weight 0 and back"
	d B; q '>1' +2 '>2' +1
	alike "$how: lblcr, a server removed"
	spread "$how: lblcr, all were chosen" ABC
done
family=4

# Overload ends when connections do; inactive ones do not count.
fresh lblc; a A 4; a B 4; q +7 .B,B,B +2 .A,A +3
alike "lblc, connections end"
fresh lblcr; a A 4; a B 4; q +7 .B,B,B +4 .A,A +3
alike "lblcr, connections end"

# A, B: 1, 5. After twelve seconds without a change B leaves; A has more than B in the end, and stays alone.
expiration lblcr 12
fresh lblcr; a A 4; a B 4; q +6; sleep 6.5; q +1; sleep 6.5; q +6
picked "lblcr, the most loaded leaves" BBBBBAAAAAAAA
expiration lblcr 86400

# On purpose other than ip_vs.
fresh_mark lblc; a A 9; a B 9; q '>1' +2 '>2' +1 '>1'; d B; a B 9; q +1
is "lblc, removed and added again: ip_vs remembers what was its" "$got_peer" BBAB
is "lblc, removed and added again: lb has forgotten" "$got_director" BBAA
fresh lblc; a A 9; a B 9; address_of B; both rs_set tcp "$service" "$address" direct 9 3 2; q +5
is "lblc, a full server: ip_vs goes on" "$got_peer" BBBBB
is "lblc, a full server: lb passes it by" "$got_director" BBBAA
whom=director
for scheduler in lblc lblcr; do
	on director lbctl settings set $scheduler-expiration 1 > /dev/null || die "lbctl settings"
	fresh $scheduler; a A 9; a B 9; q +1; sleep 1.2; q +1
	is "$scheduler, unused for its time: lb has forgotten" "$got_director" BA
	on director lbctl settings set $scheduler-expiration 86400 > /dev/null || die "lbctl settings"
done
whom='director peer'

RANDOM=${SEED:=20261122}
note "seed $SEED (SEED=... repeats others)"
for round in {1..6}; do
	for scheduler in lblc lblcr; do
		if ((round % 3)); then
			fresh_mark $scheduler
		else
			fresh $scheduler
		fi
		letters=ABCDEFGHI have='' had=''
		for _ in {1..40}; do
			x=${letters:RANDOM % ${#letters}:1} weight=$((RANDOM % 7))
			case $((RANDOM % 6)) in
			0) [[ $had == *$x* ]] || { a "$x" $weight; had+=$x have+=$x; } ;;
			1) [[ $have != *$x* ]] || w "$x" $weight ;;
			2) [[ $have != *$x* || ${#have} -lt 4 ]] || { d "$x"; have=${have/$x/}; } ;;
			esac
			to=''
			[ $protocol = tcp ] || to=">$((1 + RANDOM % 5))"
			# shellcheck disable=SC2086
			q $to "+$((1 + RANDOM % 4))"
			last=${answer: -1}
			[ "$last" = - ] || ((RANDOM % 3)) || q "-$last"
		done
		alike "$scheduler, random changes"
	done
done
finish
