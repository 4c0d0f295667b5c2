// SPDX-License-Identifier: GPL-2.0
// The synchronisation daemon, as family IPVS starts, stops and shows it.
#pragma once

#include "command.hpp"
#include "outcome.hpp"

namespace lb::ipvsadm {

Outcome<void> setDaemon(const Command &command); // --start-daemon, --stop-daemon
Outcome<std::string> listDaemons();

} // namespace lb::ipvsadm
