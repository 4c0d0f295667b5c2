#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What lbd does to a director that runs: a reload touches only what it has to, a file with a mistake nothing, and
# lbd's death, its restart and its end nothing either. Clients fetch pages all the time, and none may fail.
#
#	client ---- router ====+==== director: lbd
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# WEIGHT [LINES]: of rs1; LINES are more of its virtual server.
config() {
	cat <<-CONF
		virtual_server $vip 80 {
			delay_loop 1
			lb_algo wrr
			lb_kind NAT
			protocol TCP
			${2:-}
			real_server $rs1_ip 80 {
				weight $1
				TCP_CHECK {
					connect_timeout 2
				}
			}
			real_server $rs2_ip 80 {
				weight 1
				TCP_CHECK {
					connect_timeout 2
				}
			}
		}
	CONF
}
other() {
	cat <<-CONF
		virtual_server $vip6 80 {
			lb_algo rr
			lb_kind NAT
			protocol TCP
			real_server $rs1_ip6 80 {
			}
		}
	CONF
}
lbd() { on director lbd "$@" --folder "$tmp/lbd"; }
generation() { lbctl version --json | json 'd["info"]["generation"]'; }
run_lbd() {
	start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2> "$tmp/log"
	daemon=${started[-1]}
	wait_for lbd status || die "lbd does not run: $(< "$tmp/log")"
}

alone lb
network
serve_http rs1 80
serve_http rs2 80
config 1 > "$tmp/conf"
run_lbd
is 'a service with two destinations' "$(ipvs -Sn)" "-A -t $vip:80 -s wrr
-a -t $vip:80 -r $rs1_ip:80 -m -w 1
-a -t $vip:80 -r $rs2_ip:80 -m -w 1"
refuses 'another one in the same folder says who runs already' 1 "*lbd runs already, as process $daemon*" \
	lbd run "$tmp/conf"

# One page after the other, until it is told to end; what goes wrong it says.
cat > "$tmp/fetcher" <<-'FETCHER'
	while [ ! -e "$1/enough" ]; do
		curl -sS -m 10 --noproxy '*' "$2" >> "$1/pages" 2>> "$1/wrong" || echo "failed" >> "$1/wrong"
	done
FETCHER
start client bash "$tmp/fetcher" "$tmp" "http://$vip/"
fetcher=${started[-1]}
pages() { wc -l < "$tmp/pages"; }
# More pages than so far.
fetched() { [ "$(pages)" -gt "$1" ]; }
goes_on() { wait_for fetched $(($(pages) + 10)) || die "no pages"; }
wait_for test -s "$tmp/pages"

before=$(generation)
config 3 > "$tmp/conf"
like 'a reload says what it did' "$(lbd reload)" '1 services, 1 changes in *'
is 'one weight is one change' "$(generation)" $((before + 1))
like 'and it is there' "$(ipvs -Sn)" "*-r $rs1_ip:80 -m -w 3*"
goes_on

before=$(generation)
like 'the same file again changes nothing' "$(lbd reload)" '1 services, 0 changes in *'
{ config 5; other; } | sed 's/real_server 2001/real_servr 2001/' > "$tmp/conf"
refuses 'a misspelt word is refused, with its place and what it may have been' 1 \
	"*$tmp/conf:2?:*'real_servr'*real_server*" lbd reload
config 5 | head -n -1 > "$tmp/conf"
refuses 'a file that was cut short is refused, with the brace that stands open' 1 "*$tmp/conf:1:*{*" lbd reload
: > "$tmp/missing" && rm "$tmp/conf" "$tmp/missing"
refuses 'a file that is not there is refused' 1 "*$tmp/conf*No such file*" lbd reload
is 'and none of them has changed anything' "$(generation)" "$before"
like 'lbd status tells of it' "$(lbd status)" '*the last reload was refused*No such file*'
goes_on

{ config 3; other; } > "$tmp/conf"
kill -HUP "$daemon"
wait_for eval 'ipvs -Sn | grep -qF "$rs1_ip6"' || note 'the signal to reload was not seen'
like 'a second virtual server is there, by a signal' "$(ipvs -Sn)" "*-a -t ?$vip6?:80 -r ?$rs1_ip6?:80 -m -w 1*"
goes_on

# Somebody's own service, and a drain by hand.
lbctl service add udp $vip:53 --scheduler rr
lbctl dest drain tcp $vip:80 $rs2_ip:80
before=$(generation)
kill -KILL "$daemon"
wait "$daemon" 2> /dev/null
goes_on
run_lbd
is 'whoever takes over after a kill changes nothing' "$(generation)" "$before"
like 'and goes on draining' "$(lbctl dest list tcp $vip:80 --json)" '*"drain":true*'
goes_on

# What went from the file while nobody ran.
kill -KILL "$daemon"
wait "$daemon" 2> /dev/null
config 3 > "$tmp/conf"
run_lbd
is "what is lbd's and no more wanted goes, what is others' stays" "$(ipvs -Sn | grep -e '^-A')" "-A -t $vip:80 -s wrr
-A -u $vip:53 -s rr"
lbctl dest set tcp $vip:80 $rs2_ip:80 --drain off

succeeds 'it is ended' lbd stop
[ ! -e "/proc/$daemon" ] || wait "$daemon"
refuses 'and says so' 3 '*no lbd answers*' lbd status
like 'its services go on' "$(ipvs -Sn)" "*-A -t $vip:80 -s wrr*-r $rs2_ip:80*"
goes_on

succeeds 'in the background' lbd start "$tmp/conf"
like 'it runs' "$(lbd status)" "*runs as process*$tmp/conf*1, 0 without quorum*2 up, 0 down*"
goes_on
touch "$tmp/enough"
wait "$fetcher"
is 'no client has seen any of it' "$(cat "$tmp/wrong")" ''
config 3 'quorum 9' | sed '1i global_defs {\n lvs_flush_on_stop\n}' > "$tmp/conf"
succeeds 'a warning is no refusal' lbd reload
succeeds 'it is ended again' lbd stop
is 'and its services went, as the file says' "$(ipvs -Sn)" "-A -u $vip:53 -s rr"
finish
