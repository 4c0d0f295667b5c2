# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Two directors that tell each other of their connections, for scenarios. To be sourced behind lib.sh.
#
#	client ---- router ==+== director
#	                     +== twin (10.0.0.2)
#	                     +== rs1, rs2: TCP 80, UDP 53, 54
#
# Both balancers are loaded; a director has either, as configure says. "Moving" is what VRRP does: router and
# servers send by way of the other one.

BALANCER=ipvs load_balancer
load_balancer
network
twin='' twin_ip=10.0.0.2 twin_ip6=2001:db8::2
add_ns twin
tune twin ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0 ipv4/conf/all/rp_filter=0 \
	ipv4/conf/default/rp_filter=0 ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 ipv4/conf/all/send_redirects=0 \
	ipv4/conf/default/send_redirects=0
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
	start $n "$here/talk.py" udp-server $n 53 54
	wait_listening $n tcp 80
	wait_listening $n udp 54
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
	vs_add udp $vip:54 rr
	rs_add udp $vip:54 $rs1_ip:54 "$3" 1
	rs_add udp $vip:54 $rs2_ip:54 "$3" 1
}
# Where daemons talk to each other; the usual group when it is empty.
group=''
# BALANCER NAMESPACE ROLE [ID]
daemon() {
	case $1 in
	lb) balancer_ns=$2 lbctl sync start "$3" --interface eth0 --id "${4:-1}" ${group:+--group "$group"} ;;
	ipvs) balancer_ns=$2 ipvs --start-daemon "$3" --mcast-interface eth0 --syncid "${4:-1}" ${group:+--mcast-group "$group"} ;;
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
		"$vip") on "$2" awk '$5 == "C0000201" || $4 == "C0000201"' /proc/net/ip_vs_conn | grep -c ESTABLISHED ;;
		*) on "$2" grep -c '2001:0db8:000f.*ESTABLISHED\|2001:db8:f.*ESTABLISHED' /proc/net/ip_vs_conn ;;
		esac
		;;
	esac
}
# So many times the client has said how many of its connections answered.
answered() { [ "$(grep -c '^[0-9]*$' "$tmp/out")" = "$1" ]; }
established_are() { [ "$(established "$1" "$2" "$3")" = "$4" ]; }

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
		# Packets, until they are enough to be told; all of them go this way, also the last answer.
		echo >&5
		echo >&5
		wait_for answered 2 || die "no answers"
		is "$what: $v, the other one learns of four" \
			"$(wait_for established_are "$to" "$tns" "$v" $((before + 4)) && echo four)" four
		move "$tns"
		echo >&5
		wait_for answered 3
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

# BALANCER NAMESPACE: connections of UDP port 54 there.
datagrams() {
	case $1 in
	lb) balancer_ns=$2 lbctl conn count --service $vip:54 ;;
	ipvs) on "$2" grep -c '^UDP .* C0000201 0036 ' /proc/net/ip_vs_conn ;;
	esac
}
datagrams_are() { [ "$(datagrams "$1" "$2")" = "$3" ]; }
# Three datagrams from each of four ports: who answers the last of them.
ask_four() {
	local port
	for port in 4001 4002 4003 4004; do on client "$here/talk.py" udp $vip 54 3 $port | tail -n 1; done
}
# FROM NAMESPACE TO NAMESPACE METHOD: clients of UDP stay with their servers. Whom the other one would choose by itself is
# rs2, always.
datagrams_go_on() {
	local from=$1 fns=$2 to=$3 tns=$4 method=$5 what="$1 to $3, $5, UDP" before who
	configure "$from" "$fns" "$method"
	configure "$to" "$tns" "$method"
	BALANCER=$to balancer_ns=$tns rs_set udp $vip:54 $rs1_ip:54 "$method" 0
	case $from in
	lb) balancer_ns=$fns lbctl settings set sync-version 1 sync-threshold 2 sync-period 5 ;;
	ipvs) tune "$fns" ipv4/vs/sync_version=1 ipv4/vs/sync_threshold="2 5" ;;
	esac
	daemon "$to" "$tns" backup || die "no backup"
	daemon "$from" "$fns" master || die "no master"
	before=$(datagrams "$to" "$tns")
	move "$fns"
	who=$(ask_four)
	is "$what: two servers answer" "$(sort -u <<< "$who")" $'rs1\nrs2'
	is "$what: the other one learns of four" \
		"$(wait_for datagrams_are "$to" "$tns" $((before + 4)) && echo four)" four
	move "$tns"
	is "$what: the same servers answer there" "$(ask_four)" "$who"
	move "$fns"
	no_daemon "$from" "$fns" master
	no_daemon "$to" "$tns" backup
	balancer_ns=director lbctl conn del --all > /dev/null
}

# NAMESPACE NAME: a counter of lb's synchronisation there.
sync_count() { balancer_ns=$1 lbctl --json sync list | json "d['sync']['$2']"; }
# The servers answer by way of a director again.
unserve_direct() {
	local n
	for n in rs1 rs2; do
		ip -n "$prefix$n" addr del $vip/32 dev lo
		ip -n "$prefix$n" addr del $vip6/128 dev lo
	done
}
