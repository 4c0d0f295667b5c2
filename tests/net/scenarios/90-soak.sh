#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything at once, for a while: connections are opened and closed while destinations, services and
# namespaces come and go and the module is reloaded. SOAK=seconds makes it longer.
#
#	client ---- router ==== director ==== rs1, rs2        (nat, direct; TCP, UDP; v4, v6)
#	namespaces with services of their own, appearing and going
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80 81 82
	start $n "$here/talk.py" udp-server $n 53
	wait_listening $n tcp 80
done
seconds=${SOAK:-20}
RANDOM=${SEED:=20261122}
note "$seconds s, seed $SEED"
cat > "$tmp/file" <<-FILE
	service add tcp $vip:80 --scheduler wlc
	dest add tcp $vip:80 $rs1_ip:80 --method nat
	dest add tcp $vip:80 $rs2_ip:80 --method nat
	service add tcp $vip:81 --scheduler wrr
	dest add tcp $vip:81 $rs1_ip:81 --method direct
	dest add tcp $vip:81 $rs2_ip:81 --method tunnel --weight 3
	service add tcp [$vip6]:82 --scheduler lc
	dest add tcp [$vip6]:82 [$rs1_ip6]:82 --method nat
	dest add tcp [$vip6]:82 $rs2_ip:82 --method tunnel
	service add udp $vip:53 --scheduler rr
	dest add udp $vip:53 $rs1_ip:53 --method nat
FILE
lbctl restore "$tmp/file" || die "restore"

end=$((SECONDS + seconds))
before_end() { [ $SECONDS -lt $end ]; }
for v in "$vip 80" "$vip 81" "$vip6 82"; do
	# shellcheck disable=SC2086
	start client "$here/talk.py" hammer $v $((seconds + 60)) > "$tmp/hammered.${v##* }"
	hammers+=("${started[-1]}")
done

# Changes are made whatever the module's state is: some are refused, and none may do harm.
one() { nsenter --net="/run/netns/$director" lbctl "$@" > /dev/null 2>&1; }
dests() {
	while before_end; do
		case $((RANDOM % 7)) in
		0) one dest del tcp $vip:80 $rs2_ip:80 ;;
		1) one dest add tcp $vip:80 $rs2_ip:80 --method nat --weight $((RANDOM % 5)) ;;
		2) one dest set tcp $vip:80 $rs1_ip:80 --weight $((RANDOM % 3)) ;;
		3) one dest drain tcp $vip:81 $rs1_ip:81 ;;
		4) one dest set tcp $vip:81 $rs1_ip:81 --drain off --method tunnel ;;
		5) one dest set tcp $vip:81 $rs1_ip:81 --method direct ;;
		6) one conn del --dest $rs2_ip ;;
		esac
	done
}
services() {
	local schedulers=(rr wrr lc wlc sed nq fo ovf dh sh mh twos p2c lblc lblcr)
	while before_end; do
		case $((RANDOM % 5)) in
		0) one service del udp $vip:53 ;;
		1) one service del tcp "[$vip6]:82" ;;
		2) one service set tcp $vip:80 --scheduler "${schedulers[RANDOM % ${#schedulers[@]}]}" ;;
		3) one flush ;;
		4) one stats ;;
		esac
		one restore "$tmp/file"
		one conn list
	done
}
spaces() {
	local n=0
	while before_end; do
		n=$((n + 1))
		ip netns add "${prefix}s$n" || break
		nsenter --net="/run/netns/${prefix}s$n" sh -c "ip link set lo up; ip addr add $vip/32 dev lo
			lbctl service add tcp $vip:80 --scheduler rr
			lbctl dest add tcp $vip:80 127.0.0.1:80
			exec $here/talk.py udp $vip 80 1" > /dev/null 2>&1
		ip netns del "${prefix}s$n"
	done
	echo $n > "$tmp/spaces"
}
dests & workers+=($!)
services & workers+=($!)
spaces & workers+=($!)
reloads=0
while before_end; do
	sleep $((seconds / 4))
	# Somebody may just hold it: then it is for another time.
	rmmod lb 2> /dev/null && reloads=$((reloads + 1))
	[ -d /sys/module/lb ] || insmod "$LB_KO" || die "insmod"
	one restore "$tmp/file"
done
wait "${workers[@]}"
kill "${hammers[@]}"
wait "${hammers[@]}" 2> /dev/null
for f in "$tmp"/hammered.*; do
	read -r good bad why < "$f"
	note "port ${f##*.}: $good connections; $bad not made (${why:-})"
	compare "port ${f##*.}: connections were made" "$good" -gt 10
done
note "$(cat "$tmp/spaces") namespaces, $reloads reloads"
compare "it was reloaded" $reloads -gt 0

lbctl restore "$tmp/file" || die "restore"
for v in "$vip 80" "$vip 81" "$vip6 82"; do
	# shellcheck disable=SC2086
	like "afterwards port ${v##* } serves" "$(on client "$here/talk.py" tcp $v 1)" "rs[12]"
done
succeeds "and the module can be unloaded" rmmod lb
is "no slab is left" "$(slabs)" ""
finish
