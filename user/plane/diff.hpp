// SPDX-License-Identifier: GPL-2.0
// The steps that lead from one model to another: pure, and empty when they are equal.
#pragma once

#include "model.hpp"

namespace lb::plane {

struct Step {
    netlink::Change change{};
    std::size_t line = 0; // of the file that asks for it; 0 for what the file lacks
};

// Removals come first, then what is new or different, in the order of @wanted. What is equal in
// both is not mentioned: its connections and counters live on.
std::vector<Step> diff(const Model &running, const Model &wanted);

// The settings that @wanted gives and @running has otherwise.
netlink::Settings diffSettings(const Model &running, const Model &wanted);

} // namespace lb::plane
