#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the quick start and protocols.md tell people to type works, and gives what they say there.
#
#	client ---- router ====+==== director
#	                       +==== rs1
#	                       +==== rs2
#
# A fenced block "```sh lab MACHINE..." of these documents is run on those machines,
# in their order; it must succeed. A block "```text lab" behind it is what must have
# come out of it, but for the width of columns.
here=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=tests/net/lib.sh
. "$here/lib.sh"

documents=("$here"/../../Documentation/{quick-start,protocols}.md)

network
load_balancer
serve_http rs1 80 8080
serve_http rs2 80 8080

# Blocks of the documents, one after the other: a line "@ PLACE KIND MACHINE...", then its text.
blocks() {
	awk '
		FNR == 1 { name = FILENAME; sub(".*/", "", name) }
		/^```/ && inside { inside = 0; print "@"; next }
		/^```(sh|text) lab/ { inside = 1; print "@ " name ":" FNR " " substr($1, 4) substr($0, index($0, " lab") + 4); next }
		inside { print "  " $0 }
	' "${documents[@]}"
}

# Without what lines up columns.
squeezed() { sed 's/[[:blank:]]\+/ /g; s/ $//; s/^ //; /^$/d' <<< "$1"; }

# PLACE TEXT MACHINE...: runs TEXT there; what comes out of the last one is left in $printed.
run_block() {
	local line=$1 text=$2 machine status=0; shift 2
	for machine; do
		printed=$(cd "$tmp" && on "$machine" bash -euo pipefail -c "$text" 2>&1) || status=$?
		if [ $status = 0 ]; then
			ok "$line works on $machine"
		else
			not_ok "$line works on $machine" "status $status: $printed" "status 0"
		fi
	done
}

while read -r _ line kind machines; do
	text=''
	while IFS= read -r l && [ "$l" != @ ]; do text+=${l#  }$'\n'; done
	case $kind in
	sh)
		# shellcheck disable=SC2086
		run_block "$line" "$text" $machines
		;;
	text)
		is "$line is what comes out" "$(squeezed "$printed")" "$(squeezed "$text")"
		;;
	esac
done < <(blocks)

finish
