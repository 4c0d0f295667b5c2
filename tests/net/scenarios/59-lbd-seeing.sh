#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What lbd lets an operator see, by its socket, by lbctl, over HTTP and as events, is what happens to the servers
# while they die and come back; and what is committed comes back unless it is confirmed.
#
#	client ---- router ====+==== director: lbd
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

metrics_port=9107
# WEIGHT: of rs1
config() {
	cat <<-CONF
		global_defs {
			lbd_metrics 127.0.0.1 $metrics_port
		}
		virtual_server $vip 80 {
			delay_loop 1
			lb_algo wrr
			lb_kind NAT
			protocol TCP
			quorum 2
			sorry_server $rs2_ip 8081
			real_server $rs1_ip 80 {
				weight $1
				TCP_CHECK {
					connect_timeout 2
					retry 1
					delay_before_retry 1
				}
			}
			real_server $rs2_ip 80 {
				weight 1
				inhibit_on_failure
				TCP_CHECK {
					connect_timeout 2
					retry 1
					delay_before_retry 1
				}
			}
		}
	CONF
}
socket=$tmp/lbd/lbd.sock
ask() { lbctl "$@" --socket "$socket"; }
as_nobody() { on director setpriv --reuid 65534 --regid 65534 --clear-groups "$lbctl_path" "$@" --socket "$socket"; }
scrape() { on director curl -sS --noproxy '*' "http://127.0.0.1:$metrics_port/metrics"; }
scrape_unix() { on director curl -sS --unix-socket "$tmp/lbd/metrics.sock" http://lbd/metrics; }
# NAME: its value; the labels are part of the name.
metric() { scrape | awk -v name="$1 " 'index($0, name) == 1 { print substr($0, length(name) + 1) }'; }
happened() { grep -q "\"event\":\"$1\".*" "$tmp/events"; }
weights() { ipvs -Sn | grep -e '^-a' | sed 's/.*-r //'; }

alone lb
network
serve_http rs1 80
rs1_server=${started[-1]}
serve_http rs2 80
config 3 > "$tmp/conf"
refuses 'without lbd, that is what is said' 1 "lbctl: no lbd answers at $socket (lbd start)" ask status
start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2> "$tmp/log"
daemon=${started[-1]}
wait_for ask status || die "lbd does not run: $(< "$tmp/log")"
start director lbctl events -f --since 0 --json --socket "$socket" > "$tmp/events"
wait_for happened start || die "no events"

probed() { [[ $(ask health) != *unknown* ]]; }
wait_for probed || note 'some were never probed'
like 'status' "$(ask status)" "*runs as process $daemon for *2 up, 0 down*"
like 'health is a table' "$(ask health)" "*tcp $vip 80*quorum*4*-> $rs1_ip:80*up*3*good: *"
like 'health of one explains it' "$(ask health $rs1_ip)" "tcp $vip 80, server $rs1_ip:80: up, weight 3*TCP_CHECK of $rs1_ip:80: up for*next*good, 0 failed*"
fetch "http://$vip/" > /dev/null
like 'show has counters beside health' "$(ask show)" "*tcp $vip:80*quorum*4*-> $rs1_ip:80*up*3*"

# --- a server dies
kill "$rs1_server"
wait_for happened server-down || note 'no event of the death'
wait_for happened quorum-lost || note 'no event of the quorum'
like 'the event names the server and the reason' "$(grep server-down "$tmp/events")" \
	"*\"reason\":\"*efused*\"server\":\"$rs1_ip:80\"*\"virtual_server\":\"$vip 80\"*"
like 'health says so, and why' "$(ask health)" "*tcp $vip 80*no quorum*the sorry server $rs2_ip:8081 serves*-> $rs1_ip:80*down*failed: *efused*"
like 'so does its history' "$(ask health $rs1_ip:80)" '*ago  down  *efused*'
like 'so does show' "$(ask show)" "*-> $rs1_ip:80*down*out*efused*-> $rs2_ip:8081*sorry*"
is 'so do metrics' "$(metric "lbd_server_up{virtual_server=\"$vip 80\",protocol=\"tcp\",server=\"$rs1_ip:80\"}")" 0
is 'and of the quorum' "$(metric "lbd_virtual_server_quorum{virtual_server=\"$vip 80\",protocol=\"tcp\"}")" 0
is 'and of the sorry server' "$(metric "lbd_virtual_server_sorry{virtual_server=\"$vip 80\",protocol=\"tcp\"}")" 1
serve_http rs1 80
wait_for happened server-up || note 'no event of the return'
wait_for happened sorry-out || note 'no event of the sorry server'
like 'events are there afterwards, too' "$(ask events)" "*server-down tcp $vip 80, $rs1_ip:80: *quorum-lost tcp $vip 80*sorry-in*server-up tcp $vip 80, $rs1_ip:80*quorum-gained*sorry-out*"

# --- metrics
is "the director's counters are ipvsadm's" "$(metric node_ipvs_connections_total)" \
	"$(lbctl stats --json | json 'd["total"]["stats"]["conns"]')"
labels="local_address=\"$vip\",local_port=\"80\",remote_address=\"$rs2_ip\",remote_port=\"80\",proto=\"TCP\",local_mark=\"\""
is "and a backend's weight" "$(metric "node_ipvs_backend_weight{$labels}")" 1
is 'over the unix socket are the same names' "$(scrape_unix | grep '^# TYPE')" "$(scrape | grep '^# TYPE')"
beat=$(metric lbd_heartbeat_timestamp_seconds)
beats() { [ "$(metric lbd_heartbeat_timestamp_seconds)" != "$beat" ]; }
succeeds 'the heart beats' wait_for beats

# --- diff and commit
config 5 > "$tmp/new"
is 'diff says what it would do' "$(ask diff "$tmp/new")" "~ dest set tcp $vip:80 $rs1_ip:80 --weight 5
0 to add, 1 to change, 0 to remove"
is 'and does nothing' "$(weights)" "$rs1_ip:80 -m -w 3
$rs2_ip:80 -m -w 1"
like 'a commit for a while' "$(ask commit "$tmp/new" --confirm 3)" "*1 changes in *taken back in 3 s unless 'lbctl confirm'*"
is 'is done' "$(weights)" "$rs1_ip:80 -m -w 5
$rs2_ip:80 -m -w 1"
wait_for happened commit-rolled-back || note 'nothing was taken back'
is 'and taken back when nobody confirms it' "$(weights)" "$rs1_ip:80 -m -w 3
$rs2_ip:80 -m -w 1"
refuses 'when it is too late that is said' 1 '*there is nothing to confirm*' ask confirm
ask commit "$tmp/new" --confirm 3 > /dev/null
succeeds 'one that is confirmed' ask confirm
sleep 4		# longer than it would have been taken back in
is 'stays' "$(weights)" "$rs1_ip:80 -m -w 5
$rs2_ip:80 -m -w 1"
sed 's/real_server/real_servr/' "$tmp/new" > "$tmp/bad"
refuses 'a bad file is shown as lbd check shows it' 1 "*$tmp/bad:*error: 'real_servr'*did you mean 'real_server'?*" ask commit "$tmp/bad"
is 'and counted' "$(metric 'lbd_reloads_total{result="refused"}')" 1
is 'and nothing has changed' "$(weights)" "$rs1_ip:80 -m -w 5
$rs2_ip:80 -m -w 1"
succeeds 'a reload takes its own file again' ask reload
is 'which is as it was' "$(weights)" "$rs1_ip:80 -m -w 3
$rs2_ip:80 -m -w 1"

# --- who may
lbctl_path=$(command -v lbctl)
chmod 755 "$tmp" "$tmp/lbd"
succeeds 'everybody may see' as_nobody health
refuses 'and nobody but root may change' 1 '*user 65534 may not ask for that*' as_nobody reload

succeeds 'it ends' on director lbd stop --folder "$tmp/lbd"
wait_for happened stop || note 'no event of the end'
is 'numbers of events have no gap' "$(json 'd["number"]' < <(head -1 "$tmp/events")) $(tail -1 "$tmp/events" | json 'd["number"]')" "1 $(wc -l < "$tmp/events")"
finish
