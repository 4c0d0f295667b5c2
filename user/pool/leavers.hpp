// SPDX-License-Identifier: GPL-2.0
// Destinations that a reload lacks and that drain before they go (on_removal): who they are, and
// until when. Pure: what runs, what is wanted and the time come in.
#pragma once

#include "virtual.hpp"

#include <chrono>
#include <functional>
#include <set>

namespace lb::pool {

struct Leaver {
    plane::Member member{};                           // as it drains
    std::chrono::steady_clock::time_point until = {}; // its connections are over by then
    [[nodiscard]] bool endless() const { return !member.draining.deadline; }
};

class Leavers {
public:
    using Time = std::chrono::steady_clock::time_point;
    // How the destination of a service leaves, when it is not wanted any more.
    using Policy = std::function<config::Leaving(const netlink::ServiceKey &, const Endpoint &)>;
    using Idle = std::function<bool(const netlink::ServiceKey &, const Endpoint &)>;

    // What becomes of them when what is wanted goes from @before to @after. What is wanted again
    // leaves no more, and neither does what is of a service that goes.
    [[nodiscard]] Leavers follow(const plane::Model &before, const plane::Model &after,
                                 const Policy &policy, Time now) const;
    // Those that another lbd has left on the director: they drain, to a deadline, and weigh nothing.
    static Leavers found(const plane::Model &director, const plane::Model &wanted, Time now);

    // They are on the director, too.
    void addTo(const netlink::ServiceKey &key, plane::Pool &pool) const;
    void addTo(plane::Model &model) const;

    // Forgets who has no connections left (@idle is asked of a bounded number), or has had its
    // time. -> the services that they were of
    std::set<netlink::ServiceKey> settle(Time now, const Idle &idle);

    [[nodiscard]] bool empty() const { return leavers_.empty(); }
    [[nodiscard]] const std::map<netlink::ServiceKey, std::vector<Leaver>> &all() const
    {
        return leavers_;
    }

private:
    std::map<netlink::ServiceKey, std::vector<Leaver>> leavers_{}; // no list is empty
};

} // namespace lb::pool
