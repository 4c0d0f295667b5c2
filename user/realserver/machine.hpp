// SPDX-License-Identifier: GPL-2.0
// Reads what plan and check want to know of this machine, in the caller's network namespace, and
// carries actions out.
#pragma once

#include "kernel.hpp"
#include "plan.hpp"

namespace lb::realserver {

// Whose answers have a way, for check; and what listens.
Result<Machine> readMachine(Kernel &kernel, std::span<const Ip> vips = {});

// The sockets of a file as /proc/net/tcp, tcp6, udp, udp6 that wait for clients.
std::vector<Listener> readListeners(std::string_view text, Family family, bool stream);

Result<void> carryOut(Kernel &kernel, const Machine &machine, const Action &action);

// A module that cannot be loaded is missed where it matters, by its device.
void loadModule(const std::string &name);

} // namespace lb::realserver
