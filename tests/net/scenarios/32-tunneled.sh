#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What comes out of a tunnel that ends on the director is balanced like anything else, and by ignore-tunneled
# left to the director.
#
#	client ---- router ==== director ==== rs1
#	     '~~~~~~~ IPIP ~~~~~~~'
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
network
need_modules ipip
serve_http rs1 80
serve_http director 80
vs_add tcp $vip:80 rr
rs_add tcp $vip:80 $rs1_ip:80 nat 1
ip -n "$director" link add tun0 type ipip local $director_ip remote $client_ip || die "no tunnel"
ip -n "$director" link set tun0 up
ip -n "$client" link add tun0 type ipip local $client_ip remote $director_ip || die "no tunnel"
ip -n "$client" link set tun0 up
tune director ipv4/conf/tun0/rp_filter=0
is "past the tunnel it is balanced" "$(fetch http://$vip/)" "hello from rs1"
ip -n "$client" route add $vip dev tun0
is "through the tunnel it is, too" "$(fetch http://$vip/)" "hello from rs1"
setting ignore-tunneled 1
# ip_vs's mark does not survive the unwrapping (skb_scrub_packet()) in kernels that reset it there.
[ "$BALANCER" = lb ] || finish
is "ignore-tunneled 1: the director's own server answers" "$(fetch http://$vip/)" "hello from director"
ip -n "$client" route del $vip dev tun0
is "past the tunnel it is balanced as ever" "$(fetch http://$vip/)" "hello from rs1"
finish
