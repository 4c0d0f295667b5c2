// SPDX-License-Identifier: GPL-2.0
// Keeps a real server one over reboots, by the systemd unit lbctl-realserver@ADDRESS.service, whose
// options are in /etc/lbctl-realserver/ADDRESS.
#pragma once

#include "plan.hpp"

namespace lb::realserver {

// An error when systemd does not run here.
Result<void> keep(const Wish &wish);
// Does nothing when it was not kept.
Result<void> forget(const Ip &vip);

} // namespace lb::realserver
