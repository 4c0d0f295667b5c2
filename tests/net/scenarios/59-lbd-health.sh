#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lbd makes of a keepalived.conf the tables that Debian's keepalived makes of it on ip_vs, at the start and while real
# servers die and come back; and it tells why.
#
#	client ---- router ====+==== director: keepalived, checkers only; or lbd
#	                       +==== rs1, rs2: nginx
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

cat > "$tmp/conf" <<CONF
virtual_server_group both {
	$vip 8080
	$vip6 8080
}
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
	lvs_sched mh
	mh-port
	lvs_method NAT
	persistence_timeout 60
	persistence_granularity 64
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
	real_server $rs1_ip 80 {
		weight 2
		uthreshold 100
		lthreshold 10
	}
}
virtual_server group both {
	delay_loop 1
	lvs_sched rr
	lvs_method TUN
	protocol TCP
	alpha
	quorum 3
	hysteresis 1
	real_server $rs1_ip 8080 {
		weight 2
		TCP_CHECK {
			connect_port 80
			retry 1
			delay_before_retry 1
		}
	}
	real_server $rs2_ip 8080 {
		weight 2
		lvs_method TUN type gue port 6080 csum
		TCP_CHECK {
			connect_port 80
			retry 1
			delay_before_retry 1
		}
	}
}
CONF

saved() { ipvs -Sn | sort; ipvs -Ln --thresholds | sort; }
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
steps='started rs1-dead rs1-back both-dead rs2-back'

for BALANCER in ipvs lb; do
	alone $BALANCER
	network
	serve_http rs1 80
	rs1_server=${started[-1]}
	serve_http rs2 80
	rs2_server=${started[-1]}
	case $BALANCER in
	ipvs) start director keepalived -n -C -l -f "$tmp/conf" -p "$tmp/pid" -c "$tmp/checkers" > "$tmp/ipvs.log" 2>&1 ;;
	lb) start director lbd run --folder "$tmp/lbd" -f "$tmp/conf" 2> "$tmp/lb.log" ;;
	esac
	step started "$rs1_ip:80 -m -w 3" "$rs2_ip:80 -m -w 1" "$rs1_ip6" "$rs1_ip:8080" "$rs2_ip:8080"
	kill "$rs1_server"
	step rs1-dead "! $rs1_ip:80 -m -w 3" "! $rs1_ip6" "! $rs1_ip:8080" "$rs2_ip:8080"
	serve_http rs1 80
	rs1_server=${started[-1]}
	step rs1-back "$rs1_ip:80 -m -w 3" "$rs1_ip6" "$rs1_ip:8080"
	kill "$rs1_server" "$rs2_server"
	step both-dead "$rs2_ip:8081" "$rs2_ip:80 -m -w 0" "! $rs1_ip:80 -m" "! $rs1_ip6" "! :8080 .*:8080"
	serve_http rs2 80
	step rs2-back "$rs2_ip:80 -m -w 1" "! $rs2_ip:8081" "$rs2_ip:8080"
	[ $BALANCER = ipvs ] || break
	on director kill "${started[@]}" 2> /dev/null
	wait
	for n in "${namespaces[@]}"; do
		ip netns del "$prefix$n"
	done
	namespaces=() started=()
done
for s in $steps; do
	is "as keepalived: $s" "$(< "$tmp/lb.$s")" "$(< "$tmp/ipvs.$s")"
done
like 'the log says who is down and why' "$(< "$tmp/lb.log")" "*server $rs1_ip:80 is down: *"
like 'the log says that the sorry server serves' "$(< "$tmp/lb.log")" "*the sorry server $rs2_ip:8081 serves*"
finish
