#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rest of what a director takes over: of directors that answer around it, between two of lb by several ports, by an
# IPv6 group, UDP, templates of persistence; and what is not meant for it, or for nobody while it is the backup, is left alone.
#
#	client ---- router ==+== director (lb)
#	                     +== twin (ip_vs, or lb)
#	                     +== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$here/directors.sh"

serve_direct
goes_on ipvs twin lb director direct 1
unserve_direct
balancer_ns=twin ipvs -C
# Between two of lb, by several ports.
for n in director twin; do balancer_ns=$n lbctl settings set sync-ports 4; done
goes_on lb director lb twin nat 1
balancer_ns=director lbctl settings set sync-ports 1
BALANCER=lb balancer_ns=twin lb_clear

group=ff02::82
goes_on ipvs twin lb director nat 1
datagrams_go_on lb director ipvs twin nat
group=''
balancer_ns=twin ipvs -C
datagrams_go_on ipvs twin lb director nat

# Templates, both ways.
configure lb director nat
configure ipvs twin nat
# ip_vs's, as /proc/net/ip_vs_conn has them: addresses and ports in hex, no client's port.
ipvs_templates() { on twin grep -c '^UDP C6336402 0000 C0000201 0035' /proc/net/ip_vs_conn; }
lb_templates() { lbctl conn count --templates only; }
is_one() { [ "$("$@")" = 1 ]; }
balancer_ns=director
daemon ipvs twin backup || die "no backup"
daemon lb director master || die "no master"
move director
who=$(on client "$here/talk.py" udp $vip 53 1)
is "a template of lb's is learnt by ip_vs" "$(wait_for is_one ipvs_templates && echo learnt)" learnt
move twin
is "its client is led to the same server there" "$(on client "$here/talk.py" udp $vip 53 3 | sort -u)" "$who"
no_daemon lb director master
no_daemon ipvs twin backup
lbctl conn del --all > /dev/null
daemon lb director backup || die "no backup"
daemon ipvs twin master || die "no master"
who=$(on client "$here/talk.py" udp $vip 53 1)
is "a template of ip_vs's is learnt by lb" "$(wait_for is_one lb_templates && echo learnt)" learnt
move director
is "its client is led to the same server here" "$(on client "$here/talk.py" udp $vip 53 3 | sort -u)" "$who"

# Another id is not ours; while it is backup only, the director is off.
no_daemon lb director backup
lbctl conn del --all > /dev/null
daemon lb director backup 9 || die "no backup"
others=$(sync_count director other-id)
more_others() { [ "$(sync_count director other-id)" -gt "$others" ]; }
move twin
on client "$here/talk.py" udp $vip 53 4 > /dev/null
is "messages of another id are counted" "$(wait_for more_others && echo counted)" counted
is "and nothing else" "$(lbctl conn count)" 0
lbctl settings set backup-only 1
move director
is "backup-only: a backup balances nothing" "$(on client "$here/talk.py" udp $vip 53 1)" "- Connection refused"
no_daemon lb director backup
like "backup-only: without a backup it balances" "$(on client "$here/talk.py" udp $vip 53 1)" "rs[12]"
finish
