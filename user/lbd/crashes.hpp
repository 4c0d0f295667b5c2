// SPDX-License-Identifier: GPL-2.0
// When an lbd has ended without being told to: several within a short time are a crash loop, which
// whoever starts it again and again does not end. The director goes on by itself meanwhile.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace lb::lbd {

class Crashes {
public:
    using Time = std::chrono::sys_seconds;
    static constexpr std::chrono::minutes remembered{2};
    static constexpr std::size_t loop = 5; // within that time

    // What toText() wrote, whatever has become of it: lines that are no times are left out.
    static Crashes parse(std::string_view text);
    // A line for each, in seconds since 1970.
    [[nodiscard]] std::string toText() const;

    // Those that are not remembered any more at @now go, and such as are in the future: the clock
    // has been set.
    void forget(Time now);
    void add(Time when) { times_.push_back(when); }

    [[nodiscard]] std::size_t count() const { return times_.size(); }
    [[nodiscard]] bool looping() const { return times_.size() >= loop; }

private:
    std::vector<Time> times_{};
};

} // namespace lb::lbd
