// SPDX-License-Identifier: GPL-2.0
// The words behind "lbd run" and its siblings.
#pragma once

#include "../control/socket.hpp"
#include "load.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lb::lbd {

struct Options {
    std::string file{usualFile};
    std::string configId{};
    std::string folder{control::usualFolder};
    bool json = false;
};

// Which of them a command takes, besides --folder.
struct Takes {
    bool file = false; // -f FILE, and FILE alone; --config-id
    bool json = false;
    bool folder = true;
};

// Nothing, and a line on standard error, when they make no sense.
std::optional<Options> parse(std::string_view command, std::span<const std::string_view> words,
                             const Takes &takes);

} // namespace lb::lbd
