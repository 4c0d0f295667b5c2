#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Moving from a running ip_vs: lbctl shows what it has, takes its services over in one step and then its
# connections; ip_vs is unloaded, and the same TCP connections go on. Nobody who connects meanwhile is refused.
#
#	client ---- router ==== director ==== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
[ "$BALANCER" = lb ] || die "this goes from ip_vs to lb"
wait_for unload_balancers || die "a balancer cannot be unloaded"
network
load_balancer
refuses "without ip_vs there is nothing to import" 1 "*ip_vs is not loaded*" lbctl import --live
refuses "and no file goes with it" 2 "*with --live there is no file*" lbctl import --live "$tmp/x"
BALANCER=ipvs load_balancer
serve_direct
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80 81 82
	start $n "$here/talk.py" udp-server $n 53
	for p in 80 81 82; do wait_listening $n tcp $p; done
	wait_listening $n udp 53
done
on director nft 'add table inet marks; add chain inet marks in { type filter hook prerouting priority -150; }; add rule inet marks in tcp dport 82 meta mark set 7'

ipvs -R <<-RULES || die "no rules"
	-A -t $vip:80 -s rr
	-a -t $vip:80 -r $rs1_ip:80 -m -w 1 -x 100 -y 50
	-a -t $vip:80 -r $rs2_ip:80 -m -w 2
	-A -t $vip:81 -s wlc
	-a -t $vip:81 -r $rs1_ip -g
	-a -t $vip:81 -r $rs2_ip -g
	-A -t [$vip6]:80 -s sh -b sh-port
	-a -t [$vip6]:80 -r [$rs1_ip6]:80 -m
	-a -t [$vip6]:80 -r [$rs2_ip6]:80 -m
	-A -f 7 -s rr
	-a -f 7 -r $rs1_ip -m
	-a -f 7 -r $rs2_ip -m
	-A -u $vip:53 -s rr -p 300 -M 255.255.255.0
	-a -u $vip:53 -r $rs1_ip:53 -m
	-a -u $vip:53 -r $rs2_ip:53 -m
	--set 800 60 100
RULES

# hold NAME ADDRESS PORT N: TCP connections that stay open
declare -A to from
hold() {
	local line in out
	mkfifo "$tmp/$1.to" "$tmp/$1.from"
	nsenter --net="/run/netns/$client" "$here/talk.py" hold "$2" "$3" "$4" < "$tmp/$1.to" > "$tmp/$1.from" &
	started+=($!)
	exec {out}> "$tmp/$1.to" {in}< "$tmp/$1.from"
	to[$1]=$out from[$1]=$in
	while read -r -t 60 -u "${from[$1]}" line && [ "$line" != held ]; do :; done
	[ "$line" = held ] || die "connections of $1"
}
# NAME: how many of them answer
talk() {
	local answered
	echo 5 >&"${to[$1]}"
	read -r -t 60 -u "${from[$1]}" answered
	echo "$answered"
}
hold nat $vip 80 4
hold direct $vip 81 4
hold six $vip6 80 3
hold mark $vip 82 2
for name in nat:4 direct:4 six:3 mark:2; do is "${name%:*}: they talk through ip_vs" "$(talk ${name%:*})" ${name#*:}; done
udp=$(on client "$here/talk.py" udp $vip 53 1 4000)

# --- what there is, and what there would be
lbctl import --live > "$tmp/shown"
like "the difference is shown" "$(cat "$tmp/shown")" "+ service add tcp $vip:80 --scheduler rr
+ dest add tcp $vip:80 $rs1_ip:80 --method nat --weight 1 --upper 100 --lower 50
*+ service add fwmark 7 --scheduler rr
*~ settings set tcp-established 800
*14 connections to take over"
is "and nothing changed" "$(lbctl service list | wc -l)$(lbctl conn count | grep -o '[0-9]*')" 20
list() { on director "$@" -Ln --sort | sed -n '2,$p' | awk '/->/ { $5 = $6 = "" } { $1 = $1; print }'; }
theirs=$(list ipvsadm)

# --- taken over, while clients come
# Without the time that is left.
established() { sed -n 's/^\(TCP \) *[0-9:]* *\(ESTABLISHED \)/\1\2/p' | sort; }
ipvs -Lcn | established > "$tmp/theirs"
is "that many are open" "$(wc -l < "$tmp/theirs")" 13
nsenter --net="/run/netns/$client" "$here/talk.py" hammer $vip 80 600 > "$tmp/hammered" &
hammer=$!
clients_come() { [ "$(ipvs -Lcn | wc -l)" -gt 20 ]; }
wait_for clients_come || die "no clients"
lbctl import --live --apply > "$tmp/applied"
ours_come() { [ "$(lbctl conn count | grep -o '[0-9]*')" -gt "$(($1 + 5))" ]; }
wait_for ours_come "$(lbctl conn count | grep -o '[0-9]*')" || die "no clients of lb's"
kill $hammer
wait $hammer
read -r good bad why < "$tmp/hammered"
is "nobody is refused meanwhile" "$bad ${why:-}" "0 "
compare "there were clients" "$good" -gt 0
like "and that is told" "$(cat "$tmp/applied")" "*taken over"
is "the services are the same" "$(list lbctl ipvsadm)" "$theirs"
is "nothing differs any more" "$(lbctl import --live | sed -n 1p)" "nothing differs"

ipvs -C
for m in ip_vs_ftp ip_vs_pe_sip "${ipvs_schedulers[@]}" ip_vs; do
	[ ! -d /sys/module/$m ] || wait_for rmmod $m || die "ip_vs cannot be unloaded"
done
for name in nat:4 direct:4 six:3 mark:2; do
	is "${name%:*}: they go on through lb" "$(talk ${name%:*})" ${name#*:}
done
is "UDP's client stays at its server" "$(on client "$here/talk.py" udp $vip 53 1 4000)" "$udp"
lbctl ipvsadm -Lcn | established > "$tmp/ours"
is "they are told of as ipvsadm told of them" "$(comm -23 "$tmp/theirs" "$tmp/ours")" ""
finish
