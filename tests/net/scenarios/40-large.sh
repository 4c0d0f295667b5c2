#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A file of 20 MB arrives whole by every method, with packets larger than the wire's and checksums left to
# hardware (TSO, GSO, GRO), and without.
#
#	client ---- router ==== director ==== rs1 (nginx, /file)
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
modprobe -qa ipip sit ip6_tunnel
network
serve_tunnel
serve_http rs1 80 81 82
head -c "${BYTES:=20000000}" /dev/urandom > "$tmp/rs1/www/file"
sum=$(md5sum < "$tmp/rs1/www/file")

for method in direct tunnel nat; do
	port=80
	case $method in tunnel) port=81 ;; nat) port=82 ;; esac
	vs_add tcp $vip:$port rr
	rs_add tcp $vip:$port $rs1_ip:$port $method 1
	vs_add tcp "[$vip6]:$port" rr
	rs_add tcp "[$vip6]:$port" "[$rs1_ip6]:$port" $method 1
	for mode in on off; do
		offloads $mode
		for v in $vip "[$vip6]"; do
			is "$method, offloads $mode: a download from $v" \
				"$(fetch "http://$v:$port/file" -m 600 2>&1 | md5sum)" "$sum"
		done
	done
done

# Upwards, what is large passes the director by direct and tunnel as well: echo it back.
start rs1 "$here/talk.py" sink-server rs1 90 91 92
wait_listening rs1 tcp 92
offloads on
for method in nat direct tunnel; do
	port=90
	case $method in direct) port=91 ;; tunnel) port=92 ;; esac
	for v in $vip "[$vip6]"; do
		r=$rs1_ip
		[ $v = $vip ] || r="[$rs1_ip6]"
		vs_add tcp "$v:$port" rr
		rs_add tcp "$v:$port" "$r:$port" $method 1
		bare=${v#[}
		is "$method: an upload to $v" \
			"$(on client "$here/talk.py" upload "${bare%]}" $port "$tmp/rs1/www/file")" "${sum%% *}"
	done
done

# The tunnel takes 20 or 40 bytes of each packet, which the client had to be told.
like "the client learnt the MTU of the way through a v4 tunnel" "$(ip -n "$client" -o route get $vip)" "*mtu 1480*"
like "the client learnt the MTU of the way through a v6 tunnel" "$(ip -n "$client" -o -6 route get $vip6)" "*mtu 1460*"
finish
