#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Old scripts that load ip_vs or its schedulers get lb: by the aliases that the documentation gives for modprobe.d,
# and where the kernel has no ip_vs, by lb's own.
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
[ "$BALANCER" = lb ] || die "this is about lb"
wait_for unload_balancers || die "a balancer cannot be unloaded"
add_ns director

# A system whose only module is lb.
modules=$tmp/root/lib/modules/$(uname -r)
mkdir -p "$modules" "$tmp/none" "$tmp/aliases"
touch "$modules"/modules.{order,builtin,builtin.modinfo}
cp "$LB_KO" "$modules/lb.ko" || die "no module"
depmod -b "$tmp/root" || die "no modules"
sed -n '/^alias /p' "$here/../../Documentation/ipvs.md" > "$tmp/aliases/lb.conf"
is "the documentation gives an alias for ip_vs, and for its schedulers" "$(wc -l < "$tmp/aliases/lb.conf")" 2
# CONFIGURATION NAME...
load() { modprobe -d "$tmp/root" -C "$tmp/$1" -a "${@:2}"; }

refuses "another name is nobody's" 1 "*ip_wv*not found*" load aliases ip_wv
for names in aliases none; do
	succeeds "$names: ip_vs is lb" load $names ip_vs
	is "$names: it has ip_vs's names" "$(ipvs -Ln | sed -n '2s/ .*//p')" Prot
	succeeds "$names: what is loaded can be loaded again, a scheduler too" load $names ip_vs ip_vs_wrr
	rmmod lb || die "lb stays"
done
succeeds "a scheduler alone is lb" load aliases ip_vs_wlc
succeeds "it schedules" ipvs -A -t $vip:80 -s wlc
rmmod lb
finish
