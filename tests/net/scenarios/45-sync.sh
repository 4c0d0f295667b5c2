#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Directors tell each other of their connections: what was opened through one goes on through the other, be it lb or
# ip_vs, in both versions of the protocol.
#
#	client ---- router ==+== director (lb)
#	                     +== twin (ip_vs)
#	                     +== rs1, rs2
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$here/directors.sh"

goes_on lb director ipvs twin nat 1
goes_on ipvs twin lb director nat 1
goes_on lb director ipvs twin nat 0
goes_on ipvs twin lb director nat 0
serve_direct
goes_on lb director ipvs twin direct 1
finish
