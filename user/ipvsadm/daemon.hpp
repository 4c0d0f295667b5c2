// SPDX-License-Identifier: GPL-2.0
// The synchronisation daemons, started, stopped and shown with ipvsadm's words.
#pragma once

#include "../netlink/lb.hpp"
#include "command.hpp"
#include "outcome.hpp"

namespace lb::ipvsadm {

// --start-daemon, --stop-daemon
Outcome<void> setDaemon(netlink::Director &director, const Command &command);
Outcome<std::string> listDaemons(netlink::Director &director);

} // namespace lb::ipvsadm
