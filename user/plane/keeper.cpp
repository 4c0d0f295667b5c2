// SPDX-License-Identifier: GPL-2.0
#include "keeper.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>

namespace lb::plane {

namespace {

using netlink::ServiceKey;

constexpr int overtakeTries = 10;
constexpr std::size_t generationsKept = 1000;

// Of @model what @keys name, or what @wanted has.
void keepOnly(Model &model, const Model &wanted, const std::set<ServiceKey> &keys)
{
    std::erase_if(model.services, [&](const auto &service) {
        return !keys.contains(service.first) && !wanted.services.contains(service.first);
    });
}

// Draining is what somebody does now, and no part of a configuration. What we drain ourselves weighs
// nothing meanwhile.
void keepDraining(const Model &running, Model &wanted)
{
    for (auto &[key, pool] : wanted.services) {
        const auto found = running.services.find(key);
        if (found == running.services.end())
            continue;
        std::map<Endpoint, const Member *> draining;
        for (const auto &member : found->second.members)
            if (member.drain && member.weight.value != 0)
                draining.emplace(member.endpoint, &member);
        if (draining.empty())
            continue;
        for (auto &member : pool.members)
            if (const auto there = draining.find(member.endpoint);
                there != draining.end() && !member.drain) {
                member.drain = true;
                member.draining = there->second->draining;
            }
    }
}

// Somebody else has changed what is to be changed.
bool overtaken(const Error &error)
{
    return error.code == ENOENT || error.code == EEXIST || error.code == ESTALE;
}

// Of @model what @services name.
Model only(const Model &model, const std::map<ServiceKey, Pool> &services)
{
    Model some;
    for (const auto &[key, pool] : services)
        if (const auto found = model.services.find(key); found != model.services.end())
            some.services.insert(*found);
    return some;
}

} // namespace

void Keeper::learn(std::uint32_t generation)
{
    known_.push_front(generation);
    if (known_.size() > generationsKept)
        known_.pop_back();
}

Result<std::size_t> Keeper::commit(const std::vector<Step> &steps,
                                   std::optional<std::uint32_t> expected)
{
    if (steps.empty())
        return std::size_t{0};
    std::vector<netlink::Change> changes;
    changes.reserve(steps.size());
    for (const auto &step : steps)
        changes.push_back(step.change);
    const auto done = director_.commit(changes, expected);
    if (!done) {
        auto error = done.error();
        if (error.index && *error.index < steps.size() && steps[*error.index].line)
            error.what = fmt::format("line {}: {}", steps[*error.index].line, error.what);
        return error;
    }
    learn(*done);
    return steps.size();
}

Result<std::size_t> Keeper::overtake(const Model &wanted, const std::set<ServiceKey> &keys)
{
    for (int tries = 0;; tries++) {
        auto running = readModel(director_);
        if (!running)
            return running.error();
        learn(running->generation);
        keepOnly(*running, wanted, keys);
        auto target = wanted;
        keepDraining(*running, target);
        auto done = commit(diff(*running, target), running->generation);
        if (done || done.error().code != ESTALE || tries == overtakeTries)
            return done;
    }
}

Result<std::size_t> Keeper::adopt(Model wanted, const std::set<ServiceKey> &owned, bool all)
{
    auto keys = owned;
    if (all) {
        const auto services = director_.services();
        if (!services)
            return services.error();
        for (const auto &service : *services)
            keys.insert(service.key);
    }
    auto done = overtake(wanted, keys);
    if (done)
        wanted_ = std::move(wanted);
    return done;
}

Result<std::size_t> Keeper::bring(Model wanted)
{
    auto done = commit(diff(wanted_, wanted));
    if (!done && overtaken(done.error())) {
        std::set<ServiceKey> keys;
        for (const auto &[key, pool] : wanted_.services)
            keys.insert(key);
        done = overtake(wanted, keys);
    }
    if (done)
        wanted_ = std::move(wanted);
    return done;
}

Result<std::size_t> Keeper::bring(const std::map<ServiceKey, Pool> &changed)
{
    const Model wanted{.services = changed};
    auto done = commit(diff(only(wanted_, changed), wanted));
    if (!done && overtaken(done.error()))
        done = overtake(wanted, {});
    if (done)
        for (const auto &[key, pool] : changed)
            wanted_.services[key] = pool;
    return done;
}

Result<std::vector<Step>> Keeper::drift()
{
    auto running = readModel(director_);
    if (!running)
        return running.error();
    learn(running->generation);
    keepOnly(*running, wanted_, {});
    auto target = wanted_;
    keepDraining(*running, target);
    return diff(*running, target);
}

Result<std::size_t> Keeper::repair()
{
    return overtake(wanted_, {});
}

} // namespace lb::plane
