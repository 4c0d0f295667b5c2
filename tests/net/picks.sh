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
for n in director peer; do
	coproc SYNS { exec "$here/syns.py" "${prefix}wire$n" c "${prefix}wire$n" s $vip 80; }
	eval "exec {in_$n}>&${SYNS[1]} {out_$n}<&${SYNS[0]}"
	started+=("$SYNS_PID")
done 2> /dev/null

port=80 family=4
# Whatever is done is done to both, unless "whom" names one.
whom='director peer'
both() {
	[[ $whom != *director* ]] || BALANCER=lb balancer_ns=director "$@" || die "lb: $*"
	[[ $whom != *peer* ]] || BALANCER=ipvs balancer_ns=peer "$@" || die "ip_vs: $*"
}
# Destinations are A to I.
address() {
	local i=$(($(printf '%d' "'$1") - 55))
	if [ $family = 4 ]; then echo "10.0.0.$i:$port"; else printf '[2001:db8::%x]:%d\n' "$i" "$port"; fi
}
service() { if [ $family = 4 ]; then echo "$vip:$port"; else echo "[$vip6]:$port"; fi; }
a() { both rs_add tcp "$(service)" "$(address "$1")" direct "$2"; }
w() { both rs_set tcp "$(service)" "$(address "$1")" direct "$2"; }
d() { both rs_del tcp "$(service)" "$(address "$1")"; }
# LETTERS: all of weight 1, in this order, by one command.
add_all() {
	local i at where lb='' ipvs=''
	at=$(service)
	for ((i = 0; i < ${#1}; i++)); do
		where=$(address "${1:i:1}")
		lb+="dest add tcp $at $where --method direct"$'\n'
		ipvs+="-a -t $at -r $where -g -w 1"$'\n'
	done
	[[ $whom != *director* ]] || on director lbctl restore --add <<< "$lb" || die "lb: add $1"
	[[ $whom != *peer* ]] || on peer ipvsadm -R <<< "$ipvs" || die "ip_vs: add $1"
}
# SCHEDULER [FLAGS]: every sequence on a port of its own: a destination added again gets its old
# counts back.
fresh() {
	port=$((port + 1)) got_director='' got_peer=''
	both vs_add tcp "$(service)" "$@"
	if [ $family = 4 ]; then q "@$vip/$port"; else q "@$vip6/$port"; fi
}
# WORD... of syns.py
q() {
	local n line in out
	for n in $whom; do
		in=in_$n out=out_$n
		echo "$*" >&"${!in}"
		read -r -t 60 line <&"${!out}" || die "no picks from $n"
		out=got_$n
		printf -v "got_$n" %s "${!out}$line"
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
