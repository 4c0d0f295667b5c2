#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's ipvsadm says the same, on both its outputs and by its status, of lb as of ip_vs, for the same commands
# in the same order. One module after the other: both want the same names.
#
#	director, with lo and one link that leads nowhere
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# Each line is a command: what ipvsadm is given. "save" is -Sn, into a file; "restore", from it.
cat > "$tmp/commands" <<'COMMANDS'
-Ln
-L
-v
-A -t 192.0.2.1:80
-A -t 192.0.2.1:80
-A -t 192.0.2.1:80 -s nosuch
-A -u 192.0.2.1:53 -s rr -o
-A -u 192.0.2.1:54 -s rr
-A --sctp-service 192.0.2.1:9 -s wrr
-A -t [2001:db8:f::1]:80 -s lc
-A -u [2001:db8:f::1]:53 -s sed -p 60 -M 64
-A -f 1 -s wlc
-A -f 1 -6 -s nq
-A -f 2 -s fo -p
-A -f 3 -s ovf -o
-A -t 192.0.2.2:80 -s sh -b sh-fallback
-A -t 192.0.2.2:81 -s sh -b sh-fallback,sh-port
-A -t 192.0.2.2:82 -s mh -b mh-port
-A -t 192.0.2.2:83 -s mh -b mh-fallback,mh-port
-A -t 192.0.2.2:84 -s rr -b sh-port
-A -t 192.0.2.2:85 -s dh
-A -t 192.0.2.2:86 -s lblc
-A -t 192.0.2.2:87 -s lblcr
-A -t 192.0.2.2:88 -s twos
-A -t 192.0.2.3:80 -s rr -p 300
-A -t 192.0.2.3:81 -s rr -p 300 -M 255.255.255.0
-A -t 192.0.2.3:0 -s rr -p 300
-A -t 192.0.2.3:0 -s rr
-A -t 192.0.2.4:0 -s rr
-A -u 192.0.2.3:5060 -s rr -p 300 --pe sip
-A -u 192.0.2.3:5061 -s rr -o -p 300 --pe sip
-A -u 192.0.2.3:5062 -s rr -p 300 --pe nosuch
-A -t 192.0.2.3:82 -s rr -o
-A -t 192.0.2.3:83 -s rr -p 99999999
-A -t 192.0.2.3:84 -s rr -p 0
-A -t 192.0.2.3:85 -s rr -p 2678400
-A -t nosuch.invalid:80
-A -t 192.0.2.3
-A -t 192.0.2.3:99999
-A -f 0
-A
-Ln
-Ln --nosort -t 192.0.2.3:80
-a -t 192.0.2.1:80 -r 10.0.0.11:8080 -m
-a -t 192.0.2.1:80 -r 10.0.0.11:8080 -m
-a -t 192.0.2.1:80 -r 10.0.0.12 -m -w 0
-a -t 192.0.2.1:80 -r 10.0.0.13 -w 3
-a -t 192.0.2.1:80 -r 10.0.0.14 -i -w 65535
-a -t 192.0.2.1:80 -r 10.0.0.15 -g -w -1
-a -t 192.0.2.1:80 -r 10.0.0.16 -g -x 100 -y 50
-a -t 192.0.2.1:80 -r 10.0.0.17 -g -x 50 -y 100
-a -t 192.0.2.1:80 -r 10.0.0.18:81 -g
-a -t 192.0.2.1:80 -r 10.0.0.19 -i --tun-type gue --tun-port 6080
-a -t 192.0.2.1:80 -r 10.0.0.20 -i --tun-type gue --tun-port 6080 --tun-csum
-a -t 192.0.2.1:80 -r 10.0.0.21 -i --tun-type gue --tun-port 6080 --tun-remcsum
-a -t 192.0.2.1:80 -r 10.0.0.22 -i --tun-type gue --tun-port 6080 --tun-nocsum
-a -t 192.0.2.1:80 -r 10.0.0.23 -i --tun-type gue
-a -t 192.0.2.1:80 -r 10.0.0.24 -i --tun-type gre
-a -t 192.0.2.1:80 -r 10.0.0.25 -i --tun-type gre --tun-csum
-a -t 192.0.2.1:80 -r 10.0.0.26 -i --tun-type gre --tun-remcsum
-a -t 192.0.2.1:80 -r 10.0.0.27 -i --tun-type ipip
-a -t 192.0.2.1:80 -r 10.0.0.28 -i --tun-type ipip --tun-port 1
-a -t 192.0.2.1:80 -r 10.0.0.28 -i --tun-type nosuch
-a -t 192.0.2.1:80 -r 10.0.0.28 -m --tun-type gre
-a -t 192.0.2.1:80 -r [2001:db8::11]:80 -i
-a -t 192.0.2.1:80 -r [2001:db8::12]:80 -m
-a -t 192.0.2.1:80 -r 224.0.0.1:80 -m
-a -t 192.0.2.1:80 -r 0.0.0.0:80 -m
-a -t 192.0.2.1:80 -r 255.255.255.255:80 -m
-a -t 192.0.2.1:80 -r 10.0.0.255:80 -m
-a -t 192.0.2.1:80 -r 127.0.0.1:80 -m
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g
-a -t 192.0.2.9:80 -r 10.0.0.11:80 -m
-a -t [2001:db8:f::1]:80 -r [2001:db8::11]:8080 -m
-a -t [2001:db8:f::1]:80 -r [2001:db8::12]:80 -g -w 5
-a -t [2001:db8:f::1]:80 -r [2001:db8::13]:80 -i
-a -t [2001:db8:f::1]:80 -r 10.0.0.11 -i
-a -t [2001:db8:f::1]:80 -r [fe80::1]:80 -m
-a -t [2001:db8:f::1]:80 -r [ff02::1]:80 -m
-a -t [2001:db8:f::1]:80 -r [::]:80 -m
-a -u [2001:db8:f::1]:53 -r [2001:db8:1234:5678:9abc:def0:1234:5678]:53 -m
-a -u 192.0.2.1:53 -r 10.0.0.11:53 -m
-a --sctp-service 192.0.2.1:9 -r 10.0.0.11:9 -m
-a -f 1 -r 10.0.0.11 -g
-a -f 1 -r 10.0.0.12:8080 -m
-a -f 1 -r 10.0.0.13:0 -m
-a -f 1 -6 -r [2001:db8::11]:0 -g
-a -f 1 -6 -r 10.0.0.11 -i
-a -f 99 -r 10.0.0.11 -g
-a -t 192.0.2.3:0 -r 10.0.0.11 -g
-a -t 192.0.2.3:0 -r 10.0.0.12 -m
-a -t 192.0.2.3:80 -r 10.0.0.11 -m
-a -t 192.0.2.2:85 -r 10.0.0.11 -m
-Ln
-L
-Ln --sort
-Ln --stats
-Ln --stats --exact
-Ln --stats -X
-Ln --rate
-Ln --rate --exact
-Ln --thresholds
-Ln --persistent-conn
-Ln --tun-info
-Ln --stats --rate
-Ln --thresholds --persistent-conn
-Ln -t 192.0.2.1:80
-Ln -t 192.0.2.1:80 --stats
-Ln -t 192.0.2.1:80 --rate
-Ln -t 192.0.2.1:80 --thresholds
-Ln -t 192.0.2.1:80 --persistent-conn
-Ln -t 192.0.2.1:80 --tun-info
-Ln -t 192.0.2.1:80 --nosort
-Ln -t [2001:db8:f::1]:80
-Ln -u 192.0.2.1:53
-Ln --sctp-service 192.0.2.1:9
-Ln -f 1
-Ln -f 1 -6
-Ln -t 192.0.2.9:80
-Lnc
-Lnc --persistent-conn
-Lnc --stats
-L --timeout
-L --timeout -c
-l -n
-Sn
-S -n
save
-C
-Ln
restore
-Ln
-Sn
restore
-E -t 192.0.2.1:80 -s rr
-Ln -t 192.0.2.1:80
-E -t 192.0.2.1:80 -s wrr -p 100
-Ln -t 192.0.2.1:80
-E -t 192.0.2.1:80 -s wrr -p 100 -M 255.255.0.0
-Ln -t 192.0.2.1:80
-E -t 192.0.2.1:80 -s wrr
-Ln -t 192.0.2.1:80
-E -t 192.0.2.1:80 -s sh -b sh-port
-Ln -t 192.0.2.1:80
-E -t 192.0.2.1:80 -s nosuch
-E -t 192.0.2.9:80 -s rr
-E -t 192.0.2.9:80 -s nosuch
-E -u 192.0.2.1:53 -s wlc
-Ln -u 192.0.2.1:53
-E -f 1 -s rr -o
-Ln -f 1
-E -t [2001:db8:f::1]:80 -s rr -p 30 -M 48
-Ln -t [2001:db8:f::1]:80
-E -t [2001:db8:f::1]:80 -s rr -p 30 -M 129
-E -u 192.0.2.3:5060 -s rr
-Ln -u 192.0.2.3:5060
-e -t 192.0.2.1:80 -r 10.0.0.11:8080 -m -w 7
-e -t 192.0.2.1:80 -r 10.0.0.11:8080 -g -w 7
-e -t 192.0.2.1:80 -r 10.0.0.13 -m -w 2 -x 9 -y 3
-e -t 192.0.2.1:80 -r 10.0.0.13 -m -w 2 -x 3 -y 9
-e -t 192.0.2.1:80 -r 10.0.0.14 -m
-e -t 192.0.2.1:80 -r 10.0.0.19 -i
-e -t 192.0.2.1:80 -r 10.0.0.99 -m
-e -t 192.0.2.9:80 -r 10.0.0.99 -m
-Ln -t 192.0.2.1:80 --thresholds
-Ln -t 192.0.2.1:80 --tun-info
-d -t 192.0.2.1:80 -r 10.0.0.99
-d -t 192.0.2.9:80 -r 10.0.0.99
-d -t 192.0.2.1:80 -r 10.0.0.12
-d -t 192.0.2.1:80 -r [2001:db8::11]:80
-Ln -t 192.0.2.1:80
-d -t 192.0.2.1:80
-D -t 192.0.2.9:80
-D -t 192.0.2.1:80
-D -t 192.0.2.1:80
-D -f 1 -6
-D -f 99
-Ln
-Z
-Z -t 192.0.2.2:80
-Z -t 192.0.2.9:80
-Z -f 99
--set 100 20 30
-L --timeout
--set 0 0 40
-L --timeout
--set 0 0 0
--set -1 0 0
--set 99999999 0 0
--set 1 2
-L --timeout
--nosuch
-Ln --nosuch
-Ln -w 1
-D -t 192.0.2.2:80 -r 10.0.0.1
-C -t 192.0.2.2:80
-C
-C
-Ln
-Sn
COMMANDS

# One command; what it says, and how it ends.
say() {
	local status=0
	# shellcheck disable=SC2086  # words
	case $1 in
	save) ipvs -Sn > "$tmp/$BALANCER.saved" 2> "$tmp/err" < /dev/null || status=$?; cat "$tmp/$BALANCER.saved" ;;
	restore) ipvs -R < "$tmp/$BALANCER.saved" 2> "$tmp/err" || status=$? ;;
	*) ipvs $1 < /dev/null 2> "$tmp/err" || status=$? ;;
	esac
	sed 's/^/stderr: /' "$tmp/err"
	echo "status $status"
}

skip='' # what this kernel's ip_vs has not
for s in twos mh; do modinfo ip_vs_$s > /dev/null 2>&1 || skip+=${skip:+|}"-s $s( |$)"; done
[ -z "$skip" ] || { grep -vE -- "$skip" "$tmp/commands" > "$tmp/fewer"; mv "$tmp/fewer" "$tmp/commands"; }
for BALANCER in ipvs lb; do
	alone $BALANCER
	add_ns director
	# No route to anybody who knows names: not being able to ask takes no time.
	ip -n "$director" -batch - <<-BATCH || die "no links"
		link set lo up
		link add d0 type dummy
		link set d0 up
		addr add 10.0.0.1/24 dev d0
		addr add 2001:db8::1/64 dev d0 nodad
	BATCH
	mkdir "$tmp/$BALANCER"
	n=0
	while IFS= read -r command; do
		say "$command" > "$tmp/$BALANCER/$n"
		n=$((n + 1))
	done < "$tmp/commands"
	ip netns del "$director"
	namespaces=()
done
n=0
while IFS= read -r command; do
	is "ipvsadm $command" "$(< "$tmp/lb/$n")" "$(< "$tmp/ipvs/$n")"
	n=$((n + 1))
done < "$tmp/commands"
# On purpose otherwise (Documentation/ipvs.md).
alone lb
add_ns director
ipvs -A -t $vip:80
refuses "ipvsadm: a weight above 65535 is none" 255 "Numerical result out of range" ipvs -a -t $vip:80 -r 10.0.0.11 -w 65536
ip netns del "$director"
namespaces=()
wait_for unload_balancers
finish
