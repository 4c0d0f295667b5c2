#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What lbd does beyond keepalived: servers that leave finish what they serve, changes of others are seen and repaired,
# and what a file says of lbd itself (scripts, namespaces, synchronisation) happens.
#
#	client ---- router ====+==== director: lbd
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# SERVERS [LINES [GLOBALS]]: servers are 1, 2.
config() {
	local n
	[ -z "${3:-}" ] || printf 'global_defs {\n%s\n}\n' "$3"
	printf 'virtual_server %s 80 {\ndelay_loop 1\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n%s\n' "$vip" "${2:-}"
	for n in $1; do
		local ip=rs${n}_ip
		printf 'real_server %s 80 {\nweight 2\nTCP_CHECK {\nconnect_timeout 2\nretry 1\ndelay_before_retry 1\n}\n}\n' "${!ip}"
	done
	echo '}'
}
lbd() { on director lbd "$@" --folder "$tmp/lbd"; }
dest() { lbctl dest list tcp $vip:80 --json | json "[(x['weight'], x['drain'], x['deadline'] is not None) for x in d if x['addr'] == '$1']"; }
is_dest() { [ "$(dest "$1")" = "$2" ]; }
logged() { grep -q -- "$1" "$tmp/log"; }
lb_has() { ipvs -Sn | grep -q -- "$1"; }
lb_lacks() { ! lb_has "$1"; }

alone lb
network
serve_http rs1 80
serve_http rs2 80
rs2_server=${started[-1]}
mkdir "$tmp/scripts"
for s in begin end; do
	printf '#!/bin/sh\necho %s >> %s/scripts/told\n' $s "$tmp" > "$tmp/scripts/$s"
	chmod 755 "$tmp/scripts/$s"
done
globals="script_user root
startup_script $tmp/scripts/begin
shutdown_script $tmp/scripts/end
checker_priority -3
lvs_sync_daemon eth0 id 7
lb_setting schedule-icmp 1"
config '1 2' 'timeout established 900
slow_start 20
mss_clamp 1400' "$globals" > "$tmp/conf"
start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2> "$tmp/log"
daemon=${started[-1]}
wait_for lbd status || die "lbd does not run: $(< "$tmp/log")"
is 'startup_script has run' "$(< "$tmp/scripts/told")" begin
is 'with a higher priority' "$(ps -o ni= -p "$daemon" | tr -d ' ')" -3
like 'the service has what only lb has' "$(lbctl save)" "*service add tcp $vip:80 --scheduler rr --mss-clamp 1400 --timeout established=15m --slow-start 20*"
is 'a setting of lb' "$(lbctl settings list --json | json "d['schedule-icmp']")" 1
like 'the synchronisation is both roles' "$(ipvs -L --daemon)" "*master sync daemon (mcast=eth0, syncid=7*backup sync daemon (mcast=eth0, syncid=7*"

# A connection that stays open to rs2, through a reload without rs2.
exec 3<> <(:)
cat > "$tmp/hold.py" <<-'PY'
	import socket, sys
	s = socket.create_connection((sys.argv[1], 80), 10)
	s.settimeout(60)
	while True:
	    sys.stdin.readline()
	    try:
	        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	        data = more = s.recv(65536)
	        while more and b"hello" not in data:
	            more = s.recv(65536)
	            data += more
	        print(data.decode().split("\n")[-2] if more else "closed", flush=True)
	    except OSError as e:
	        print(e.strerror, flush=True)
PY
coproc HOLD { on client python3 "$tmp/hold.py" $vip; }
ask() { echo >&"${HOLD[1]}"; read -rt 60 answer <&"${HOLD[0]}"; echo "$answer"; }
first=$(ask)
# rr: whoever it is, it is the one to leave.
case $first in *rs1*) gone=$rs1_ip stays=2 ;; *) gone=$rs2_ip stays=1 ;; esac
config $stays 'on_removal drain 5 reset' "$globals" > "$tmp/conf"
like 'lbd says what a reload would do' "$(lbd reload)" '1 services, *'
# What ran was with the usual minute: on_removal is of who is removed.
is 'who is removed drains first' "$(dest $gone)" "(0, True, True)"
is 'its connection goes on' "$(ask)" "$first"
config '1 2' 'on_removal drain 2 reset' "$globals" > "$tmp/conf"
lbd reload > /dev/null
is 'who comes back is as before' "$(dest $gone)" "(2, False, False)"
is 'with its connection' "$(ask)" "$first"
config $stays '' "$globals" > "$tmp/conf"
lbd reload > /dev/null
wait_for lb_lacks "$gone:80" || note 'it has not left'
like 'in the end it is gone' "$(ipvs -Sn)" "-A -t $vip:80 -s rr
-a -t $vip:80 -r 10.0.0.1$stays:80 -m -w 2"
like 'and the client was told' "$(ask)" '*reset by peer*'
eval "exec ${HOLD[1]}>&-"

config '1 2' 'on_failure drain 30 reset' "$globals" > "$tmp/conf"
lbd reload > /dev/null
kill "$rs2_server"
wait_for is_dest $rs2_ip "(0, True, True)"
is 'who fails drains' "$(dest $rs2_ip)" "(0, True, True)"
kill -KILL "$daemon"
wait "$daemon" 2> /dev/null
start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2>> "$tmp/log"
daemon=${started[-1]}
wait_for lbd status
is 'and drains on when lbd is killed and started' "$(dest $rs2_ip)" "(0, True, True)"
serve_http rs2 80
wait_for is_dest $rs2_ip "(2, False, False)"
is 'when it is back it serves' "$(dest $rs2_ip)" "(2, False, False)"

# Somebody else.
ipvs -e -t $vip:80 -r $rs1_ip:80 -m -w 9
wait_for logged 'somebody else has changed the director'
like 'lbd status says how to undo it' "$(lbd status)" "*somebody else*lbctl dest set tcp $vip:80 $rs1_ip:80 --weight 2*"
is 'and leaves it' "$(dest $rs1_ip)" "(9, False, False)"
ipvs -e -t $vip:80 -r $rs1_ip:80 -m -w 2
wait_for logged 'the director is as configured again'
succeeds 'its being undone is seen' logged 'the director is as configured again'
config '1 2' '' "$globals
on_drift repair" > "$tmp/conf"
lbd reload > /dev/null
ipvs -d -t $vip:80 -r $rs1_ip:80
wait_for logged 'it is repaired'
is 'it is repaired when the file says so' "$(dest $rs1_ip)" "(2, False, False)"
lbctl service add udp $vip:53
wait_for lb_has "-A -u $vip:53"
like 'services that are not in the file are nobody else'"'"'s drift' "$(lbd status --json)" '*"ok":true*'
is 'and are not told of' "$(lbd status --json | json "'drift' in d")" False

# The address is not here: nobody is probed, until it is.
config '1 2' 'ha_suspend' "$globals" > "$tmp/conf"
ip -n "$director" addr show to $vip | grep -q . && ip -n "$director" addr del $vip/32 dev lo
lbd reload > /dev/null
wait_for logged 'its address is elsewhere'
pkill -KILL -f "nginx -p $tmp/rs2"
probes=$(lbctl dest list tcp $vip:80 --json | json 'len(d)')
is 'without the address nobody is found dead' "$probes" 2
ip -n "$director" addr add $vip/32 dev lo
wait_for lb_lacks "$rs2_ip:80"
is 'with it, at once' "$(ipvs -Sn | grep -c -- '-a -t')" 1

succeeds 'it is ended' lbd stop
wait "$daemon" 2> /dev/null
tail -n 3 "$tmp/log" | sed 's/^/#   /'
is 'shutdown_script has run' "$(tail -n 1 "$tmp/scripts/told")" end
finish
