#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# FTP through nat, active and passive, both families: files come and go whole, many over one control
# connection, whose text grows or shrinks with each, and all from the server that it leads to.
#
#	client ---- router ==== director: long VIP 192.0.2.201, short 192.0.2.1 ==== rs1, rs2: port 21
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
long=192.0.2.201 short=9.9.9.9
ip -n "$router" route add $long via $director_ip
ip -n "$router" route add $short via $director_ip
ip -n "$director" addr add $long/32 dev lo
ip -n "$director" addr add $short/32 dev lo
chmod 755 "$tmp"
for n in rs1 rs2; do
	ip=${n}_ip ip6=${n}_ip6
	mkdir -p "$tmp/$n"
	echo $n > "$tmp/$n/name"
	head -c 300000 /dev/urandom > "$tmp/$n/large"
	# ip_vs expects active data from the port below the service's.
	start $n "$here/ftpd.py" --active-port 20 "$tmp/$n" "${!ip}" "${!ip6}" 2>> "$tmp/$n.log"
	wait_listening $n tcp 21
done

# VIP [curl option]...: five files over one control connection; whose they are.
files() {
	local at=$1; shift
	on client curl -sS -m 60 --noproxy '*' "$@" \
		"ftp://$at/name" "ftp://$at/large" "ftp://$at/name" "ftp://$at/name" "ftp://$at/name" \
		-o "$tmp/1" -o "$tmp/2" -o "$tmp/3" -o "$tmp/4" -o "$tmp/5" 2>&1
	cmp "$tmp/2" "$tmp/$(< "$tmp/1")/large" 2>&1
	cat "$tmp/1" "$tmp/3" "$tmp/4" "$tmp/5" | uniq -c | awk '{ print $1 }'
	: > "$tmp/1"
}
# VIP [curl option]...: what was written arrived.
upload() {
	local at=$1; shift
	rm -f "$tmp"/rs?/up
	on client curl -sS -m 60 --noproxy '*' "$@" -T "$tmp/rs1/large" "ftp://$at/up" 2>&1
	cmp "$tmp/rs1/large" "$tmp"/rs?/up 2>&1 && echo whole
}
# CLAIM VIP [curl option]...
served() {
	local claim=$1; shift
	is "$BALANCER: $claim: five files" "$(files "$@")" 4
	is "$BALANCER: $claim: another way" "$(upload "$@")" whole
}
# VIP...
services() {
	local at
	for at; do
		vs_add tcp "$at:21" rr
		case $at in
		"["*) rs_add tcp "$at:21" "[$rs1_ip6]:21" nat 1; rs_add tcp "$at:21" "[$rs2_ip6]:21" nat 1 ;;
		*) rs_add tcp "$at:21" $rs1_ip:21 nat 1; rs_add tcp "$at:21" $rs2_ip:21 nat 1 ;;
		esac
	done
}

for BALANCER in lb ipvs; do
	load_balancer
	# What ip_vs needs for it, and lb does not.
	[ $BALANCER = lb ] || modprobe -a nf_nat ip_vs_ftp || die "no ip_vs_ftp"
	services $long $short "[$vip6]"
	served "PASV, a longer name" $long --disable-epsv
	served "PASV, a shorter name" $short --disable-epsv
	served "EPSV" $long
	served "PORT" $long --ftp-port - --disable-eprt
	served "EPRT" $long --ftp-port -
	served "EPSV by v6" "[$vip6]"
	served "EPRT by v6" "[$vip6]" --ftp-port -
	lb_clear
done
finish
