// SPDX-License-Identifier: GPL-2.0
#include "leavers.hpp"

#include "pool.hpp"

#include <algorithm>

namespace lb::pool {

namespace {

using netlink::ServiceKey;

// The module ends what is left of the connections within some seconds of the deadline.
constexpr auto grace = std::chrono::seconds(10);
constexpr std::size_t askedAtOnce = 256;

bool has(const plane::Pool &pool, const Endpoint &endpoint)
{
    return std::ranges::find(pool.members, endpoint, &plane::Member::endpoint) !=
           pool.members.end();
}

Leavers::Time untilOf(const plane::Member &member, Leavers::Time now)
{
    return now + std::chrono::seconds(member.draining.deadline.value_or(0)) + grace;
}

} // namespace

Leavers Leavers::follow(const plane::Model &before, const plane::Model &after, const Policy &policy,
                        Time now) const
{
    Leavers next;
    for (const auto &[key, pool] : after.services) {
        const auto was = before.services.find(key);
        if (was == before.services.end())
            continue;
        const auto leave = leavers_.find(key);
        std::vector<Leaver> list;
        for (const auto &member : was->second.members) {
            if (has(pool, member.endpoint))
                continue;
            const auto same = [&](const Leaver &leaver) {
                return leaver.member.endpoint == member.endpoint;
            };
            if (leave != leavers_.end()) {
                const auto already = std::ranges::find_if(leave->second, same);
                if (already != leave->second.end()) {
                    list.push_back(*already);
                    continue;
                }
            }
            const auto how = policy(key, member.endpoint);
            if (how.how == config::Leaving::How::drain) {
                auto drains = leaving(member, how, false);
                drains.line = 0;
                list.push_back({drains, untilOf(drains, now)});
            }
        }
        if (!list.empty())
            next.leavers_.emplace(key, std::move(list));
    }
    return next;
}

Leavers Leavers::found(const plane::Model &director, const plane::Model &wanted, Time now)
{
    Leavers found;
    for (const auto &[key, pool] : wanted.services) {
        const auto runs = director.services.find(key);
        if (runs == director.services.end())
            continue;
        for (const auto &member : runs->second.members)
            if (member.drain && member.draining.deadline && member.weight.value == 0 &&
                !has(pool, member.endpoint))
                found.leavers_[key].push_back({member, untilOf(member, now)});
    }
    return found;
}

void Leavers::addTo(const ServiceKey &key, plane::Pool &pool) const
{
    const auto list = leavers_.find(key);
    if (list == leavers_.end())
        return;
    for (const auto &leaver : list->second)
        if (!has(pool, leaver.member.endpoint))
            pool.members.push_back(leaver.member);
}

void Leavers::addTo(plane::Model &model) const
{
    for (const auto &[key, list] : leavers_)
        if (const auto pool = model.services.find(key); pool != model.services.end())
            addTo(key, pool->second);
}

std::set<ServiceKey> Leavers::settle(Time now, const Idle &idle)
{
    std::set<ServiceKey> changed;
    std::size_t asked = 0;
    for (auto list = leavers_.begin(); list != leavers_.end();) {
        const auto &key = list->first;
        const auto gone = std::erase_if(list->second, [&](const Leaver &leaver) {
            if (!leaver.endless() && now >= leaver.until)
                return true;
            return asked++ < askedAtOnce && idle(key, leaver.member.endpoint);
        });
        if (gone)
            changed.insert(key);
        list = list->second.empty() ? leavers_.erase(list) : std::next(list);
    }
    return changed;
}

} // namespace lb::pool
