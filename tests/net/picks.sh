# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For scenarios about schedulers: lb and ip_vs get the same commands and the same clients, and it
# is compared whom they pick. To be sourced instead of lib.sh.
#
#	wire: c ---- director (lb)   ---- wire: s, destinations A, B, C... by their link-layer addresses
#	wire: c ---- peer (ip_vs)    ---- wire: s
#
# shellcheck disable=SC2034,SC2154  # names for scenarios; namespaces' names
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
BALANCER=ipvs load_balancer
BALANCER=lb load_balancer

# NAMESPACE: both its legs end in a namespace of its own.
legs() {
	local d=$prefix$1 w=${prefix}wire$1 i
	add_ns "$1" "wire$1"
	tune "$1" ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 ipv6/conf/all/accept_dad=0 \
		ipv6/conf/default/accept_dad=0 ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0
	{
		cat <<-BATCH
			link add c0 address 02:00:00:00:00:02 type veth peer name c address 02:00:00:00:00:01 netns $w
			link add s0 address 02:00:00:00:00:03 type veth peer name s netns $w
			link set lo up
			link set c0 up
			link set s0 up
			addr add 198.51.100.1/24 dev c0
			addr add 2001:db8:c::1/64 dev c0
			addr add 10.0.0.1/24 dev s0
			addr add 2001:db8::1/64 dev s0
			addr add $vip/32 dev lo
			addr add $vip6/128 dev lo
			route add 198.18.0.0/16 via 198.51.100.2
			route add 2001:db8:12::/64 via 2001:db8:c::2
			neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev c0
			neigh add 2001:db8:c::2 lladdr 02:00:00:00:00:01 dev c0
		BATCH
		for i in {0..9}; do
			printf 'neigh add 10.0.0.%d lladdr 02:00:00:00:00:%02x dev s0\n' $((10 + i)) $((10 + i))
			printf 'neigh add 2001:db8::%x lladdr 02:00:00:00:00:%02x dev s0\n' $((10 + i)) $((10 + i))
		done
	} | ip -n "$d" -batch - || die "no legs"
	printf 'link set c up\nlink set s up\n' | ip -n "$w" -batch - || die "no legs"
}
legs director
legs peer
# Names of a process's standard input and output: in_NAME, out_NAME. NAME COMMAND...
talk_to() {
	local n=$1; shift
	# Not the shell's remark that there is another one already.
	{ coproc TALK { exec "$@" 2>&3; }; } 3>&2 2> /dev/null
	eval "exec {in_$n}>&${TALK[1]} {out_$n}<&${TALK[0]}"
	started+=("$TALK_PID")
}
# NAME LINE: its answer is in $answer
ask() {
	local in=in_$1 out=out_$1
	echo "$2" >&"${!in}"
	read -r -t 60 answer <&"${!out}" || die "no answer from $1 to $2"
}
for n in director peer; do
	talk_to "picks_$n" "$here/syns.py" "${prefix}wire$n" c "${prefix}wire$n" s $vip 80
done
talk_to edits_director nsenter --net="/run/netns/$director" "$here/edits.py" lb
talk_to edits_peer nsenter --net="/run/netns/$peer" "$here/edits.py" ipvs

port=80 family=4 protocol=tcp
# Whatever is done is done to both, unless "whom" names one.
whom='director peer'
# LINE of edits.py
both() {
	local n
	for n in $whom; do
		ask "edits_$n" "$*"
		[ "$answer" = "done" ] || die "$n: $*: $answer"
	done
}
# Destinations are A to I. The service's address is $service, that of a destination $address: set, not
# printed, because a subshell for each costs more than the change.
address_of() {
	local i at=$port
	printf -v i %d "'$1"
	[ $protocol = tcp ] || at=0
	if [ $family = 4 ]; then
		address=10.0.0.$((i - 55)):$at
	else
		printf -v address '[2001:db8::%x]:%d' $((i - 55)) $at
	fi
}
a() { address_of "$1"; both rs_add $protocol "$service" "$address" direct "$2"; }
w() { address_of "$1"; both rs_set $protocol "$service" "$address" direct "$2"; }
d() { address_of "$1"; both rs_del $protocol "$service" "$address"; }
# LETTERS: all of weight 1, in this order.
add_all() {
	local i
	for ((i = 0; i < ${#1}; i++)); do a "${1:i:1}" 1; done
}
# SCHEDULER [FLAGS]: every sequence on a port of its own: a destination added again gets its old
# counts back.
fresh() {
	local at=$vip
	port=$((port + 1)) got_director='' got_peer='' service=$vip:$port protocol=tcp
	[ $family = 4 ] || at=$vip6 service=[$vip6]:$port
	both vs_add tcp "$service" "$@"
	q "@$at/$port"
}
# SCHEDULER: the same, for all addresses near the usual one
fresh_mark() {
	local at=$vip net=${vip%.*}.0/24 n
	port=$((port + 1)) got_director='' got_peer='' service=$port protocol=fwmark
	[ $family = 4 ] || at=$vip6 net=${vip6%::*}::/64 protocol=fwmark6
	for n in $whom; do
		on $n nft "add table inet m; add chain inet m in { type filter hook prerouting priority -150; }
			add rule inet m in tcp dport $port meta mark set $port" || die "no marks"
		on $n ip route replace local "$net" dev lo || die "no addresses"
	done
	both vs_add $protocol "$service" "$@"
	q "@$at/$port"
}
# WORD... of syns.py
q() {
	local n got
	for n in $whom; do
		ask "picks_$n" "$*"
		got=got_$n
		printf -v "got_$n" %s "${!got}$answer"
	done
}
# CLAIM SEQUENCE
picked() {
	is "$1: ip_vs" "$got_peer" "$2"
	is "$1: lb" "$got_director" "$2"
}
# CLAIM: whatever ip_vs picked
alike() { is "$1: lb as ip_vs" "$got_director" "$got_peer"; }
# CLAIM LETTERS: ip_vs picked each of these, and nobody else
spread() { is "$1" "$(fold -w 1 <<< "$got_peer" | sort -u | tr -d '\n')" "$2"; }
# LETTER: how often lb picked it.
times() { tr -cd "$1" <<< "$got_director" | wc -c; }
