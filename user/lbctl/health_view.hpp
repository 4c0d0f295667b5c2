// SPDX-License-Identifier: GPL-2.0
// What lbd answers of health (Documentation/control.md), for people, and which of it is asked for.
#pragma once

#include "../base/error.hpp"
#include "table.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace lb::lbctl {

// "tcp 192.0.2.1 80", "fwmark 5"
std::string virtualName(const nlohmann::json &virtualServer);
// up, down, failing (up, but being asked again), unknown (nobody asks, or not yet).
std::string stateOf(const nlohmann::json &server);

// Those of @all that @words name: a virtual server with all its servers, or of each one the
// servers by that name.
struct Selection {
    nlohmann::json virtualServers = nlohmann::json::array();
    bool ofServers = false;
};
Result<Selection> select(const nlohmann::json &all, const std::vector<std::string> &words);
// What select() finds.
std::vector<std::string> namesIn(const nlohmann::json &all);

void printHealth(const Sink &sink, const nlohmann::json &virtualServers);
// Each server with its probes and their history.
std::string explainHealth(const nlohmann::json &virtualServers);

} // namespace lb::lbctl
