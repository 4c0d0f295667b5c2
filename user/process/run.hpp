// SPDX-License-Identifier: GPL-2.0
// A program from its start to its end, or to the end of the time it is given. Nothing blocks.
#pragma once

#include "child.hpp"

#include <chrono>

#include <boost/asio/awaitable.hpp>

namespace lb::process {

using Duration = std::chrono::microseconds;

// How long a program has to end after it was asked to (SIGTERM), before it is made to (SIGKILL).
inline constexpr Duration grace = std::chrono::seconds(2);

// A limit of 0 is none. Cancelled, it throws as Asio does, and ends the program in the same way.
boost::asio::awaitable<Exit> run(Command command, Duration limit);

} // namespace lb::process
