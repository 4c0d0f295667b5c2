// SPDX-License-Identifier: GPL-2.0
// What no single word tells: that the parts of a configuration fit each other, and this machine.
#pragma once

#include "../process/safety.hpp"
#include "model.hpp"

#include <functional>

namespace lb::config {

// What a check asks of the machine; a question that is not there is not asked.
struct Machine {
    std::function<bool(const std::string &name)> hasInterface{};
    std::function<Result<process::Identity>(const std::string &user, const std::string &group)>
        identity{};
    std::function<Result<process::Identity>(bool security)> defaultIdentity{};
    // Whether a program may be run by somebody.
    std::function<process::Safety(const std::string &program, const process::Identity &as)> judge{};
    std::function<bool(const Ip &)> hasAddress{};
    // Behind whom it is; nothing when it is in a network of this machine, or nobody knows.
    std::function<std::optional<Ip>(const Ip &)> gatewayTo{};
};

Machine thisMachine();

// Severities are those of Report: what keepalived makes do with is a warning.
void check(const Model &model, const Machine &machine, const Report &report);

void checkVirtualServers(const Model &model, const Report &report);
void checkNetwork(const Model &model, const Machine &machine, const Report &report);
void checkVrrp(const Model &model, const Machine &machine, const Report &report);
void checkScripts(const Model &model, const Machine &machine, const Report &report);

} // namespace lb::config
