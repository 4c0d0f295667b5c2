#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A flood of SYNs from everywhere: established connections lose nothing and none of them is evicted, new ones are let
# in as the settings say, and memory is bounded. By counting segments, so the same on every machine; ip_vs likewise.
#
#	wire: client, flood ---- director (lb, then ip_vs) ---- wire: rs1
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
rounds=4 flood=500 new=50

bed() {
	wires
	# Where answers to the flood would go.
	ip -n "$director" route add 198.18.0.0/15 via 198.51.100.2
	vs_add tcp $vip:80 rr
	rs_add tcp $vip:80 10.0.1.2:80 direct 1
}
segments() { "$here/segments.py" "$wire" "$@"; }
connections() {
	case $BALANCER in
	lb) lbctl conn count --service $vip:80 ;;
	ipvs) on director grep -c '^TCP' /proc/net/ip_vs_conn ;;
	esac | grep -o '[0-9]*' | head -n 1
}
# Prints how many segments of 200 established connections, of new ones and of the flood come through.
storm() {
	local r old=0 opened=0 flooded=0
	segments 200 S 1024 > /dev/null
	segments 200 A 1024 > /dev/null
	for ((r = 0; r < rounds; r++)); do
		flooded=$((flooded + $(segments $flood S $r flood)))
		old=$((old + $(segments 200 A 1024)))
		opened=$((opened + $(segments $new S $((2000 + r * new)))))
	done
	echo "$old $opened $flooded"
}

for BALANCER in lb ipvs; do
	load_balancer
	b=$BALANCER
	bed
	is "$b, undefended: all pass" "$(storm)" "800 200 2000"
	note "$b: $(connections) connections"
	ip netns del "$director"; ip netns del "$wire"; namespaces=()

	bed
	setting secure-tcp 3
	setting am-droprate 10
	# Established ones come first; one of ten is refused afterwards.
	segments 200 S 1024 > /dev/null
	segments 200 A 1024 > /dev/null
	setting drop-entry 3
	setting drop-packet 3
	read -r old opened flooded <<< "$(storm)"
	is "$b, drop-packet: the established lose nothing" "$old" 800
	is "$b: of the others, one of ten is refused" $((opened + flooded)) 1980
	compare "$b: of the new ones as well" "$opened" -ge 160
	note "$b: $opened of $((rounds * new)) new ones, $(connections) connections"
	ip netns del "$director"; ip netns del "$wire"; namespaces=()
done

# The bound, which ip_vs does not have.
BALANCER=lb
bed
segments 200 S 1024 > /dev/null
segments 200 A 1024 > /dev/null
lbctl settings set conn-max 800
read -r old opened flooded <<< "$(storm)"
is "conn-max: the established lose nothing" "$old" 800
# The number is kept per CPU, 32 or more at a time, and by as much not exact.
compare "conn-max: memory is bounded" "$(connections)" -le 900
compare "conn-max: the flood is not let in" "$flooded" -le 900
note "conn-max: $opened of $((rounds * new)) new ones, $flooded of $((rounds * flood)) of the flood, $(connections) connections"
is "conn-max: it is counted" "$(lbctl stats --json | sed -n 's/.*"conn-limit","packets":\([0-9]*\).*/\1/p')" \
	"$((rounds * (new + flood) - opened - flooded))"
finish
