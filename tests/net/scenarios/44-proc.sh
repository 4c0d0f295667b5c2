#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What monitoring reads is the same of lb as of ip_vs, after the same connections: the files in /proc/net, what
# ipvsadm makes of them, and net.ipv4.vs. Who has the names keeps them, all of them.
#
#	client ---- router ==== director ==== rs1
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

files='ip_vs ip_vs_stats ip_vs_stats_percpu ip_vs_conn ip_vs_conn_sync ip_vs_app'
# Without clients' ports, which are any, and how many seconds are left, which is compared apart; templates' states are
# otherwise on purpose.
timeless() { sed -E 's/^(\S+ +\S+) [1-9A-F][0-9A-F]{3} /\1 PORT /; s/ASSURED/NONE   /; s/ +[0-9]+( sip.*)?$/ N\1/' | sort; }
wide() { awk '{ print length }' | sort; }
# What a connection is, and its seconds left.
left() { awk 'NR > 1 { print $1 "/" ($3 != "0000") "/" $5, $9 }' | sort -k 1,1 -k 2,2n; }
# ONE OTHER: where they are not the same connections, or seconds left are further apart than what was done may have
# taken: the closest timeouts are 50 from each other.
apart() { paste -d ' ' "$1" "$2" | awk '$1 != $3 || ($2 - $4) ^ 2 > 100'; }
# What ip_vs sums up every two seconds.
counted() { [ "$(on director awk 'NR == 3 { print $1 }' /proc/net/ip_vs_stats)" = "$1" ]; }

ask() {
	local f out=$tmp/$BALANCER
	mkdir -p "$out"
	network
	start rs1 "$here/talk.py" tcp-server rs1 80
	start rs1 "$here/talk.py" udp-server rs1 53
	wait_listening rs1 tcp 80
	wait_listening rs1 udp 53
	for f in $files; do on director stat -c '%A %u %g' "/proc/net/$f"; done > "$out/modes"
	ipvs -R <<-RULES
		-A -t $vip:80 -s rr
		-a -t $vip:80 -r $rs1_ip:80 -m
		-A -t [$vip6]:80 -s rr -p 100
		-a -t [$vip6]:80 -r [$rs1_ip6]:80 -m -w 3
		-A -u $vip:53 -s wlc -p 200 -M 255.255.255.0
		-a -u $vip:53 -r $rs1_ip:53 -m
		-A -f 7 -s sh -p 300
		-a -f 7 -r $rs1_ip:80 -m
		-A -t $vip:0 -s rr -p 400
		-a -t $vip:0 -r $rs1_ip:0 -g
		-A -u $vip:54 -s rr -o
	RULES
	on director nft 'add table ip m; add chain ip m in { type filter hook prerouting priority -150; }
		add rule ip m in tcp dport 81 meta mark set 7'
	# First what is counted exactly, a datagram and its answer, a SYN that is refused: of a whole connection nobody
	# knows how many segments it takes.
	on client "$here/talk.py" udp $vip 53 1 > "$out/talk" 2>&1
	on client "$here/talk.py" tcp $vip 81 1 >> "$out/talk" 2>&1
	wait_for counted 2
	on director head -n 4 /proc/net/ip_vs_stats > "$out/stats"
	on director head -n 4 /proc/net/ip_vs_stats_percpu > "$out/percpu"
	ipvs -Ln --stats --exact > "$out/Lstats"
	ipvs -Z
	on director head -n 4 /proc/net/ip_vs_stats > "$out/zeroed"
	on director head -n 3 /proc/net/ip_vs_stats_percpu > "$out/zeroed-percpu"
	ipvs -Ln --stats --exact > "$out/Lzeroed"
	on client "$here/talk.py" tcp $vip 80 1 >> "$out/talk"
	on client "$here/talk.py" tcp "$vip6" 80 1 >> "$out/talk"
	on director cat /proc/net/ip_vs > "$out/table"
	on director cat /proc/net/ip_vs_conn > "$out/conns"
	on director cat /proc/net/ip_vs_conn_sync > "$out/sync"
	ipvs -Lnc > "$out/Lnc"
	ipvs -Lnc --persistent-conn > "$out/Lncp"
	ipvs -Ln > "$out/Ln"
	for f in amemthresh am_droprate drop_entry drop_packet conntrack secure_tcp snat_reroute cache_bypass expire_nodest_conn \
		sloppy_tcp sloppy_sctp expire_quiescent_template nat_icmp_send pmtu_disc conn_reuse_mode schedule_icmp \
		ignore_tunneled lblc_expiration lblcr_expiration sync_version sync_ports sync_persist_mode sync_qlen_max \
		sync_sock_size sync_threshold sync_refresh_period sync_retries backup_only; do
		echo "$f $(on director stat -c %A /proc/sys/net/ipv4/vs/$f)"
		for v in '' 1 0 3 2 x -1 4 '1 1' '2 5' '5 2' 99999999999; do
			[[ $v != ?' '[25] || $f = sync_threshold ]] || continue
			case $f.$v in
			# On purpose otherwise: a switch that reads back as a switch, a bit that means nothing, a share of memory.
			drop_*.* | secure_tcp.*) ;;
			amemthresh.-1 | am_droprate.-1 | lblc*.-1 | lblc*.0 | sync_[qsr]*.-1 | sync_qlen_max.0 | sync_qlen_max.9* | conn_reuse_mode.-1 | conn_reuse_mode.4) continue ;;
			*.[234] | *.-1) [[ $f = a* || $f = lblc* || $f = conn_reuse_mode || $f = sync_[vpqstr]* && $f != sync_persist_mode ]] || continue ;;
			esac
			[ -z "$v" ] || on director bash -c "echo '$v' > /proc/sys/net/ipv4/vs/$f" 2> /dev/null || echo "$f = $v: refused"
			echo "$f = $v: $(on director cat /proc/sys/net/ipv4/vs/$f)"
		done
	done > "$out/sysctls"
	tmp_kept=$tmp
	tmp=$(mktemp -d)
	cleanup
	tmp=$tmp_kept
}

for BALANCER in ipvs lb; do
	alone $BALANCER
	ask
done
a=$tmp/lb b=$tmp/ipvs
same() { is "$1" "$(< "$a/$2")" "$(< "$b/$2")"; }
same "who answers" talk
same "modes of the files" modes
is "ip_vs" "$(sort "$a/table")" "$(sort "$b/table")"
is "ip_vs_conn" "$(timeless < "$a/conns")" "$(timeless < "$b/conns")"
is "ip_vs_conn: seconds left" "$(apart <(left < "$a/conns") <(left < "$b/conns"))" ""
is "ip_vs_conn: its header" "$(head -n 1 "$a/conns")" "$(head -n 1 "$b/conns")"
is "ip_vs_conn: widths" "$(wide < "$a/conns")" "$(wide < "$b/conns")"
is "ip_vs_conn_sync: widths" "$(wide < "$a/sync")" "$(wide < "$b/sync")"
is "ip_vs_conn_sync" "$(timeless < "$a/sync")" "$(timeless < "$b/sync")"
same "ip_vs_stats" stats
same "ip_vs_stats_percpu" percpu
same "ip_vs_stats, zeroed" zeroed
same "ip_vs_stats_percpu, zeroed: CPUs go on" zeroed-percpu
same "ipvsadm -Ln" Ln
same "ipvsadm -Ln --stats" Lstats
same "ipvsadm -Ln --stats, zeroed" Lzeroed
words() { sed -E 's/[0-9]{2}:[0-9]{2} /MM:SS /; s/ASSURED/NONE   /; s/:[0-9]{5} /:PPPPP /' "$1" | sort; }
is "ipvsadm -Lnc" "$(words "$a/Lnc")" "$(words "$b/Lnc")"
is "ipvsadm -Lnc --persistent-conn" "$(words "$a/Lncp")" "$(words "$b/Lncp")"
same "net.ipv4.vs" sysctls

# Who is first has the names.
alone lb
refuses "with lb, ip_vs is not loaded" 1 "*Device or resource busy*" modprobe ip_vs
succeeds "and lb's face is there" cat /proc/net/ip_vs_stats /proc/sys/net/ipv4/vs/conntrack
alone ipvs
LB_ARGS='' BALANCER=lb load_balancer
like "with ip_vs, lb says that it stays away" "$(dmesg | tail -n 3)" "*lb: ip_vs is loaded*"
succeeds "and ip_vs goes on" ipvsadm -Ln
rmmod lb
succeeds "also when lb is gone" cat /proc/net/ip_vs_stats /proc/sys/net/ipv4/vs/conntrack

# The file is read from where the last read ended, whatever comes and goes.
alone lb
add_ns director
ip -n "$director" link set lo up
BALANCER=lb
on director lbctl service add udp 127.0.0.9:9 --scheduler rr
on director lbctl dest add udp 127.0.0.9:9 127.0.0.1:9 --method nat
n=300
on director python3 -c "
import socket
for p in range($n):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('127.0.0.1', 20000 + p)); s.sendto(b'x', ('127.0.0.9', 9))"
is "as many lines as connections, read by pieces" "$(on director dd if=/proc/net/ip_vs_conn bs=100 status=none | grep -c ^UDP)" $n
is "and again, from the start" "$(on director python3 -c "
f = open('/proc/net/ip_vs_conn'); first = f.read(5000); f.seek(0); print(sum(l.startswith('UDP') for l in f))")" $n
cat > "$tmp/hold.py" <<-'HOLD'
	# Holds the file of a namespace that it is not in, and reads it again when told to.
	import ctypes, os, sys
	here, there = os.open('/proc/self/ns/net', 0), os.open(sys.argv[1], 0)
	ctypes.CDLL(None).setns(there, 0)
	f = os.open('/proc/thread-self/net/ip_vs_conn', os.O_RDONLY)
	ctypes.CDLL(None).setns(here, 0)
	os.close(there)
	print(len(os.read(f, 5000)) > 1000, flush=True)
	sys.stdin.readline()
	try:
	    print(len(os.read(f, 5000)))
	except OSError as e:
	    print('closed')
HOLD
coproc HOLD { exec python3 "$tmp/hold.py" "/run/netns/$director"; }
# When it has ended, bash knows its ends no more.
exec {from_hold}<&"${HOLD[0]}" {to_hold}>&"${HOLD[1]}"
read -rt 60 first <&"$from_hold"
is "a file is read in part" "$first" True
ip netns del "$director"
namespaces=()
wait_for unload_balancers
echo >&"$to_hold"
read -rt 60 second <&"$from_hold"
is "and closed when its namespace, or the module, goes" "$second" closed
is "a file that is open does not keep its namespace, or the module" "$(ls -d /sys/module/lb 2> /dev/null)" ""
finish
