// SPDX-License-Identifier: GPL-2.0
// Where lbd is spoken to, and in which form (Documentation/control.md): one JSON object a line
// each way over a unix socket.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lb::control {

// A folder of one lbd: its socket, its pid and what it remembers.
inline constexpr std::string_view usualFolder = "/run/lbd";
inline constexpr std::string_view socketName = "lbd.sock";
// A request is words, not files.
inline constexpr std::size_t maxRequest = std::size_t{64} * 1024; // bytes

inline std::string socketIn(std::string_view folder)
{
    return std::string(folder) + '/' + std::string(socketName);
}

} // namespace lb::control
