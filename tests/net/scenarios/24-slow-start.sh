#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A destination that comes up while others are up begins with a sixteenth of its share, and has all of it in the
# end.
#
#	the director of picks.sh; ip_vs has nothing like it
. "$(dirname "$(readlink -f "$0")")/../picks.sh"
whom=director

ramp() { lbctl dest list tcp "$service" --json | json '[x["ramp"] or 100 for x in d]'; }
ramps() { [ "$(ramp)" = "$1" ]; }

for scheduler in wrr sed; do
	fresh $scheduler
	lbctl service set tcp "$service" --slow-start 86400
	add_all A
	is "$scheduler: the first has all" "$(ramp)" "100"
	a B 1
	is "$scheduler: the second begins with a sixteenth" "$(ramp)" "100 6"
	q +34
	is "$scheduler: and gets so many of 34" "$(times B)" 2
	w A 3; w B 3
	is "$scheduler: another weight is no beginning" "$(ramp)" "100 6"
	w B 0; q +3; w B 1; w A 1
	is "$scheduler: from weight 0 it begins again" "$(ramp)" "100 6"
	address_of A; lbctl dest drain tcp "$service" "$address"
	lbctl dest drain tcp "$service" "$address" --undo
	is "$scheduler: and so does who drained" "$(ramp)" "6 6"
	# A day goes by in a second.
	lbctl service set tcp "$service" --slow-start 1
	generation=$(lbctl version --json | json 'd["info"]["generation"]')
	wait_for ramps "100 100"
	is "$scheduler: at the end it has all" "$(ramp)" "100 100"
	is "$scheduler: nobody has changed the configuration" "$(lbctl version --json | json 'd["info"]["generation"]')" "$generation"
done
fresh wrr
lbctl service set tcp "$service" --slow-start 1
a A 1; a B 2; wait_for ramps "100 100"
q +30
is "wrr: then weights are what they are" "$(times B)" 20

# ovf's weights are numbers of connections, and stay that.
fresh ovf
lbctl service set tcp "$service" --slow-start 86400
a A 1; a B 32; q +6
is "ovf: two, and one more, is a sixteenth of 32" "$got_director" BBBAA-
lbctl save > "$tmp/saved"
is "slow start is saved" "$(grep -o -- "--slow-start .*" "$tmp/saved" | xargs)" "--slow-start 1 --slow-start 1 --slow-start 1 --slow-start 86400"
is "and restored without a change" "$(lbctl restore --dry-run "$tmp/saved" 2>&1)" ""
finish
