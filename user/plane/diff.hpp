// SPDX-License-Identifier: GPL-2.0
// The steps that lead from one model to another: pure, and empty when they are equal.
#pragma once

#include "model.hpp"

namespace lb::plane {

struct Step {
    netlink::Change change{};
    std::size_t line = 0; // of the file that asks for it; 0 for what the file lacks
};

// Removals come first, then what is new or different, in the order of @wanted, then settings.
// What is equal in both is not mentioned: its connections and counters live on. Neither are
// settings that @wanted does not give.
std::vector<Step> diff(const Model &running, const Model &wanted);

} // namespace lb::plane
