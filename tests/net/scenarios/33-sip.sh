#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The SIP persistence engine: messages of one call go to one server, whatever port or proxy they come from, and calls
# are spread. Every message is scheduled by itself (one-packet), as is usual with it, and servers answer directly. With
# nat, what a server says by itself comes from the service, and the answer finds it.
#
#	client ---- router ==== director ==== rs1, rs2: port 5060
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
serve_direct
for n in rs1 rs2; do
	start $n "$here/talk.py" udp-server $n 5060
	wait_listening $n udp 5060
done
start client "$here/talk.py" mirror 0.0.0.0 5999
wait_listening client udp 5999
ip -n "$client" address add 203.0.113.7/32 dev lo
ip -n "$router" route add 203.0.113.7 via $client_ip

# CALL-ID [HEADER]: who gets a message of that call, from a port of its own.
says() {
	on client "$here/talk.py" udp $vip 5060 1 0 "MESSAGE sip:a SIP/2.0"$'\r\n'"To: sip:a"$'\r\n'"${2:-Call-ID}: $1"$'\r\n\r\n'"i: body"
}
keepalive() { on client "$here/talk.py" udp $vip 5060 1 0 $'\r\n\r\n'; }

# SERVER PORT: whom the client hears, as it answers.
calls() {
	on "$1" "$here/talk.py" udp $client_ip 5999 1 "$2" "INVITE sip:a SIP/2.0"$'\r\n'"Call-ID: own@$1"$'\r\n\r\n'
}
# Connections, packets from clients and to them, of destinations at $rs1_ip:5062.
counters() {
	case $BALANCER in
	lb)
		lbctl dest list udp $vip:5062 --json | grep -o "\"addr\":\"$rs1_ip\".*" |
			sed 's/.*"stats":{"conns":\([0-9]*\),"in-packets":\([0-9]*\),"out-packets":\([0-9]*\),.*/\1 \2 \3/'
		;;
	ipvs) ipvs -Ln --stats --exact | awk -v d=$rs1_ip:5062 '$2 == d { print $3, $4, $5 }' ;;
	esac
}
counted() { [ "$(counters)" = "$1" ]; }

for BALANCER in lb ipvs; do
	load_balancer
	case $BALANCER in
	lb) lbctl service add udp $vip:5060 --scheduler rr --one-packet on --persist 300 --persist-prefix 0 --persist-engine sip ;;
	ipvs) modprobe ip_vs_pe_sip && ipvs -A -u $vip:5060 -s rr -o -p 300 -M 0.0.0.0 --pe sip ;;
	esac
	rs_add udp $vip:5060 $rs1_ip:5060 direct 1
	rs_add udp $vip:5060 $rs2_ip:5060 direct 1
	is "$BALANCER: calls are spread" "$(for c in 1 2 3 4; do says $c@x; done | xargs)" "rs2 rs1 rs2 rs1"
	is "$BALANCER: a call stays" "$(for c in 1 1 2 4 3 3; do says $c@x; done | xargs)" "rs2 rs2 rs1 rs1 rs2 rs2"
	is "$BALANCER: the short header is the same" "$(says 2@x i)" rs1
	is "$BALANCER: a part of a name is another" "$(says 2) $(says 2@xx)" "rs2 rs1"
	case $BALANCER in
	lb)
		like "lb: a message that is of no call is its client's" "$(keepalive)" "rs[12]"
		is "lb: templates say whose they are" \
			"$(lbctl conn list --templates only --json | grep -o '"persist-id":"[^"]*"' | sort | xargs)" \
			"persist-id:1@x persist-id:2 persist-id:2@x persist-id:2@xx persist-id:3@x persist-id:4@x"
		like "lb: in the table, too" "$(lbctl conn list --templates only)" "*conns 0, 3@x*"
		like "lb: the service says so" "$(lbctl service list)" "*rr one-packet persist 300/0 sip*"
		lbctl save > "$tmp/saved"
		is "lb: restore has nothing to do then" "$(lbctl restore --dry-run "$tmp/saved")" ''
		refuses "lb: TCP is not read" 1 "*reads UDP*" lbctl service add tcp $vip:5060 --persist 300 --persist-engine sip
		refuses "lb: it is a part of persistence" 1 "*give a timeout*" lbctl service add udp $vip:5061 --persist-engine sip
		refuses "lb: there are no others" 2 "*'rtsp' is no persistence engine*" \
			lbctl service add udp $vip:5061 --persist 300 --persist-engine rtsp
		succeeds "lb: it can go" lbctl service set udp $vip:5060 --persist-engine none
		is "lb: then the client is all there is" "$(for c in 5 6 7; do says $c@x; done | sort -u | wc -l)" 1
		;;
	ipvs) is "ipvs: a message that is of no call is dropped" "$(keepalive)" "- timeout" ;;
	esac
	vs_add_sip $vip:5062
	rs_add udp $vip:5062 $rs1_ip:5062 nat 1
	rs_add udp $vip:5062 $rs2_ip:5062 nat 1
	is "$BALANCER: a server's own message comes from the service, and is answered" "$(calls rs1 5062)" "$vip 5062"
	is "$BALANCER: another server's, too" "$(calls rs2 5062)" "$vip 5062"
	is "$BALANCER: from another port it comes from the server" "$(calls rs1 5063)" "$rs1_ip 5063"
	# ip_vs sums its counters up every two seconds.
	wait_for counted "1 1 1"
	is "$BALANCER: it is a connection, a packet to the client, and one from it" "$(counters)" "1 1 1"
	lb_clear
done
finish
