# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The words the scenarios are written in: a small network of namespaces, a balancer that is
# lb or, with BALANCER=ipvs, mainline ip_vs, and checks that each print one line. To be sourced.
#
#	client ---- router ====+==== director
#	                       +==== rs1
#	                       +==== rs2
#
# client - router is 198.51.100.0/24 and 2001:db8:c::/64; === is one LAN, a bridge in router,
# 10.0.0.0/24 and 2001:db8::/64: router .254, director .1, rs1 .11, rs2 .12. The VIPs,
# 192.0.2.1 and 2001:db8:f::1, live on the director's lo and are routed to it by router.
# Servers send through the director, as nat wants it; what they send as the VIP (direct, tunnel)
# goes through router.
#
#
# It decides nothing about the lab: all it needs is root, ip and the balancer's module.

# shellcheck disable=SC2016,SC2034  # quotes are for other shells, names for scenarios
set -u
here=${here:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")}
BALANCER=${BALANCER:-lb}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/lbtest.XXXXXX")

# --- results

passed=0 failed=0

ok()     { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1: got ${2:-nothing}, want ${3:-something else}"; }
note()   { echo "# $*"; }

# CLAIM GOT WANT
is()      { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "$2" "$3"; fi; }
# CLAIM GOT GLOB
# shellcheck disable=SC2053
like()    { if [[ $2 == $3 ]]; then ok "$1"; else not_ok "$1" "$2" "$3"; fi; }
# CLAIM GOT OPERATOR NUMBER
compare() { if test "$2" "$3" "$4"; then ok "$1"; else not_ok "$1" "$2" "$3 $4"; fi; }
# CLAIM COMMAND...: it must succeed.
succeeds() {
	local claim=$1 out status; shift
	if out=$("$@" 2>&1); then ok "$claim"; else status=$?; not_ok "$claim" "status $status ($out)" "status 0"; fi
}
# CLAIM STATUS GLOB COMMAND...: it must fail with this status and say something like GLOB.
refuses() {
	local claim=$1 want=$2 glob=$3 out status=0; shift 3
	out=$("$@" 2>&1) || status=$?
	# shellcheck disable=SC2053
	if [ "$status" = "$want" ] && [[ $out == $glob ]]; then
		ok "$claim"
	else
		not_ok "$claim" "status $status, '$out'" "status $want, '$glob'"
	fi
}

# A check of something misspelt would find nothing, which may be what it wants.
command_not_found_handle() {
	echo "$1: no such command" >&2
	echo "$1" >> "$tmp/misspelt"
	return 127
}

finish() {
	trap - EXIT
	[ ! -e "$tmp/misspelt" ] || not_ok "every command is there" "no $(xargs < "$tmp/misspelt")" "all"
	leave
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
	exit
}

# A scenario that cannot be set up has failed, whatever its checks said so far.
die() {
	trap - EXIT
	not_ok "the scenario could be set up" "$*" "no error"
	leave
	echo "$passed passed, $failed failed"
	exit 1
}
trap 'die "an early end"' EXIT
trap 'exit 130' INT TERM

# The module's own slabs, which are there only while it is.
slabs() {
	if [ -r /proc/slabinfo ]; then awk '/^lb[-_]/ { print $1 }' /proc/slabinfo; fi
	# Not links: of caches that it merges, the kernel keeps those for ever.
	find /sys/kernel/slab -maxdepth 1 -type d -name 'lb[-_]*' -printf '%f\n' 2> /dev/null
}

# EXPRESSION: of Python, about d, the JSON that comes in; a list is printed as words.
json() {
	python3 -c 'import json, sys
d = json.load(sys.stdin)
x = eval(sys.argv[1])
print(*(x if isinstance(x, list) else [x]))' "$1"
}

# MODULE...: Debian's kernels have them all; the lab's own, built as small as may be, need not, and then
# there is nothing to see.
need_modules() {
	modprobe -a "$@" 2> /dev/null && return
	case ${LB_KERNEL:-} in um* | x86dbg) ;; *) die "no $*" ;; esac
	ok "this kernel was built without $*"
	finish
}

# --- waiting: for an event, never for a time

# COMMAND...: until it succeeds, looking again every 20 ms; it fails after so long that only what will
# never happen takes longer, also on the slowest of kernels.
wait_for() {
	local end=$((SECONDS + 180))
	until "$@" > /dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return
		read -rt 0.02 <> <(:) || :
	done
}

# NAMESPACE tcp|udp PORT
listening() {
	local state=0A
	[ "$2" = tcp ] || state=07
	on "$1" awk -v port="$(printf ':%04X' "$3")" -v state=$state \
		'substr($2, length($2) - 4) == port && $4 == state { found = 1 } END { exit !found }' \
		"/proc/net/$2" "/proc/net/${2}6"
}
wait_listening() { wait_for listening "$@" || die "nothing listens on $1's $2 port $3"; }

# NAMESPACE: it is looking for no neighbour.
unresolved_none() { [ -z "$(ip -n "$prefix$1" neigh show nud incomplete)" ]; }

# --- namespaces

# Names are variables too: $director is the namespace's real name, "on director" runs there.
prefix=${LBT_PREFIX-lbt-$$-}
namespaces=()

add_ns() {
	local n
	for n; do
		ip netns add "$prefix$n" || die "ip netns add $prefix$n"
		namespaces+=("$n")
		printf -v "$n" %s "$prefix$n"
	done
}

# Cheaper than ip netns exec, which also mounts a /sys.
on() { local n=$1; shift; nsenter --net="/run/netns/$prefix$n" "$@"; }

# NAMESPACE NAME=VALUE...: sysctls below net/, without a process for each.
tune() {
	local n=$1; shift
	on "$n" bash -c 'for s; do echo "${s#*=}" > "/proc/sys/net/${s%%=*}" || exit; done' tune "$@"
}

client='' router='' director='' rs1='' rs2='' wire=''

started=()
# NAMESPACE COMMAND...: in the background, ended by cleanup.
start() {
	local n=$1; shift
	nsenter --net="/run/netns/$prefix$n" "$@" &
	started+=($!)
}

cleanup() {
	local n
	[ ${#started[@]} = 0 ] || kill "${started[@]}" 2> /dev/null
	for n in "${namespaces[@]}"; do
		ip netns pids "$prefix$n" | xargs -r kill -KILL 2> /dev/null
		ip netns del "$prefix$n"
	done
	namespaces=() started=()
	wait
	rm -rf "$tmp"
}
# After the last of a scenario: where lb has ip_vs's names, the next one could not have ip_vs.
leave() {
	cleanup
	[ "$(cat /sys/module/lb/parameters/ipvs 2> /dev/null)" != Y ] || wait_for unload_balancers || :
}

# --- the network drawn above

vip=192.0.2.1 vip6=2001:db8:f::1
client_ip=198.51.100.2 client_ip6=2001:db8:c::2
router_ip=10.0.0.254 router_ip6=2001:db8::fe
director_ip=10.0.0.1 director_ip6=2001:db8::1
rs1_ip=10.0.0.11 rs1_ip6=2001:db8::11
rs2_ip=10.0.0.12 rs2_ip6=2001:db8::12

network() {
	local n
	add_ns client router director rs1 rs2
	for n in client router director rs1 rs2; do
		# No duplicate address detection: addresses must work at once.
		tune $n ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0 \
			ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0
	done
	ip -n "$router" -batch - <<-BATCH || die "no links"
		link add br0 type bridge
		link add client type veth peer name eth0 netns $client
		link add director type veth peer name eth0 netns $director
		link add rs1 type veth peer name eth0 netns $rs1
		link add rs2 type veth peer name eth0 netns $rs2
		link set director master br0
		link set rs1 master br0
		link set rs2 master br0
		addr add 198.51.100.1/24 dev client
		addr add 2001:db8:c::1/64 dev client
		addr add $router_ip/24 dev br0
		addr add $router_ip6/64 dev br0
		link set lo up
		link set br0 up
		link set client up
		link set director up
		link set rs1 up
		link set rs2 up
		route add $vip via $director_ip
		route add $vip6 via $director_ip6
	BATCH
	ip -n "$client" -batch - <<-BATCH || die "no client"
		link set lo up
		link set eth0 up
		addr add $client_ip/24 dev eth0
		addr add $client_ip6/64 dev eth0
		route add default via 198.51.100.1
		route add default via 2001:db8:c::1
	BATCH
	ip -n "$director" -batch - <<-BATCH || die "no director"
		link set lo up
		link set eth0 up
		addr add $director_ip/24 dev eth0
		addr add $director_ip6/64 dev eth0
		addr add $vip/32 dev lo
		addr add $vip6/128 dev lo
		route add default via $router_ip
		route add default via $router_ip6
	BATCH
	for n in rs1 rs2; do
		local ip=${n}_ip ip6=${n}_ip6
		ip -n "$prefix$n" -batch - <<-BATCH || die "no $n"
			link set lo up
			link set eth0 up
			addr add ${!ip}/24 dev eth0
			addr add ${!ip6}/64 dev eth0
			route add default via $director_ip
			route add default via $director_ip6
			route add default via $router_ip table 100
			route add default via $router_ip6 table 100
			rule add from 192.0.2.0/24 lookup 100
		BATCH
		ip -6 -n "$prefix$n" rule add from 2001:db8:f::/64 lookup 100 || die "no $n"
	done
	tune router ipv4/ip_forward=1 ipv6/conf/all/forwarding=1
	tune director ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 ipv4/conf/all/send_redirects=0 \
		ipv4/conf/eth0/send_redirects=0
}

# A smaller network, for tests that write and read raw frames: each leg of the director ends in
# the namespace wire, where nothing answers.
#
#	wire: client ---- director ---- wire: rs1 (10.0.1.0/24), rs2 (10.0.2.0/24, MTU 1400)
wires() {
	local n
	add_ns director wire
	tune director ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 ipv6/conf/all/accept_dad=0 \
		ipv6/conf/default/accept_dad=0 ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0 \
		ipv4/conf/all/send_redirects=0 ipv4/conf/default/send_redirects=0 \
		ipv6/conf/default/router_solicitations=0 ipv6/icmp/ratelimit=0
	[ ! -e /proc/sys/net/ipv4/icmp_ratelimit ] || tune director ipv4/icmp_ratelimit=0
	on wire bash -c 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'
	for n in client rs1 rs2; do
		echo "link add $n mtu 1500 address 02:00:00:00:00:01 type veth peer name $n address 02:00:00:00:00:02 netns $wire"
		echo "link set $n up"
	done | ip -n "$director" -batch - || die "no wires"
	for n in client rs1 rs2; do echo "link set $n up"; done | ip -n "$wire" -batch - || die "no wire"
	ip -n "$director" -batch - <<-BATCH || die "no addresses"
		link set lo up
		link set rs2 mtu 1400
		addr add $vip/32 dev lo
		addr add $vip6/128 dev lo
		addr add 198.51.100.1/24 dev client
		addr add 2001:db8:c::1/64 dev client
		addr add 10.0.1.1/24 dev rs1
		addr add 2001:db8:1::1/64 dev rs1
		addr add 10.0.2.1/24 dev rs2
		addr add 2001:db8:2::1/64 dev rs2
		neigh add 198.51.100.2 lladdr 02:00:00:00:00:02 dev client
		neigh add 2001:db8:c::2 lladdr 02:00:00:00:00:02 dev client
		neigh add 10.0.1.2 lladdr 02:00:00:00:00:02 dev rs1
		neigh add 2001:db8:1::2 lladdr 02:00:00:00:00:02 dev rs1
		neigh add 10.0.2.2 lladdr 02:00:00:00:00:02 dev rs2
		neigh add 2001:db8:2::2 lladdr 02:00:00:00:00:02 dev rs2
		route add default via 198.51.100.2
		route add default via 2001:db8:c::2
	BATCH
}

# on|off: large packets that cross the network whole (TSO, GSO, GRO), and checksums left to be done.
offloads() {
	local n dev
	for n in client director rs1 rs2; do
		on $n ethtool -K eth0 tso "$1" gso "$1" gro "$1" tx "$1" > /dev/null || die "ethtool $1"
	done
	for dev in client director rs1 rs2; do
		on router ethtool -K $dev tso "$1" gso "$1" gro "$1" tx "$1" > /dev/null || die "ethtool $1"
	done
}

# What a real server needs for a method.
# direct: the VIP on lo, and silence when somebody asks the LAN for it.
serve_direct() {
	local n
	for n in rs1 rs2; do
		tune $n ipv4/conf/all/arp_ignore=1 ipv4/conf/all/arp_announce=2
		ip -n "$prefix$n" addr replace $vip/32 dev lo
		ip -n "$prefix$n" addr replace $vip6/128 dev lo
	done
}
# tunnel: as direct, and devices that take packets out of either kind of tunnel.
serve_tunnel() {
	local n
	serve_direct
	for n in rs1 rs2; do
		local ip=${n}_ip ip6=${n}_ip6
		ip -n "$prefix$n" -batch - <<-BATCH || die "no tunnels"
			link add tun4 type ipip local ${!ip} remote any
			link add tun6 type sit local ${!ip} remote any
			link add tun66 type ip6tnl mode any local ${!ip6} remote any
			link set tun4 up
			link set tun6 up
			link set tun66 up
		BATCH
	done
}

# --- real servers

# NAMESPACE PORT...: nginx that answers "hello from NAMESPACE", /whoami with the client's address, and /file with 20 MB if serve_file was called.
serve_http() {
	local n=$1 p listen=''; shift
	mkdir -p "$tmp/$n/www"
	echo "hello from $n" > "$tmp/$n/www/index.html"
	for p; do listen+="listen $p; listen [::]:$p; "; done
	cat > "$tmp/$n/nginx.conf" <<-CONF
		daemon off; master_process off; user root; pid $tmp/$n/pid; error_log stderr;
		events { worker_connections 512; }
		http {
			access_log off; client_body_temp_path $tmp/$n; proxy_temp_path $tmp/$n;
			fastcgi_temp_path $tmp/$n; uwsgi_temp_path $tmp/$n; scgi_temp_path $tmp/$n;
			sendfile on; keepalive_timeout 60;
			server {
				$listen root $tmp/$n/www;
				location = /whoami { return 200 \$remote_addr\\n; }
			}
		}
	CONF
	chmod 755 "$tmp"
	start "$n" nginx -p "$tmp/$n" -c "$tmp/$n/nginx.conf" 2>> "$tmp/$n/log"
	for p; do wait_listening "$n" tcp "$p"; done
}

# URL [curl option]...: what the client gets, or curl's error.
fetch() { local url=$1; shift; on client curl -sS -m 10 --noproxy '*' "$@" "$url" 2>&1; }

# --- the balancer: the same words for lb and for ip_vs

# Addresses are written 192.0.2.1:80 and [2001:db8:f::1]:80, as both commands take them.
balancer_ns=director

lbctl()    { on "$balancer_ns" lbctl "$@"; }
ipvs()     { on "$balancer_ns" ipvsadm "$@"; }

# Between batch and end_batch commands are only noted; then they replace what there was, by two
# processes at most: each costs, under emulation.
batching=''
batch() { batching=$tmp/batch; : > "$batching"; }
end_batch() {
	batching=''
	case $BALANCER in
	lb) lbctl restore "$tmp/batch" ;;
	ipvs) ipvs -C && ipvs -R < "$tmp/batch" ;;
	esac
}
change() {
	if [ -n "$batching" ]; then
		echo "$*" >> "$batching"
	elif [ "$BALANCER" = lb ]; then
		lbctl "$@"
	else
		ipvs "$@"
	fi
}
ipvs_service() { case $1 in tcp) echo "-t $2" ;; udp) echo "-u $2" ;; sctp) echo "--sctp-service $2" ;;
	fwmark) echo "-f $2" ;; fwmark6) echo "-f $2 -6" ;; esac; }
# A method may also be a tunnel other than IPIP: gue-none, gue-normal, gue-remote, gre-none, gre-normal.
gue_port=6080
ipvs_method() {
	case $1 in
	nat) echo -m ;;
	direct) echo -g ;;
	tunnel) echo -i ;;
	*-none) echo -i "$(ipvs_tunnel "${1%-*}")" --tun-nocsum ;;
	*-normal) echo -i "$(ipvs_tunnel "${1%-*}")" --tun-csum ;;
	*-remote) echo -i "$(ipvs_tunnel "${1%-*}")" --tun-remcsum ;;
	esac
}
ipvs_tunnel() { case $1 in gue) echo --tun-type gue --tun-port $gue_port ;; gre) echo --tun-type gre ;; esac; }
lb_method() {
	case $1 in
	gue-*) echo tunnel --tunnel-type gue --tunnel-port $gue_port --tunnel-checksum "${1#*-}" ;;
	gre-*) echo tunnel --tunnel-type gre --tunnel-checksum "${1#*-}" ;;
	*) echo "$1" ;;
	esac
}

ipvs_schedulers=(ip_vs_{rr,wrr,lc,wlc,sed,nq,fo,ovf,dh,sh,mh,twos,lblc,lblcr})
# lb comes without its other face, as ip_vs may be wanted later, beside it: that owns its names then.
LB_ARGS=${LB_ARGS-ipvs=0}
lb_is_live() { local state; read -r state 2> /dev/null < /sys/module/lb/initstate && [ "$state" = live ]; }
load_balancer() {
	# shellcheck disable=SC2086  # several words, or none
	case $BALANCER in
	# Of two scenarios at once one comes too late, and may go on.
	lb) lb_is_live || insmod "$LB_KO" $LB_ARGS || lb_is_live || die "insmod $LB_KO" ;;
	ipvs)
		modprobe ip_vs || die "no ip_vs"
		# Its schedulers: not every kernel has all. Tunnels to servers of the other family, and
		# ipip itself, live in modules.
		modprobe -qa "${ipvs_schedulers[@]}" ipip sit ip6_tunnel || :
		;;
	*) die "BALANCER=$BALANCER" ;;
	esac
}

# One of the two and not the other, with the names that both want; what the one had is gone.
alone() {
	# Namespaces that go in the background hold ip_vs.
	wait_for unload_balancers || die "a balancer cannot be unloaded"
	LB_ARGS='' BALANCER=$1 load_balancer
}
unload_balancers() {
	local m
	for m in ip_vs_ftp ip_vs_pe_sip "${ipvs_schedulers[@]}" ip_vs lb; do
		[ ! -d /sys/module/$m ] || rmmod $m || return
	done
}

# SCHEDULER FLAGS: sh fallback,port is -b sh-fallback,sh-port
ipvs_flags()   { [ -z "$2" ] || echo "-b $1-${2//,/,$1-}"; }
# "PROTOCOL SERVICE" SECONDS[/LEN]
lb_persist()   { [ -z "$2" ] || echo "--persist ${2%/*}$([[ $2 != */* ]] || echo " --persist-prefix ${2#*/}")"; }
ipvs_persist() {
	local len=${2#*/}
	[ -n "$2" ] || return 0
	echo "-p ${2%/*}"
	[[ $2 = */* ]] || return 0
	if [[ $1 = *:*:* || $1 = fwmark6* ]]; then
		echo "-M $len"
	else
		len=$((0xffffffff << (32 - len) & 0xffffffff))
		echo "-M $((len >> 24)).$((len >> 16 & 255)).$((len >> 8 & 255)).$((len & 255))"
	fi
}
# PROTOCOL SERVICE SCHEDULER [FLAGS [PERSISTENCE]]
# shellcheck disable=SC2046
vs_add() {
	case $BALANCER in
	lb) change service add "$1" "$2" --scheduler "$3" --scheduler-flags "${4:-none}" $(lb_persist "$1 $2" "${5:-}") ;;
	ipvs) change -A $(ipvs_service "$1" "$2") -s "$3" $(ipvs_flags "$3" "${4:-}") $(ipvs_persist "$1 $2" "${5:-}") ;;
	esac
}
# PROTOCOL SERVICE SCHEDULER: every packet is scheduled by itself.
# shellcheck disable=SC2046
vs_add_one_packet() {
	case $BALANCER in
	lb) change service add "$1" "$2" --scheduler "$3" --one-packet on ;;
	ipvs) change -A $(ipvs_service "$1" "$2") -s "$3" --ops ;;
	esac
}
# SERVICE [one-packet]: of UDP, by calls.
# shellcheck disable=SC2046
vs_add_sip() {
	case $BALANCER in
	lb) change service add udp "$1" --scheduler rr --persist 300 --persist-engine sip ${2:+--one-packet on} ;;
	ipvs) modprobe ip_vs_pe_sip && change -A $(ipvs_service udp "$1") -s rr -p 300 --pe sip ${2:+--ops} ;;
	esac
}
# shellcheck disable=SC2046
vs_set() {
	case $BALANCER in
	lb) change service set "$1" "$2" --scheduler "$3" --scheduler-flags "${4:-none}" ;;
	ipvs) change -E $(ipvs_service "$1" "$2") -s "$3" $(ipvs_flags "$3" "${4:-}") ;;
	esac
}
# shellcheck disable=SC2046
vs_del() {
	case $BALANCER in
	lb) change service del "$1" "$2" ;;
	ipvs) change -D $(ipvs_service "$1" "$2") ;;
	esac
}
# PROTOCOL SERVICE DESTINATION METHOD WEIGHT
# shellcheck disable=SC2046
rs_add() {
	case $BALANCER in
	lb) change dest add "$1" "$2" "$3" --method $(lb_method "$4") --weight "$5" ;;
	ipvs) change -a $(ipvs_service "$1" "$2") -r "$3" $(ipvs_method "$4") -w "$5" ;;
	esac
}
# shellcheck disable=SC2046
rs_set() {
	case $BALANCER in
	lb) change dest set "$1" "$2" "$3" --method $(lb_method "$4") --weight "$5" ;;
	ipvs) change -e $(ipvs_service "$1" "$2") -r "$3" $(ipvs_method "$4") -w "$5" ;;
	esac
}
# PROTOCOL SERVICE DESTINATION
# shellcheck disable=SC2046
rs_del() {
	case $BALANCER in
	lb) change dest del "$1" "$2" "$3" ;;
	ipvs) change -d $(ipvs_service "$1" "$2") -r "$3" ;;
	esac
}
# NAME VALUE: a setting of lb that is a sysctl of ip_vs, with hyphens for underscores.
setting() {
	case $BALANCER in
	lb) lbctl settings set "$1" "$2" ;;
	ipvs) tune director "ipv4/vs/${1//-/_}=$2" ;;
	esac
}
# Everything; ip_vs's connections and templates go only when it is loaded anew.
forget() {
	case $BALANCER in
	lb) lbctl flush && lbctl conn del --all > /dev/null ;;
	ipvs) ipvs -C && modprobe -ra "${ipvs_schedulers[@]}" ip_vs && load_balancer ;;
	esac
}
lb_clear() {
	case $BALANCER in
	lb) lbctl flush ;;
	ipvs) ipvs -C ;;
	esac
}
