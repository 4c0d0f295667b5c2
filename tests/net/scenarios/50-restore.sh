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
is "what is saved is what was restored" "$(grep add "$tmp/saved" | sort | md5sum)" "$(sort "$tmp/file" | md5sum)"

# The wrong line is the last one, and the rest would have changed everything.
sed 's/weight 10$/weight 11/; $s/weight/wieght/' "$tmp/file" > "$tmp/wrong"
refuses "a wrong word is refused, with line and column" 1 "*wrong:$((services * 11)):*" lbctl restore "$tmp/wrong"
# What only the kernel can see: the same destination twice.
{ sed 's/weight 10$/weight 11/' "$tmp/file"; tail -n 1 "$tmp/file"; } > "$tmp/twice"
refuses "a line that the configuration refuses is named" 1 "*twice:$((services * 11 + 1)):*" lbctl restore "$tmp/twice"
lbctl save > "$tmp/saved2"
is "neither changed anything" "$(md5sum < "$tmp/saved2")" "$(md5sum < "$tmp/saved")"

succeeds "all are removed at once" lbctl flush
is "nothing is left" "$(lbctl save | grep -c add)" 0
finish
