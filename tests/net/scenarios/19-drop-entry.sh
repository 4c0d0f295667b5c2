#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# drop-entry forgets, besides the half open (17-defence), what has lain idle for a minute after few packets: the
# fewer, the sooner. Associations of SCTP that nobody answered go at once.
#
#	wire: client ---- director (lb) ---- wire: rs1, and the same with ip_vs beside it
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# ip_vs first: then it has its names, and its clients.
balancers='ipvs lb'
base=$prefix
of() { BALANCER=$1 prefix=$base$1- director=$base$1-director wire=$base$1-wire; }
segments() { "$here/segments.py" "$wire" "$@" > /dev/null || die "nothing sent"; }

for b in $balancers; do
	of $b
	load_balancer
	wires
	vs_add udp $vip:80 rr
	rs_add udp $vip:80 10.0.1.2:80 nat 1
	vs_add sctp $vip:80 rr
	rs_add sctp $vip:80 10.0.1.2:80 nat 1
	namespaces=()
done
cleanup_all() {
	for b in $balancers; do
		of $b
		ip netns del "$director"
		ip netns del "$wire"
	done
}
trap 'cleanup_all; die "an early end"' EXIT

# Two hundred connections each, by their first port: of how many packets.
one=1000 eight=2000 nine=3000 init=4000
# PROTOCOL FIRST-PORT: how many there are
left() {
	case $BALANCER in
	lb) lbctl conn list --json | json "sum(c['protocol'] == '$1' and $2 <= c['client-port'] < $2 + 200 for c in d)" ;;
	ipvs)
		on director awk -v p="${1^^}" -v first="$2" '
			function hex(s, n, i) {
				for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
				return n
			}
			$1 == p && hex($3) >= first && hex($3) < first + 200 { n++ } END { print n + 0 }' /proc/net/ip_vs_conn
		;;
	esac
}
fewer_than() { [ "$(left "$2" "$3")" -lt "$1" ]; }

declare -A begun
for b in $balancers; do
	of $b
	# INIT1 lasts four seconds in both; here longer, so that what is gone was forgotten.
	[ $b = ipvs ] || lbctl settings set sctp-init1 3600
	for port in $nine $eight; do
		for _ in {1..8}; do segments 200 udp $port; done
	done
	segments 200 udp $nine
	begun[$b]=$SECONDS
	segments 200 udp $one
	is "$b: all are there" "$(left udp $one) $(left udp $eight) $(left udp $nine)" "200 200 200"
	if [ $b = lb ]; then
		segments 200 init $init
		is "$b: INITs, too" "$(left sctp $init)" 200
	fi
	setting drop-entry 3
done
of lb
succeeds "lb: what INITs opened is forgotten" wait_for fewer_than 160 sctp $init
# A thirty-second of all is looked at in a second: half of them in 22.
for b in $balancers; do
	of $b
	succeeds "$b: of one packet" wait_for fewer_than 200 udp $one
	compare "$b: not within a minute" $((SECONDS + 1 - begun[$b])) -ge 60
done
for b in $balancers; do
	of $b
	succeeds "$b: half of them are forgotten" wait_for fewer_than 100 udp $one
	# Of eight packets, an eighth of those looked at: when of the others the share x is left, x^(1/8) of these, give or
	# take 7 of 200. Those of one packet are counted later, when they are fewer.
	few=$(left udp $eight)
	compare "$b: of eight packets, few" "$few" -ge \
		"$(awk -v x="$(left udp $one)" 'BEGIN { print int(200 * ((x ? x : 1) / 200) ^ (1 / 8)) - 30 }')"
	is "$b: of nine, none" "$(left udp $nine)" 200
done
cleanup_all
finish
