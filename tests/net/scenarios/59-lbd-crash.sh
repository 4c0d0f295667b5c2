#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lbd dies again and again: the director serves all the time, and what starts lbd again is told when it is no use.
#
#	client ---- router ====+==== director: lbd
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

lbd() { on director lbd "$@" --folder "$tmp/lbd"; }
generation() { lbctl version --json | json 'd["info"]["generation"]'; }
run_lbd() {
	start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2> "$tmp/log"
	daemon=${started[-1]}
	wait_for lbd status 2> /dev/null || die "lbd does not run: $(< "$tmp/log")"
}
crash() {
	kill -KILL "$(< "$tmp/lbd/lbd.pid")"
	wait "$daemon" 2> /dev/null
}

alone lb
network
serve_http rs1 80
serve_http rs2 80
cat > "$tmp/conf" <<-CONF
	virtual_server $vip 80 {
		delay_loop 1
		lb_algo rr
		lb_kind NAT
		protocol TCP
		real_server $rs1_ip 80 {
			TCP_CHECK {
				connect_timeout 2
				retry 1
				delay_before_retry 1
			}
		}
		real_server $rs2_ip 80 {
			TCP_CHECK {
				connect_timeout 2
				retry 1
				delay_before_retry 1
			}
		}
	}
CONF
run_lbd
pkill -KILL -f "nginx -p $tmp/rs2"
wait_for eval "! ipvs -Sn | grep -q '$rs2_ip:80'"
was=$(generation)

# What is told to end has not crashed, however often.
for _ in 1 2 3 4 5 6; do
	lbd stop
	wait "$daemon" 2> /dev/null
	run_lbd
done
is 'an end that was asked for is no crash' "$(grep -c 'without being told' "$tmp/log")" 0
is 'no folder has crashes' "$(find "$tmp/lbd" -name crashes)" ''

for n in 1 2 3 4; do
	crash
	is "without lbd all is served ($n)" "$(on client curl -s -m 5 "http://$vip/")" "$(cat "$tmp/rs1/www/index.html")"
	run_lbd
	like "the next one says so ($n)" "$(< "$tmp/log")" "*lbd has ended without being told to $n times within 2 minutes*"
done
is 'none of them has changed anything' "$(generation)" "$was"
crash
refuses 'the sixth start is refused, with a status of its own' 4 \
	"*lbd has ended without being told to 5 times within 2 minutes, and is not started again by itself.*rm $tmp/lbd/crashes)*" \
	lbd run -f "$tmp/conf"
refuses 'and so in the background' 4 '*is not started again by itself*' lbd start -f "$tmp/conf"
refuses 'lbd status tells of it' 3 '*no lbd answers*the last one ended without being told to (5 times lately)*nobody probes*' lbd status
is 'all is still served' "$(on client curl -s -m 5 "http://$vip/")" "$(cat "$tmp/rs1/www/index.html")"
is 'and nothing was changed' "$(generation)" "$was"
rm "$tmp/lbd/crashes"
run_lbd
is 'then it starts as ever' "$(generation)" "$was"
is 'and says nothing of the past' "$(grep -c 'without being told' "$tmp/log")" 0
succeeds 'it is ended' lbd stop
finish
