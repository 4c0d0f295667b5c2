// SPDX-License-Identifier: GPL-2.0
// What a service manager is told: sd_notify(3). Without one, nothing happens.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace lb::lbd {

class Supervisor {
public:
    // Everything is up.
    void ready() const;
    // What follows until ready() is a reload.
    void reloading() const;
    void stopping() const;
    // One line; told when it has changed.
    void status(const std::string &line);
    // The loop turns.
    void alive() const;
    // How often alive() is wanted: at half of what would be too late.
    [[nodiscard]] static std::optional<std::chrono::microseconds> interval();

private:
    std::string status_{};
};

} // namespace lb::lbd
