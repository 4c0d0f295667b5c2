#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lbctl called ipvsadm is ipvsadm: Debian's and ours are given the same commands, each for a director of
# its own, and print the same to the byte, complain of the same and end alike. A file is restored in one
# step: no connection is lost, no client refused, and a wrong line changes nothing.
#
# Debian's speaks to ip_vs first, which lb is loaded beside; then to lb, by its other face.
#
#	client ---- router ==== director (ours), rs1, rs2          theirs, with an eth0 that leads nowhere
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
[ "$BALANCER" = lb ] || die "this compares ipvsadm and lbctl"
wait_for unload_balancers || die "a balancer cannot be unloaded"
BALANCER=ipvs load_balancer
modprobe -qa ip_vs_pe_sip || :
LB_ARGS='ipvs=0' load_balancer
network
add_ns theirs
ip -n "$theirs" link set lo up
ip -n "$theirs" link add eth0 type veth peer name eth1
ip -n "$theirs" link set eth0 up
for name in ipvsadm ipvsadm-save ipvsadm-restore; do
	mkdir -p "$tmp/bin"
	ln -s "$(type -P lbctl)" "$tmp/bin/$name"
done
ours=$tmp/bin/ipvsadm
real=/usr/sbin/ipvsadm
[ "$(readlink -f $real)" != "$(readlink -f "$ours")" ] || die "$real is ours"

# Names that are known, to both, and no server to ask for others.
cat > "$tmp/hosts" <<-HOSTS
	127.0.0.1 localhost
	::1 localhost
	192.0.2.1 www.example.org
	2001:db8:f::1 six.example.org
	10.0.0.11 a-server-with-a-name-that-is-too-long-for-its-column.example.org
	10.0.0.12 short
HOSTS
sed 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf > "$tmp/nsswitch"
with_names() {
	unshare -m sh -c 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"' \
		sh "$tmp/hosts" "$tmp/nsswitch" "$@"
}

# --- the same commands, one by one
compare_with() {
	while IFS= read -r line; do
		case $line in
		"ok - "*) ok "$1: ${line#ok - }" ;;
		"not ok - "*) failed=$((failed + 1)); echo "$line" ;;
		*) echo "$line" ;;
		esac
	done < <(with_names "$here/twice.py" "$1" $real "$theirs" "$ours" "$director" 2>&1; echo "status $?" > "$tmp/twice")
	is "$1: all groups were compared" "$(cat "$tmp/twice")" "status 0"
}
compare_with ipvs
alone lb
compare_with lb

# --- its other names
on director "$ours" -C
on director "$ours" -A -t $vip:80 -s rr
on director "$ours" -a -t $vip:80 -r $rs1_ip:80 -m
# What runs on the director, whatever the program is called.
of_director() { nsenter --net="/run/netns/$director" "$@"; }
is "lbctl ipvsadm is ipvsadm" "$(of_director lbctl ipvsadm -Ln)" "$(of_director $real -Ln | sed 's/size=[0-9]*/size=4096/')"
is "so is lbctl with its options" "$(of_director lbctl -Ln)" "$(of_director lbctl ipvsadm -Ln)"
is "lbctl --help is lbctl's" "$(lbctl --help | head -n 1)" "$(lbctl help | head -n 1)"
is "ipvsadm-save saves" "$(of_director "$tmp/bin/ipvsadm-save" -n)" "$(of_director $real -Sn)"
refuses "ipvsadm-save has one option" 1 "ipvsadm-save: Script*numeric format." "$tmp/bin/ipvsadm-save" -x

# --- connections and templates of persistence
for n in rs1 rs2; do
	start $n "$here/talk.py" tcp-server $n 80
	wait_listening $n tcp 80
done
on director "$ours" -A -t "[$vip6]:80" -s rr -p 400 -M 64
on director "$ours" -a -t "[$vip6]:80" -r "[$rs1_ip6]:80" -m
on director "$ours" -A -t $vip:85 -s rr -p 300
on director "$ours" -a -t $vip:85 -r $rs2_ip:80 -m
for to in $vip:80 "$vip6:80" $vip:85; do on client "$here/talk.py" tcp "${to%:*}" "${to##*:}" 1 > /dev/null; done
on client "$here/talk.py" tcp $vip 85 1 > /dev/null
# Without the minutes and seconds left, which go on between the two.
listed() { of_director "$@" | sed -E 's/ [0-9]{2}:[0-9]{2} +/ MM:SS /' | sort; }
for form in '-Lcn' '-Lcn --persistent-conn' '-Lc --nosort -n'; do
	# shellcheck disable=SC2086  # words
	is "$form: connections and templates are told alike" "$(listed "$ours" $form)" "$(listed $real $form)"
done
is "there are four connections and two templates" "$(of_director "$ours" -Lcn | grep -c ':80 \|:85 \|:0 ')" 6
lbctl conn del --all > /dev/null
on director "$ours" -D -t "[$vip6]:80"
on director "$ours" -D -t $vip:85

# --- restore
on director "$ours" -Sn > "$tmp/before"
changed() { on director "$ours" -Sn | diff "$tmp/before" - > /dev/null && echo no || echo yes; }
printf '%s\n' "-A -t $vip:81 -s rr" "" "# a comment" "-a -t $vip:81 -r 10.0.0.11 -w many" \
	"-A -t $vip:82 -s rr -q" "-A -u $vip:83 -o x" > "$tmp/bad"
for program in "$ours -R" "$tmp/bin/ipvsadm-restore"; do
	name=${program##*/}
	refuses "$name names every bad line and word" 2 \
		"standard input:4:*illegal weight specified*^^^^*:5:26: -q: unknown option*:6:*unexpected argument x*nothing was changed" \
		of_director sh -c "$program < $tmp/bad"
	refuses "$name names a line that the kernel refuses" 255 "standard input:2:1: Scheduler or*-A -t $vip:82 -s best*nothing was changed" \
		of_director sh -c "printf '%s\n' '-A -t $vip:81 -s rr' '-A -t $vip:82 -s best' | $program"
	refuses "$name names a line that lists" 2 "*:1:1: '-Ln' cannot stand in a file*" of_director sh -c "echo -Ln | $program"
	refuses "$name names one that is no command" 255 "*:1:1: no command of ipvsadm's*" of_director sh -c "echo hello | $program"
done
refuses "ipvsadm -R adds, so that what is there is refused" 255 "*:1:1: Service already exists*nothing was changed" \
	of_director sh -c "$ours -R < $tmp/before"
is "none of that changed anything" "$(changed)" no
succeeds "ipvsadm-restore of what is there" of_director "$tmp/bin/ipvsadm-restore" < "$tmp/before"
is "changes nothing" "$(changed)" no

for turn in 1 2; do
	cat > "$tmp/$turn" <<-FILE
		# as ipvsadm-save writes it
		-A -t $vip:80 -s rr
		-a -t $vip:80 -r $rs1_ip:80 -m -w $((turn == 1))
		-a -t $vip:80 -r $rs2_ip:80 -m -w $((turn == 2))
		-A -u $vip:$((8000 + turn)) -s wrr
	FILE
done
of_director "$tmp/bin/ipvsadm-restore" < "$tmp/1" || die "restore"
on client "$here/talk.py" hammer $vip 80 "${SOAK:-3}" > "$tmp/hammered" &
hammer=$!
turns=0
while kill -0 $hammer 2> /dev/null; do
	of_director "$tmp/bin/ipvsadm-restore" < "$tmp/2" || die "restore"
	of_director "$tmp/bin/ipvsadm-restore" < "$tmp/1" || die "restore"
	turns=$((turns + 2))
done
read -r good bad why < "$tmp/hammered"
note "$turns files, $good connections"
is "no client is refused while files are restored" "$bad ${why:-}" "0 "
compare "there were clients" "$good" -gt 20
compare "there were files" $turns -gt 4
# Who comes next may want ip_vs beside it.
wait_for unload_balancers
finish
