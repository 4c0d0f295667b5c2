#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients go where ip_vs sends them by dh, sh and mh, and, by mh, where every director with the same pool does.
#
#	the two directors of picks.sh; clients of many addresses and ports
. "$(dirname "$(readlink -f "$0")")/../picks.sh"

# ip_vs's table of mh depends on the order of addition; this one makes it that of addresses.
for how in 'sh 4' 'sh 4 fallback' 'sh 4 port' 'sh 6 fallback,port' \
	'mh 4' 'mh 4 fallback' 'mh 4 port' 'mh 6 fallback,port'; do
	read -r scheduler family flags <<< "$how"
	# shellcheck disable=SC2086
	fresh $scheduler $flags; add_all EDCBA
	q '*60 +3'
	alike "$how"
	spread "each has some" ABCDE
	w B 3; w D 100; q '*60'
	alike "$how, by weight"
	w B 0; q '*60'
	alike "$how, one of weight 0"
	w C 0; w A 0; d E; q '*40'
	alike "$how, three of weight 0, one deleted"
	w B 7; w A 2; q '*60'
	alike "$how, back again"
done

# One service has one address, and so one bucket. Which, depends on how many there are.
for family in 4 6; do
	fresh dh
	for x in {A..I}; do a $x 1; q '*3'; done
	w A 9; q '*2'; d B; q '*2'; d D; q '*2'
	alike "dh, IPv$family"
	for x in {A..I}; do
		case $x in B | D) continue ;; esac
		w $x 0; q '*2'
	done
	alike "dh, IPv$family, weights 0 one by one"
	like "then nobody is there" "$got_peer" "*--"
done

# On lb the order does not matter: the same clients go to the same servers on another director.
whom=director
for family in 4 6; do
	want=''
	for order in ABCDEFGHI IHGFEDCBA "$(shuf -e {A..I} | tr -d '\n')"; do
		fresh mh fallback,port; add_all "$order"; w C 5; w G 0
		q '*200'
		# For the next: a service and destinations of the same names, and no connections.
		both vs_del tcp "$service"
		on director lbctl conn del --all > /dev/null || die "conn del"
		port=$((port - 1))
		is "IPv$family mh, added in the order $order" "$got_director" "${want:=$got_director}"
	done
done
finish
