#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients go where ip_vs sends them by mh, and where every director with the same pool does.
#
#	the two directors of picks.sh; clients of many addresses and ports
. "$(dirname "$(readlink -f "$0")")/../picks.sh"

# LETTERS [WEIGHT]: added one by one, so that ip_vs has the last one in front.
add() { local i; for ((i = 0; i < ${#1}; i++)); do a "${1:i:1}" "${2:-1}"; done; }

# ip_vs's table depends on the order of addition; this one makes it that of addresses.
for how in '4' '4 fallback' '4 port' '6 fallback,port'; do
	read -r family flags <<< "$how"
	fresh mh $flags; add EDCBA; w B 3; w D 100
	q '*150 +3'
	alike "mh, IPv$how"
	spread "each has some" ABCDE
	w B 0; q '*150'
	alike "mh, IPv$how, one of weight 0 keeps its slots"
	w C 0; w A 0; d E; q '*40'
	alike "mh, IPv$how, three of weight 0, one deleted"
	w B 7; w A 2; q '*60'
	alike "mh, IPv$how, back again"
done

# On lb the order does not matter: the same clients go to the same servers on another director.
whom=director
for family in 4 6; do
	want=''
	for order in ABCDEFGHI IHGFEDCBA "$(shuf -e {A..I} | tr -d '\n')"; do
		fresh mh fallback,port; add "$order"; w C 5; w G 0
		q '*200'
		# For the next: a service and destinations of the same names, and no connections.
		both vs_del tcp "$(service)"
		on director lbctl conn del --all > /dev/null || die "conn del"
		port=$((port - 1))
		is "IPv$family mh, added in the order $order" "$got_director" "${want:=$got_director}"
	done
done
finish
