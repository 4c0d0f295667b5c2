// SPDX-License-Identifier: GPL-2.0
// ipvsadm -R and ipvsadm-restore: a file in one transaction.
#pragma once

#include "../netlink/lb.hpp"
#include "rules.hpp"

namespace lb::ipvsadm {

// -R: the rules are carried out one after the other, in one transaction: all or none.
Outcome<void> addRules(netlink::Director &director, const Rules &rules);

// ipvsadm-restore: afterwards there is what the rules add up to, and nothing else. What is there
// already and in the rules is not touched; neither is what the rules have no word for.
Outcome<void> replaceByRules(netlink::Director &director, const Rules &rules);

// What replaceByRules() would do, and the generation that it was found at.
struct Plan {
    std::vector<plane::Step> steps{};
    std::uint32_t generation = 0;
};
Outcome<Plan> planFor(netlink::Director &director, const Rules &rules);
// A refusal with ESTALE as its status: somebody changed the configuration meanwhile.
Outcome<void> carryOut(netlink::Director &director, const Rules &rules, const Plan &plan);

} // namespace lb::ipvsadm
