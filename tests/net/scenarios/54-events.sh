#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who listens hears of every change, by whomever; and of nobody else's namespace.
#
#	director, and a stranger: lbctl monitor in the first
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
add_ns director stranger
start director lbctl monitor > "$tmp/events"
heard() { grep -q -- "$1" "$tmp/events"; }
# It hears from some moment on: poke until then.
poke() { lbctl settings set udp 300; lbctl settings set udp 301; heard .; }
wait_for poke || die "no events"
lbctl settings set udp 302
wait_for heard 302 || die "no end of pokes"
: > "$tmp/events"

balancer_ns=stranger vs_add tcp $vip:1 rr
vs_add tcp $vip:80 rr
rs_add tcp $vip:80 10.0.0.11:80 nat 3
rs_set tcp $vip:80 10.0.0.11:80 nat 4
vs_set tcp $vip:80 wrr
rs_del tcp $vip:80 10.0.0.11:80
vs_del tcp $vip:80
cat > "$tmp/file" <<-FILE
	service add udp $vip:53 --scheduler lc
	dest add udp $vip:53 10.0.0.12:53 --method nat --weight 1
FILE
lbctl restore "$tmp/file"
lbctl settings set udp 303
wait_for heard 303 || die "the last event is missing"
note "heard:"
sed 's/^/#   /' "$tmp/events"
is "every change is one event" "$(wc -l < "$tmp/events")" 9
is "nothing of the stranger's" "$(grep -c ":1 " "$tmp/events")" 0
finish
