#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Persistence as an operator sees it: templates are listed, counted, filtered and forgotten; they go with their time,
# with a flush, with the namespace and with the module; they survive connections and are no load.
#
#	client ---- router ====+==== director
#	                       +==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
load_balancer
serve_http rs1 80
serve_http rs2 80

if [ "$BALANCER" = lb ]; then
	templates() { lbctl conn count --templates only "$@"; }
	left() { lbctl conn list --templates only --service $vip:81 --json | grep -o '"expires-ms":[0-9]*' | cut -d: -f2; }
	over() { [ "$(left)" = 0 ]; }
else
	# ipvsadm has no count; templates have port 0.
	templates() { on director awk '$1 != "Pro" && $3 == "0000" && $5 != "FFFF" { n++ } END { print n + 0 }' /proc/net/ip_vs_conn; }
	# It had a second, and gets a minute more for the connections that it finds.
	over() { on director awk '$3 == "0000" && $5 == "0051" && $9 > 1 { found = 1 } END { exit !found }' /proc/net/ip_vs_conn; }
fi
vs_add tcp $vip:80 rr '' 300
rs_add tcp $vip:80 $rs1_ip:80 nat 1
rs_add tcp $vip:80 $rs2_ip:80 nat 1
first=$(fetch http://$vip/)
is "rr begins with the last one added" "$first" "hello from rs2"
same=0
for _ in 1 2 3 4; do [ "$(fetch http://$vip/)" != "$first" ] || same=$((same + 1)); done
is "the client stays with its server" "$same" 4
is "there is one template" "$(templates)" 1

# The same client by a shorter time: its template is over when its connections are.
vs_add tcp $vip:81 rr '' 1
rs_add tcp $vip:81 $rs1_ip:80 nat 1
fetch http://$vip:81/ > /dev/null
succeeds "a template's time ends" wait_for over
is "it outlives that while its connection lives" "$(templates)" 2

if [ "$BALANCER" = lb ]; then
	like "it is listed as one" "$(lbctl conn list --templates only --service $vip:80)" \
		"*tcp * template * $client_ip/32 *$vip:80 *$rs2_ip:80 *nat *conns 5*"
	is "not with connections" "$(lbctl conn list --templates none --json | grep -c '"template"')" 0
	is "a destination says how many lead there" \
		"$(lbctl dest list tcp $vip:80 --json | grep -o '"templates":[0-9]*' | xargs)" 'templates:0 templates:1'
	is "they are no load" "$(lbctl dest list tcp $vip:80 --json | grep -o '"inactive":[0-9]*' | xargs)" \
		'inactive:0 inactive:5'
	is "a client's filter finds its network's" "$(templates --client 198.51.100.0/24)" 2
	is "and not another's" "$(templates --client 203.0.113.0/24)" 0
	is "save knows persistence" "$(lbctl save | grep -c -- '--persist [13]')" 2
	lbctl save > "$tmp/saved"
	is "restore has nothing to do then" "$(lbctl restore --dry-run "$tmp/saved")" ''
	succeeds "persistence can end" lbctl service set tcp $vip:81 --persist 0
	refuses "a prefix alone" 1 "*told apart by persistence only; give a timeout*" lbctl service set tcp $vip:81 --persist-prefix 24
	refuses "a prefix longer than the address" 1 "*32 bits*" lbctl service set tcp $vip:81 --persist 1 --persist-prefix 33
	is "restore brings it back" "$(lbctl restore "$tmp/saved" && lbctl save)" "$(cat "$tmp/saved")"

	is "one is forgotten" "$(lbctl conn del --templates only --service $vip:80)" "1 connection forgotten"
	is "its connections are not" "$(lbctl conn count --templates none --service $vip:80)" 5
	is "the client is scheduled anew" "$(fetch http://$vip/)" "hello from rs1"
	lbctl dest drain tcp $vip:80 $rs1_ip:80
	is "draining sends it elsewhere" "$(fetch http://$vip/)" "hello from rs2"

	# Whose connections are gone, and its time with them.
	lbctl conn del --templates none --service $vip:81 > /dev/null
	compare "it has a minute then" "$(left)" -gt 1000
	compare "and not more" "$(left)" -le 60000

	lbctl flush
	is "a flush forgets what it removed" "$(templates)" 0
	lbctl service add fwmark 5 --persist 300 --persist-prefix 0
	like "a mark's service is listed" "$(lbctl service list)" "*fwmark 5 *wlc persist 300/0*"
	like "and in JSON" "$(lbctl service show fwmark 5 --json)" '*"key":{"family":"inet","fwmark":5}*'
	on director nft 'add table ip m; add chain ip m in { type filter hook prerouting priority -150; }; add rule ip m in tcp dport 80 meta mark set 5'
	lbctl dest add fwmark 5 $rs1_ip
	is "it is served" "$(fetch http://$vip/)" "hello from rs1"
	like "its template names it" "$(lbctl conn list --templates only)" "*fwmark *0.0.0.0/0 *5 *$rs1_ip:0*"
	# With connections, templates and a destination that waits for them.
	lbctl dest del fwmark 5 $rs1_ip
	ip netns del "$director"
	namespaces=(client router rs1 rs2)
	succeeds "the module can go" rmmod lb
	is "and leaves nothing behind" "$(slabs)" ''
fi
finish
