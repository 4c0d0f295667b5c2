// SPDX-License-Identifier: GPL-2.0
// What is known of the servers and why, for lbctl health and other programs.
#pragma once

#include "services.hpp"

#include <nlohmann/json_fwd.hpp>

namespace lb::lbd {

// One object for each virtual server, with its servers, with their probes (Documentation/control.md).
nlohmann::json toJson(const Services &services, const health::Prober &prober, health::Time now);

} // namespace lb::lbd
