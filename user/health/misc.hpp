// SPDX-License-Identifier: GPL-2.0
// What the end of a MISC_CHECK's program says of the server. Running it is process/run.hpp's.
#pragma once

#include "../config/probe.hpp"
#include "../process/child.hpp"
#include "verdict.hpp"

namespace lb::health {

// Status 0 is good, and so are, with misc_dynamic, 2 to 255: they ask for a weight of two less.
Verdict miscVerdict(const process::Exit &exit, const config::MiscProbe &probe);

} // namespace lb::health
