// SPDX-License-Identifier: GPL-2.0
// When to tell that a server's certificate ends soon: once when that is seen first, once a day as
// long as it is so, and when there is another one. No clock: time is an argument. It makes no
// server down; a certificate that has ended does, where it is verified.
#pragma once

#include "job.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lb::health {

class Certificates {
public:
    using Time = std::chrono::system_clock::time_point;
    struct News {
        bool good = false; // it was renewed
        std::string line{};
    };

    // @ends was seen when @job was held.
    std::optional<News> on(const Job &job, Time ends, Time now);
    // @warning: how long before it ends; nothing is told of 0 days.
    std::optional<News> on(const std::string &owner, std::chrono::days warning, Time ends,
                           Time now);

private:
    struct Told {
        Time ends{};
        Time at{};
    };

    void forgetOld(Time now);

    std::map<std::string, Told> told_{}; // of those that end soon
};

} // namespace lb::health
