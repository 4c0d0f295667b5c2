// SPDX-License-Identifier: GPL-2.0
// Which certificates end soon, each told once a day. Pure: time is an argument.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace lb::lbd {

class Expiry {
public:
    using Time = std::chrono::system_clock::time_point;
    static constexpr auto soon = std::chrono::hours(24 * 21);
    static constexpr auto again = std::chrono::hours(24);

    // What to tell of @target, that has shown a certificate which ends then; nothing: not now.
    std::optional<std::string> see(const std::string &target, Time ends, Time now);

private:
    struct Told {
        Time ends{};
        Time at{};
    };
    std::map<std::string, Told> told_{};
};

} // namespace lb::lbd
