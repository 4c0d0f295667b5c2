// SPDX-License-Identifier: GPL-2.0
// What one probe of one server came to, in words for an operator. Whether that makes the server
// up or down is the monitor's to say.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace lb::health {

struct Verdict {
    bool good = false;
    std::string why{};                    // one line: "HTTP status 503, expected 200-299"
    std::optional<std::int64_t> weight{}; // that the probe asks for
    std::optional<std::chrono::system_clock::time_point> certificateEnds{}; // of TLS

    static Verdict up(std::string why) { return {.good = true, .why = std::move(why)}; }
    static Verdict down(std::string why) { return {.good = false, .why = std::move(why)}; }

    friend bool operator==(const Verdict &, const Verdict &) = default;
};

} // namespace lb::health
