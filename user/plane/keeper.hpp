// SPDX-License-Identifier: GPL-2.0
// Brings a director to what is wanted of it and keeps count of what that is: only what differs is
// touched, all of it in one transaction. Services that nobody here ever wanted are left alone.
#pragma once

#include "diff.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace lb::plane {

class Keeper {
public:
    explicit Keeper(netlink::Director director) : director_(std::move(director)) {}

    // What runs already is taken over as it is where it is wanted so, with its connections. Of
    // the services that are not wanted those of @owned go, or all. Destinations that somebody
    // drains go on draining. -> how many changes that took
    Result<std::size_t> adopt(Model wanted, const std::set<netlink::ServiceKey> &owned, bool all);
    // From what was wanted to @wanted.
    Result<std::size_t> bring(Model wanted);
    // The same for @changed services, which are to be as given; the others stay.
    Result<std::size_t> bring(const std::map<netlink::ServiceKey, Pool> &changed);

    // What differs on the director from what is wanted there, of services that are.
    Result<std::vector<Step>> drift();
    // Undoes that.
    Result<std::size_t> repair();

    [[nodiscard]] const Model &wanted() const { return wanted_; }
    netlink::Director &director() { return director_; }
    // Another one, of a module that was loaded anew.
    void replace(netlink::Director director) { director_ = std::move(director); }
    // Whether @generation was made or looked at here, of the last thousand.
    [[nodiscard]] bool knows(std::uint32_t generation) const
    {
        return std::ranges::find(known_, generation) != known_.end();
    }

private:
    void learn(std::uint32_t generation);
    Result<std::size_t> commit(const std::vector<Step> &steps,
                               std::optional<std::uint32_t> expected = {});
    // From what really runs of @keys and of what @wanted has.
    Result<std::size_t> overtake(const Model &wanted, const std::set<netlink::ServiceKey> &keys);

    netlink::Director director_;
    Model wanted_{};
    std::deque<std::uint32_t> known_{}; // generations
};

} // namespace lb::plane
