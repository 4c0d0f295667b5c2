// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace lb::lbctl {

// "7 2026-11-23T14:00:00.250Z server-down tcp 192.0.2.1 80, 10.0.0.1:80: connection refused"
std::string eventText(const nlohmann::json &event);

} // namespace lb::lbctl
