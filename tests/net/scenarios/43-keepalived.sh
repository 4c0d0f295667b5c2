#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's keepalived does the same to lb as to ip_vs, with the same configuration, while real servers die and come
# back: tables are compared after each step, and clients are served.
#
#	client ---- router ====+==== director: keepalived, checkers only
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

cat > "$tmp/conf" <<CONF
virtual_server $vip 80 {
	delay_loop 1
	lvs_sched wrr
	lvs_method NAT
	protocol TCP
	quorum 1
	sorry_server $rs2_ip 8081
	real_server $rs1_ip 80 {
		weight 3
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
virtual_server $vip6 80 {
	delay_loop 1
	lvs_sched rr
	lvs_method NAT
	persistence_timeout 60
	protocol TCP
	real_server $rs1_ip6 80 {
		weight 1
		TCP_CHECK {
			connect_timeout 2
			retry 1
			delay_before_retry 1
		}
	}
}
virtual_server fwmark 5 {
	delay_loop 1
	lvs_sched wlc
	lvs_method DR
	protocol TCP
	real_server $rs1_ip 80 {
		weight 2
		uthreshold 100
		lthreshold 10
	}
}
CONF

saved() { ipvs -Sn; ipvs -Ln --thresholds; }
# REGEX...: the table has a line like each; of "! REGEX" none.
shows() {
	local table line
	table=$(saved)
	for line; do
		case $line in
		'! '*) ! grep -q -- "${line#! }" <<< "$table" || return 1 ;;
		*) grep -q -- "$line" <<< "$table" || return 1 ;;
		esac
	done
}
# STEP REGEX...: what all checkers find is awaited, then the table kept.
step() {
	local name=$1; shift
	wait_for shows "$@" || note "$BALANCER: $name: not seen: $*"
	saved > "$tmp/$BALANCER.$name"
	fetch "http://$vip/" | sed "s/ after .*//" >> "$tmp/$BALANCER.$name"
}
steps='started rs1-dead rs1-back both-dead rs2-back stopped'

for BALANCER in ipvs lb; do
	alone $BALANCER
	network
	serve_http rs1 80
	rs1_server=${started[-1]}
	serve_http rs2 80
	rs2_server=${started[-1]}
	start director keepalived -n -C -l -f "$tmp/conf" -p "$tmp/pid" -c "$tmp/checkers" > "$tmp/$BALANCER.log" 2>&1
	keepalived=${started[-1]}
	step started "$rs1_ip:80 -m -w 3" "$rs2_ip:80 -m -w 1" "$rs1_ip6"
	kill "$rs1_server"
	step rs1-dead "! $rs1_ip:80 -m -w 3" "! $rs1_ip6"
	serve_http rs1 80
	rs1_server=${started[-1]}
	step rs1-back "$rs1_ip:80 -m -w 3" "$rs1_ip6"
	kill "$rs1_server" "$rs2_server"
	step both-dead "$rs2_ip:8081" "$rs2_ip:80 -m -w 0" "! $rs1_ip:80" "! $rs1_ip6"
	serve_http rs2 80
	step rs2-back "$rs2_ip:80 -m -w 1" "! $rs2_ip:8081"
	kill "$keepalived"
	wait_for shows "! $vip:80" "! $vip6" "! FWM"
	saved > "$tmp/$BALANCER.stopped"
	on director kill "${started[@]}" 2> /dev/null
	wait
	for n in "${namespaces[@]}"; do
		ip netns del "$prefix$n"
	done
	namespaces=() started=()
done
for s in $steps; do
	is "keepalived: $s" "$(< "$tmp/lb.$s")" "$(< "$tmp/ipvs.$s")"
done
wait_for unload_balancers
finish
