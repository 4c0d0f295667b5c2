// SPDX-License-Identifier: GPL-2.0
// Times for programs and people (RFC 3339), in UTC.
#pragma once

#include <chrono>
#include <string>

namespace lb::lbd {

// "2026-11-23T14:00:00Z"
std::string utc(std::chrono::system_clock::time_point time);
// "2026-11-23T14:00:00.250Z"
std::string utcWithMilliseconds(std::chrono::system_clock::time_point time);

} // namespace lb::lbd
