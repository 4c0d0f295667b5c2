#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten thousand services with ten destinations each are one transaction; a wrong line changes nothing.
#
#	director alone: lbctl restore < file
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
load_balancer
add_ns director
services=${SERVICES:-10000}
awk -v n="$services" 'BEGIN {
	for (i = 0; i < n; i++) {
		s = sprintf("tcp 192.%d.%d.%d:80", 0, i / 250, i % 250 + 1)
		print "service add " s " --scheduler wrr"
		for (d = 1; d <= 10; d++)
			printf "dest add %s 10.%d.%d.%d:8080 --method nat --weight %d\n", s, d, i / 250, i % 250 + 1, d
	}
}' > "$tmp/file"

start=${EPOCHREALTIME/./}
succeeds "$services services are restored" lbctl restore "$tmp/file"
note "in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
start=${EPOCHREALTIME/./}
lbctl save > "$tmp/saved"
note "saved in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
is "what is saved is what was restored, in its order" "$(grep add "$tmp/saved" | md5sum)" "$(md5sum < "$tmp/file")"

# The wrong line is the last one, and the rest would have changed everything.
sed 's/weight 10$/weight 11/; $s/weight/wieght/' "$tmp/file" > "$tmp/wrong"
refuses "a wrong word is refused, with line and column" 1 "*wrong:$((services * 11)):*" lbctl restore "$tmp/wrong"
{ sed 's/weight 10$/weight 11/' "$tmp/file"; tail -n 1 "$tmp/file"; } > "$tmp/twice"
refuses "a destination twice is refused, too" 1 "*twice:$((services * 11 + 1)):*is in line $((services * 11)) already*" \
	lbctl restore "$tmp/twice"
# What only the kernel can see is refused by the commit, of which the settings are a part.
{
	echo "settings set udp 77"
	sed 's/weight 10$/weight 11/' "$tmp/file"
	echo "service add tcp $vip:81"
	echo "dest add tcp $vip:81  224.0.0.1:81"
} > "$tmp/multicast"
refuses "what the kernel refuses is named: line, column, why" 1 \
	"*multicast:$((services * 11 + 3)):28: a destination needs a unicast address*" lbctl restore "$tmp/multicast"
lbctl save > "$tmp/saved2"
is "nothing of that changed anything" "$(md5sum < "$tmp/saved2")" "$(md5sum < "$tmp/saved")"

succeeds "all are removed at once" lbctl flush
is "nothing is left" "$(lbctl save | grep -c add)" 0
finish
