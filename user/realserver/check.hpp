// SPDX-License-Identifier: GPL-2.0
// What is right and what is wrong with a real server, for one virtual address: what was found, why
// it matters and how to mend it.
#pragma once

#include "plan.hpp"

#include <array>

namespace lb::realserver {

enum class Mark : std::uint8_t { right, note, wrong };
inline constexpr std::array<std::string_view, 3> markNames{"ok", "note", "WRONG"};

struct Finding {
    Mark mark = Mark::right;
    std::string thing{}; // "arp-ignore"
    std::string what{};
    std::string why{};  // both empty when it is right
    std::string mend{}; // a command, or what else to do

    friend bool operator==(const Finding &, const Finding &) = default;
};

// With @port, that is where something has to listen.
std::vector<Finding> examine(const Wish &wish, const std::optional<Port> &port,
                             const Machine &machine);

} // namespace lb::realserver
