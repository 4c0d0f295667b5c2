#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What `make run` shows runs to its end.
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

unload_balancers
succeeds 'a first look' "$(dirname "$(readlink -f "$0")")/../demo.sh"
finish
