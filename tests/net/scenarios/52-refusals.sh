#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What cannot be is refused, with the reason; what is not allowed, too.
#
#	director alone
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
add_ns director
s="tcp $vip:80"
lbctl service add $s --scheduler rr || die "service"
lbctl dest add $s 10.0.0.11:8080 || die "dest"
lbctl save > "$tmp/before"
# Of a service in JSON.
flags_in() { sed 's/.*"scheduler":\("[^"]*"\),"sched-flags":\(\[[^]]*\]\).*/\1 \2/'; }

refuses "a service twice" 1 "*already*" lbctl service add $s --scheduler rr
refuses "a destination twice" 1 "*already*" lbctl dest add $s 10.0.0.11:8080
refuses "a service that is not there" 1 "*no tcp service*" lbctl service del tcp $vip:81
refuses "a destination of a service that is not there" 1 "*no tcp service*" lbctl dest add tcp $vip:81 10.0.0.11:80
refuses "a destination that is not there" 1 "*no destination*" lbctl dest del $s 10.0.0.99:80
refuses "an unknown scheduler" 1 "*scheduler*" lbctl service add tcp $vip:82 --scheduler best
refuses "a flag that the scheduler does not know" 1 "*port: the scheduler rr has no flag port*" \
	lbctl service set $s --scheduler-flags port
lbctl service add tcp $vip:90 --scheduler mh --scheduler-flags fallback || die "mh"
refuses "a scheduler that does not know the service's flags" 1 "*wlc: the service's flag fallback is unknown to wlc*" \
	lbctl service set tcp $vip:90 --scheduler wlc
succeeds "one that does" lbctl service set tcp $vip:90 --scheduler sh
is "takes them over" "$(lbctl service show tcp $vip:90 --json | flags_in)" '"sh" ["fallback"]'
succeeds "flags can go with the scheduler" lbctl service set tcp $vip:90 --scheduler wlc --scheduler-flags none
is "and are gone" "$(lbctl service show tcp $vip:90 --json | flags_in)" '"wlc" []'
lbctl service del tcp $vip:90
for p in tcp sctp; do
	refuses "$p packets one by one" 1 "*on: only UDP packets can be scheduled one by one*" \
		lbctl service add $p $vip:91 --scheduler rr --one-packet on
done
refuses "a service's packets one by one, later" 1 "*on: only UDP packets can be scheduled one by one*" \
	lbctl service set $s --one-packet on
succeeds "those of UDP" lbctl service add udp $vip:91 --scheduler rr --one-packet on
is "which is saved" "$(lbctl save | grep :91)" "service add udp $vip:91 --scheduler rr --one-packet on"
lbctl service del udp $vip:91
refuses "an unknown flag" 2 "*'prot'*did you mean 'port'*" lbctl service set $s --scheduler-flags fallback,prot
refuses "another port by direct" 1 "*only nat*" lbctl dest add $s 10.0.0.12:8080 --method direct
refuses "another port by tunnel" 1 "*only nat*" lbctl dest add $s 10.0.0.12:8080 --method tunnel
refuses "another family by nat" 1 "*famil*tunnel*" lbctl dest add $s '[2001:db8::11]:80' --method nat
refuses "another family by direct" 1 "*famil*tunnel*" lbctl dest add $s '[2001:db8::11]:80' --method direct
t="lbctl dest add $s 10.0.0.12:80 --method tunnel"
refuses "gue without a port" 1 "*gue needs a tunnel port*" $t --tunnel-type gue
refuses "a port with gre" 1 "*only gue has a tunnel port*" $t --tunnel-type gre --tunnel-port 6080
refuses "a checksum with ipip" 1 "*ipip has no checksum*" $t --tunnel-checksum normal
refuses "a remote checksum with gre" 1 "*only gue can*" $t --tunnel-type gre --tunnel-checksum remote
refuses "a tunnel with nat" 1 "*only the tunnel method*" lbctl dest set $s 10.0.0.11:8080 --tunnel-type gre
refuses "an unknown tunnel" 2 "*'gur'*did you mean 'gue'*" $t --tunnel-type gur
refuses "a checksum by ipvsadm's name" 2 "*it is called 'normal' here*" $t --tunnel-type gre --tunnel-checksum csum
refuses "an MSS of 0" 2 "*MSS clamp*" lbctl service set $s --mss-clamp 0
refuses "a weight beyond 65535" 2 "*65535*" lbctl dest set $s 10.0.0.11:8080 --weight 65536
refuses "a threshold that its period never reaches" 1 "*must be below sync-period*" lbctl settings set sync-threshold 50
refuses "a period that ends before the threshold" 1 "*must be below sync-period*" lbctl settings set sync-period 3
refuses "both so" 1 "*must be below sync-period*" lbctl settings set sync-threshold 100 sync-period 100
refuses "so in a file" 1 "*must be below sync-period*" lbctl restore - <<-FILE
	settings set sync-threshold 60
	settings set sync-period 30
FILE
refuses "a namespace that is not there" 1 "*no-such*" command lbctl -n no-such service list
is "nothing of that changed anything" "$(lbctl save)" "$(cat "$tmp/before")"

sed 's/sync-threshold .*/sync-threshold 60/; s/sync-period .*/sync-period 100/' "$tmp/before" > "$tmp/other"
succeeds "the order in a file does not matter" lbctl restore "$tmp/other"
like "it is as the file says" "$(lbctl save)" "*sync-threshold 60*sync-period 100*"
lbctl restore "$tmp/before" || die "no restore"

# Who may do what: changes and connections need CAP_NET_ADMIN over the namespace, looking does not.
nobody() { on director setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
refuses "nobody may not add a service" 1 "*" nobody lbctl service add tcp $vip:83 --scheduler rr
refuses "nobody may not add a destination" 1 "*" nobody lbctl dest add $s 10.0.0.12:80
refuses "nobody may not flush" 1 "*" nobody lbctl flush
refuses "nobody may not change settings" 1 "*" nobody lbctl settings set tcp-established 3600
refuses "nobody may not see connections" 1 "*" nobody lbctl conn list
refuses "nobody may not restore" 1 "*" nobody lbctl restore "$tmp/before"
like "nobody may list services" "$(nobody lbctl service list)" "*$vip:80*"
like "nobody may see counters" "$(nobody lbctl stats)" "*total*"
refuses "root of a user namespace may not change ours" 1 "*" on director unshare -Ur lbctl flush
succeeds "but may have a balancer of its own" on director unshare -Urn sh -c \
	"lbctl service add tcp $vip:80 --scheduler rr && lbctl service list | grep -q rr"
is "nothing of that changed ours" "$(lbctl save)" "$(cat "$tmp/before")"
finish
