#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Directors tell each other of their connections: what was opened through one goes on through the other, be it lb or
# ip_vs, in both versions of the protocol; and what is not meant for a director is not heard.
#
#	client ---- router ==+== director (lb)
#	                     +== twin (ip_vs, or lb)
#	                     +== rs1, rs2: TCP 80
#
# "Moving" is what VRRP does: router and servers send by way of the other one.
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
BALANCER=ipvs load_balancer
load_balancer
network
twin='' twin_ip=10.0.0.2 twin_ip6=2001:db8::2
add_ns twin
tune twin ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0 ipv4/conf/all/rp_filter=0 \
	ipv4/conf/default/rp_filter=0 ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 ipv4/conf/all/send_redirects=0
ip -n "$router" -batch - <<-BATCH || die "no twin"
	link add twin type veth peer name eth0 netns $twin
	link set twin master br0
	link set twin up
BATCH
ip -n "$twin" -batch - <<-BATCH || die "no twin"
	link set lo up
	link set eth0 up
	addr add $twin_ip/24 dev eth0
	addr add $twin_ip6/64 dev eth0
	addr add $vip/32 dev lo
	addr add $vip6/128 dev lo
	route add default via $router_ip
	route add default via $router_ip6
BATCH
# A bridge that listens to no one in particular floods multicast, as an unmanaged switch does.
ip -n "$router" link set br0 type bridge mcast_snooping 0 2> /dev/null || :
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	start $n "$here/talk.py" udp-server $n 53
	wait_listening $n tcp 80
	wait_listening $n udp 53
done

# DIRECTOR: whom clients' and servers' packets go by.
move() {
	local ip=${1}_ip ip6=${1}_ip6 n
	ip -n "$router" route replace $vip via "${!ip}"
	ip -n "$router" route replace $vip6 via "${!ip6}"
	for n in rs1 rs2; do
		ip -n "$prefix$n" route replace default via "${!ip}"
		ip -n "$prefix$n" route replace default via "${!ip6}"
	done
}
# BALANCER NAMESPACE METHOD
configure() {
	BALANCER=$1 balancer_ns=$2
	lb_clear
	vs_add tcp $vip:80 rr
	rs_add tcp $vip:80 $rs1_ip:80 "$3" 1
	rs_add tcp $vip:80 $rs2_ip:80 "$3" 1
	vs_add tcp "[$vip6]:80" rr
	rs_add tcp "[$vip6]:80" "[$rs1_ip6]:80" "$3" 1
	rs_add tcp "[$vip6]:80" "[$rs2_ip6]:80" "$3" 1
	vs_add udp $vip:53 rr '' 300
	rs_add udp $vip:53 $rs1_ip:53 "$3" 1
	rs_add udp $vip:53 $rs2_ip:53 "$3" 1
}
# BALANCER NAMESPACE ROLE [ID]
daemon() {
	case $1 in
	lb) balancer_ns=$2 lbctl sync start "$3" --interface eth0 --id "${4:-1}" ;;
	ipvs) balancer_ns=$2 ipvs --start-daemon "$3" --mcast-interface eth0 --syncid "${4:-1}" ;;
	esac
}
no_daemon() {
	case $1 in
	lb) balancer_ns=$2 lbctl sync stop "$3" ;;
	ipvs) balancer_ns=$2 ipvs --stop-daemon "$3" ;;
	esac
}
# BALANCER NAMESPACE ADDRESS: established connections there.
established() {
	case $1 in
	lb) balancer_ns=$2 lbctl conn count --service "$3" --state established ;;
	# ip_vs writes addresses in hex.
	ipvs)
		case $3 in
		$vip) on "$2" awk '$5 == "C0000201" || $4 == "C0000201"' /proc/net/ip_vs_conn | grep -c ESTABLISHED ;;
		*) on "$2" grep -c '2001:0db8:000f.*ESTABLISHED\|2001:db8:f.*ESTABLISHED' /proc/net/ip_vs_conn ;;
		esac
		;;
	esac
}
established_are() { [ "$(established "$1" "$2" "$3")" = "$4" ]; }
counter() { balancer_ns=$1 lbctl sync --json | json "d['sync']['$2']"; }
counted_since() { [ "$(counter "$1" "$2")" -gt "$3" ]; }

# FROM NAMESPACE TO NAMESPACE METHOD VERSION: connections opened through one go on through the other.
goes_on() {
	local from=$1 fns=$2 to=$3 tns=$4 method=$5 version=$6 v addresses="$vip $vip6" what talker before
	what="$from to $to, $method, version $version"
	[ "$version" = 1 ] || addresses=$vip
	configure "$from" "$fns" "$method"
	configure "$to" "$tns" "$method"
	case $from in
	lb) balancer_ns=$fns lbctl settings set sync-version "$version" sync-threshold 2 sync-period 5 ;;
	ipvs) tune "$fns" ipv4/vs/sync_version="$version" ipv4/vs/sync_threshold="2 5" ;;
	esac
	daemon "$to" "$tns" backup || die "no backup"
	daemon "$from" "$fns" master || die "no master"
	move "$fns"
	for v in $addresses; do
		# ip_vs keeps what earlier rounds have left.
		before=$(established "$to" "$tns" "$v")
		mkfifo "$tmp/in"
		# Both ends, so that opening it waits for nobody.
		exec 5<> "$tmp/in"
		on client "$here/talk.py" hold "$v" 80 4 <&5 > "$tmp/out" &
		talker=$!
		started+=("$talker")
		wait_for grep -q held "$tmp/out" || die "nobody answers"
		# Packets, until they are enough to be told.
		echo >&5
		echo >&5
		is "$what: $v, the other one learns of four" \
			"$(wait_for established_are "$to" "$tns" "$v" $((before + 4)) && echo four)" four
		move "$tns"
		: > "$tmp/out"
		echo >&5
		wait_for grep -q . "$tmp/out"
		is "$what: $v, they go on there" "$(tail -n 1 "$tmp/out")" 4
		kill "$talker"
		wait "$talker"
		exec 5>&-
		rm -f "$tmp/in"
		move "$fns"
	done
	no_daemon "$from" "$fns" master
	no_daemon "$to" "$tns" backup
	balancer_ns=director lbctl conn del --all > /dev/null
	[ "$from$to" != lblb ] || balancer_ns=twin lbctl conn del --all > /dev/null
}

for method in nat direct; do
	[ $method = nat ] || serve_direct
	goes_on lb director ipvs twin $method 1
	goes_on ipvs twin lb director $method 1
	goes_on lb director ipvs twin $method 0
	goes_on ipvs twin lb director $method 0
done
for n in rs1 rs2; do
	ip -n "$prefix$n" addr del $vip/32 dev lo
	ip -n "$prefix$n" addr del $vip6/128 dev lo
done
balancer_ns=twin ipvs -C
# Between two of lb, by several ports.
lbctl settings set sync-ports 4
balancer_ns=twin lbctl settings set sync-ports 4
goes_on lb director lb twin nat 1
lbctl settings set sync-ports 1
balancer_ns=twin lbctl settings set sync-ports 1

# Templates, both ways.
configure lb director nat
BALANCER=lb balancer_ns=twin lb_clear
configure ipvs twin nat
BALANCER=lb balancer_ns=director
# ROLE: by ipvsadm, what ip_vs has.
ipvs_templates() { on twin grep -c '^UDP C6336402 0000 C0000201 0035' /proc/net/ip_vs_conn; }
lb_templates() { lbctl conn count --templates only; }
is_one() { [ "$("$@")" = 1 ]; }
daemon ipvs twin backup
daemon lb director master
move director
who=$(on client "$here/talk.py" udp $vip 53 1)
is "a template of lb's is learnt by ip_vs" "$(wait_for is_one ipvs_templates && echo learnt)" learnt
move twin
is "its client is led to the same server there" "$(on client "$here/talk.py" udp $vip 53 3 | sort -u)" "$who"
no_daemon lb director master
no_daemon ipvs twin backup
lbctl conn del --all > /dev/null
daemon lb director backup
daemon ipvs twin master
who=$(on client "$here/talk.py" udp $vip 53 1)
is "a template of ip_vs's is learnt by lb" "$(wait_for is_one lb_templates && echo learnt)" learnt
move director
is "its client is led to the same server here" "$(on client "$here/talk.py" udp $vip 53 3 | sort -u)" "$who"

# Another id is not ours; while it is backup only, the director is off.
no_daemon lb director backup
lbctl conn del --all > /dev/null
daemon lb director backup 9
others=$(counter director other-id)
move twin
on client "$here/talk.py" udp $vip 53 4 > /dev/null
is "messages of another id are counted" "$(wait_for counted_since director other-id "$others" && echo counted)" counted
is "and nothing else" "$(lbctl conn count)" 0
lbctl settings set backup-only 1
move director
is "backup-only: a backup balances nothing" "$(on client "$here/talk.py" udp $vip 53 1)" "- refused"
no_daemon lb director backup
like "backup-only: without a backup it balances" "$(on client "$here/talk.py" udp $vip 53 1)" "rs[12]"
lbctl settings set backup-only 0
no_daemon ipvs twin master

# What is refused, and why.
refuses "an interface that is not there" 1 "*no such interface*" lbctl sync start master --interface eth7
refuses "a group that is none" 1 "*no multicast address*" lbctl sync start master --interface eth0 --group 10.0.0.1
refuses "messages longer than the MTU" 1 "*do not fit*" lbctl sync start master --interface eth0 --max-length 1473
succeeds "as long as it" lbctl sync start master --interface eth0 --max-length 1472
refuses "twice" 1 "*runs already*" lbctl sync start master --interface eth0
succeeds "both may run, in IPv6, too" lbctl sync start backup --interface eth0 --group ff02::81 --port 9000 --ttl 2 --id 3
like "they are listed" "$(lbctl sync | xargs)" "*master eth0 0 224.0.0.81 8848 1 1 1472 backup eth0 3 ff02::81 9000 1 2 1452*"
succeeds "stopped" lbctl sync stop backup
refuses "no more than once" 1 "*does not run*" lbctl sync stop backup

# Loaded as it is, with daemons and traffic: gone at once.
start client "$here/talk.py" hammer $vip 80 600 > /dev/null
lbctl sync start backup --interface eth0 || die "no backup"
balancer_ns=twin lbctl sync start master --interface eth0 || die "no master"
for round in 1 2 3; do
	lbctl sync stop master && lbctl sync start master --interface eth0 || die "round $round"
done
ok "started and stopped under traffic"
ip netns add "${prefix}other"
ip -n "${prefix}other" link set lo up
on other lbctl sync start master --interface lo || die "no other"
on other lbctl sync start backup --interface lo || die "no other"
succeeds "a namespace goes while they run" ip netns del "${prefix}other"
succeeds "the module is unloaded while they run" rmmod lb
is "no slab is left" "$(slabs)" ""
finish
