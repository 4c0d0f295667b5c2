#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the documentation tells people to type works, and gives what it says there.
#
#	client ---- router ====+==== director
#	                       +==== rs1
#	                       +==== rs2
#
# A fenced block "```sh lab MACHINE..." of a page in Documentation/ is run on those machines, in the
# order of the page; it must succeed. A block "```text lab" behind it is what must have come out of it,
# but for the width of columns. The quick start comes first, as for a reader; every other page finds the
# machines as the quick start left them, but for services, settings and firewall, which are as at first.
here=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=tests/net/lib.sh
. "$here/lib.sh"

pages=$here/../../Documentation

network
# With the names that ip_vs's clients know, of which a page speaks.
alone lb
serve_http rs1 80 8080
serve_http rs2 80 8080

# Blocks of page $1, one after the other: a line "@ LINE KIND MACHINE...", then its text.
blocks() {
	awk '
		/^```/ && inside { inside = 0; print "@"; next }
		/^```(sh|text) lab/ { inside = 1; print "@ " NR " " substr($1, 4) substr($0, index($0, " lab") + 4); next }
		inside { print "  " $0 }
	' "$1"
}

# Without what lines up columns.
squeezed() { sed 's/[[:blank:]]\+/ /g; s/ $//; s/^ //; /^$/d' <<< "$1"; }

# Connections that have ended are known for two minutes more, for which "drain --wait" would wait.
draining() { lbctl dest list --json | grep -q '"drain": *true'; }
forget_ended() {
	wait_for draining && lbctl conn del --state fin-wait
}

# PAGE:LINE TEXT MACHINE...: runs TEXT there; what comes out of the last one is left in $printed.
run_block() {
	local where=$1 text=$2 machine status=0; shift 2
	case $text in *drain*--wait*) forget_ended & ;; esac
	for machine; do
		printed=$(cd "$tmp" && on "$machine" bash -euo pipefail -c "$text" 2>&1) || status=$?
		if [ $status = 0 ]; then
			ok "$where works on $machine"
		else
			not_ok "$where works on $machine" "status $status: $printed" "status 0"
		fi
	done
}

# FILE
run_page() {
	local page line kind machines text l
	page=$(basename "$1")
	while read -r _ line kind machines; do
		text=''
		while IFS= read -r l && [ "$l" != @ ]; do text+=${l#  }$'\n'; done
		case $kind in
		sh)
			# shellcheck disable=SC2086
			run_block "$page:$line" "$text" $machines
			;;
		text)
			is "$page:$line is what comes out" "$(squeezed "$printed")" "$(squeezed "$text")"
			;;
		esac
	done < <(blocks "$1")
}

lbctl save > "$tmp/clean" || die "save"
printed=''
run_page "$pages/quick-start.md"
for file in "$pages"/*.md; do
	case ${file##*/} in quick-start.md) continue ;; esac
	grep -q '^```sh lab' "$file" || continue
	lbctl restore "$tmp/clean" || die "restore"
	on director nft flush ruleset || die "nft"
	run_page "$file"
done

# Who comes next may want ip_vs beside it.
wait_for unload_balancers
finish
