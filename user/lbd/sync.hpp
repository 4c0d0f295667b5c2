// SPDX-License-Identifier: GPL-2.0
// lvs_sync_daemon: the daemons of the synchronisation that a configuration asks for. Without a
// VRRP instance it is both roles; with one, the backup's, until VRRP says otherwise.
#pragma once

#include "../base/log.hpp"
#include "../config/globals.hpp"
#include "../netlink/lb.hpp"

#include <optional>

namespace lb::lbd {

// Starts what @wanted asks for, and ends what only @before asked for. What runs as it is wanted is
// left alone. A daemon that cannot be started is told of, and the services go on without.
void followSync(netlink::Director &director, const std::optional<config::SyncDaemon> &before,
                const std::optional<config::SyncDaemon> &wanted, const Log &log);

} // namespace lb::lbd
