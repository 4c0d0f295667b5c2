#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A first look at lb: a client fetches pages from two web servers through a director, by nat, by direct
# routing and by tunnel. `make run` runs it in the lab; there (`make shell`) also
#
#	tests/net/demo.sh --keep      only builds the network and the servers, and leaves them to you
#
# Needs root, LB_KO (the module's file) and lbctl in PATH: the lab sees to these.
here=$(dirname "$(readlink -f "$0")")
LBT_PREFIX=''
. "$here/lib.sh"
trap - EXIT
die() { echo "demo: $*" >&2; cleanup; exit 1; }

keep=''
case ${1:-} in
'') ;;
--keep) keep=yes ;;
*) echo "usage: tests/net/demo.sh [--keep]" >&2; exit 2 ;;
esac

# A paragraph from standard input, and a command as a user would type it.
say() { echo; fmt -w 96 | sed 's/^/  /'; echo; }
run() {
	printf '$'
	printf ' %s' "$@"
	echo
	"$@" || die "that failed"
}
pages() {
	echo "\$ for i in 1 2 3 4; do ip netns exec client curl -s $1; done"
	for _ in 1 2 3 4; do ip netns exec client curl -s --noproxy '*' -m 10 "$1" || die "no page"; done
}

unset -f lbctl
cat <<-'PICTURE'

	    client ------- router ====+==== director    the load balancer; the virtual IP is 192.0.2.1
	 198.51.100.2                 +==== rs1         web server, 10.0.0.11
	                              +==== rs2         web server, 10.0.0.12

PICTURE
say <<-TEXT
	Each of these machines is a network namespace (see ip-netns(8)) on Linux $(uname -r). The
	director gets the module; nothing else is needed there.
TEXT
network
serve_http rs1 80 8080
rs1_server=${started[-1]}
serve_http rs2 80 8080
modprobe -qa ipip sit ip6_tunnel	# for the servers' end of the tunnels; the director needs none of them
serve_tunnel
run insmod "$LB_KO"

if [ -n "$keep" ]; then
	say <<-TEXT
		It is all yours: the namespaces client, router, director, rs1 and rs2 stay until the virtual machine
		ends. The servers answer on ports 80 and 8080, and are ready for every method: their way out leads
		through the director, as nat wants it, and for what they send as the virtual IP, as direct and tunnel
		want it, through router. A start:
	TEXT
	cat <<-'TEXT'
		$ lbctl -n director service add tcp 192.0.2.1:80 --scheduler rr
		$ lbctl -n director dest add tcp 192.0.2.1:80 10.0.0.11 --method direct
		$ ip netns exec client curl -s http://192.0.2.1/
	TEXT
	disown -a
	exit 0
fi

say <<-TEXT
	NAT. The director writes the server's address and port into each packet, and its own into the answer; so
	the servers' way to the client leads through the director. rs2 gets twice the connections of rs1.
TEXT
run lbctl -n director service add tcp 192.0.2.1:80 --scheduler wrr
run lbctl -n director dest add tcp 192.0.2.1:80 10.0.0.11:8080 --method nat
run lbctl -n director dest add tcp 192.0.2.1:80 10.0.0.12:8080 --method nat --weight 2
echo
pages http://192.0.2.1/
echo
run lbctl -n director service list
echo
run lbctl -n director conn list

say <<-TEXT
	Direct routing. The director only passes the packet on to the server's network card; the server has the
	virtual IP too, silently, and answers the client itself. For long answers that is a relief. The port cannot
	change.
TEXT
run lbctl -n director service add tcp 192.0.2.1:8080 --scheduler rr
run lbctl -n director dest add tcp 192.0.2.1:8080 10.0.0.11 --method direct
run lbctl -n director dest add tcp 192.0.2.1:8080 10.0.0.12 --method direct
echo
pages http://192.0.2.1:8080/

say <<-TEXT
	Tunnel. As direct, but the packet travels inside another one (IPIP), so the server may be in any network, and
	of the other address family. Methods can be mixed and changed while in use: rs2 leaves direct for a tunnel.
TEXT
run lbctl -n director dest set tcp 192.0.2.1:8080 10.0.0.12 --method tunnel
run lbctl -n director service add tcp '[2001:db8:f::1]:80' --scheduler rr
run lbctl -n director dest add tcp '[2001:db8:f::1]:80' 10.0.0.11 --method tunnel
run lbctl -n director dest add tcp '[2001:db8:f::1]:80' '[2001:db8::12]' --method tunnel
echo
pages http://192.0.2.1:8080/
pages 'http://[2001:db8:f::1]/'

say <<-TEXT
	What lb knows: its services with their destinations, and what has passed.
TEXT
run lbctl -n director service list
echo
run lbctl -n director stats

say <<-TEXT
	A server is taken out by draining it: what it serves goes on, new connections go elsewhere.
TEXT
run lbctl -n director dest drain tcp 192.0.2.1:8080 10.0.0.11
echo
pages http://192.0.2.1:8080/

say <<-TEXT
	lbd. All of that, and who serves at all, comes from a file: a keepalived.conf as it is. The daemon probes the
	servers and brings the director to what the file and the probes say; what was there before is not the
	file's, and stays.
TEXT
cat > "$tmp/keepalived.conf" <<-'CONF'
	virtual_server 192.0.2.1 8888 {
	    delay_loop 1
	    lb_algo rr
	    lb_kind NAT
	    protocol TCP

	    real_server 10.0.0.11 80 {
	        HTTP_GET {
	            url {
	                path /
	                status_code 200
	            }
	            connect_timeout 2
	            retry 1
	            delay_before_retry 1
	        }
	    }
	    real_server 10.0.0.12 80 {
	        TCP_CHECK {
	            connect_timeout 2
	            retry 1
	            delay_before_retry 1
	        }
	    }
	}
CONF
cd "$tmp" || die "no $tmp"
run cat keepalived.conf
echo
run ip netns exec director lbd check keepalived.conf
run ip netns exec director lbd start keepalived.conf
echo
# As long as there is no file named enough: a page after the other.
cat > "$tmp/fetcher" <<-'FETCHER'
	: > got; : > failed
	until [ -e enough ]; do
		curl -s --noproxy '*' -m 5 http://192.0.2.1:8888/ >> got || echo failed >> failed
	done
FETCHER
start client bash "$tmp/fetcher"
fetcher=${started[-1]}
serves() { ip netns exec director lbctl dest list tcp 192.0.2.1:8888 | grep -q "$1"; }
serves_not() { ! serves "$1"; }
tells() { printf '  %d pages so far, %d failed\n' "$(wc -l < got)" "$(wc -l < failed)"; }
wait_for serves 10.0.0.11 || die "lbd does not bring the servers"
wait_for test -s got
say <<-TEXT
	A client fetches one page after the other from now on. rs1's web server is killed; as the file says, it is
	tried again once, after a second, before that is believed. Until then every other client meets the dead.
TEXT
kill "$rs1_server"
wait_for serves_not 10.0.0.11 || die "nobody has noticed"
run lbctl health
tells
say <<-TEXT
	It comes back, and is used again as soon as it answers.
TEXT
serve_http rs1 80 8080
wait_for serves 10.0.0.11 || die "nobody has noticed"
run ip netns exec director lbctl dest list tcp 192.0.2.1:8888
touch enough
wait "$fetcher"
tells
echo
run ip netns exec director lbd stop

cd / || die "no /"
cleanup
rmmod lb
say <<-TEXT
	That was all. For a prompt in the same virtual machine: make shell, and there tests/net/demo.sh --keep builds
	this network again and leaves it to you; lbctl --help says what can be done with it.
TEXT
