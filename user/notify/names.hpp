// SPDX-License-Identifier: GPL-2.0
// How keepalived 2.2.7 writes virtual and real servers in FIFO lines and mail: programs read them.
#pragma once

#include "../config/virtual_server.hpp"

#include <cstdint>
#include <string>

namespace lb::notify {

enum class State : std::uint8_t { down, up };

// "[192.0.2.1]:tcp:80", "FWM 5", "[GROUP]:0".
std::string showVirtual(const config::VirtualServer &server);
// "[10.0.0.11]:tcp:80", "[10.0.0.11]:none:0" of a firewall mark.
std::string showReal(const config::VirtualServer &server, const config::RealServer &real);

// Lines of lvs_notify_fifo and notify_fifo, with their end.
std::string virtualLine(const config::VirtualServer &server, State state);
std::string realLine(const config::VirtualServer &server, const config::RealServer &real,
                     State state);

// Subjects of mail. @routerId is the configured one, or the host's name.
std::string virtualSubject(const std::string &routerId, const config::VirtualServer &server,
                           State state);
std::string realSubject(const std::string &routerId, const config::VirtualServer &server,
                        const config::RealServer &real, State state);

} // namespace lb::notify
