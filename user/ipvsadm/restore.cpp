// SPDX-License-Identifier: GPL-2.0
#include "restore.hpp"

#include "change.hpp"
#include "daemon.hpp"
#include "errors.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

constexpr int mostTries = 10;

const Command *commandOf(const Rules &rules, std::size_t line)
{
    const auto found = std::ranges::lower_bound(rules.rules, line, {}, &Rule::line);
    return found != rules.rules.end() && found->line == line ? &found->command : nullptr;
}

// The kernel's refusal of what @line asks for: ipvsadm's words for it, and the kernel's own.
Refusal refuseLine(const Rules &rules, std::size_t line, const Error &error)
{
    const auto *command = commandOf(rules, line);
    if (command == nullptr || error.code == EPERM)
        return refuse(Verb::restore, error);
    auto text = explain(command->verb, error.code);
    if (!error.what.empty())
        text += fmt::format(" ({})", error.what);
    return {usageStatus, complain(rules, line, 0, text) + "nothing was changed"};
}

Outcome<void> setDaemons(netlink::Director &director, const Rules &rules)
{
    for (const auto &rule : rules.rules) {
        if (rule.command.verb != Verb::startDaemon && rule.command.verb != Verb::stopDaemon)
            continue;
        if (auto done = setDaemon(director, rule.command); !done)
            return Refusal{done.error().status, complain(rules, rule.line, 0, done.error().text) +
                                                    "the services were changed"};
    }
    return {};
}

// What the rules have no word for stays as it is.
void keepTheUnsaid(const plane::Pool &running, plane::Pool &wanted)
{
    std::map<Endpoint, const plane::Member *> members;

    wanted.mssClamp = running.mssClamp;
    wanted.timeouts = running.timeouts;
    wanted.slowStart = running.slowStart;
    wanted.orphans = running.orphans;
    for (const auto &member : running.members)
        members[member.endpoint] = &member;
    for (auto &member : wanted.members) {
        const auto found = members.find(member.endpoint);
        // Weight 0 is how one that drains is told of.
        if (found == members.end() || !found->second->drain || member.weight.value != 0)
            continue;
        member.drain = true;
        member.weight = found->second->weight;
        member.draining = found->second->draining;
    }
}

} // namespace

Outcome<void> addRules(netlink::Director &director, const Rules &rules)
{
    std::vector<netlink::Change> changesOfAll;
    std::vector<std::size_t> lines;

    for (const auto &[line, command] : rules.rules) {
        if (!changes(command.verb))
            continue;
        auto change = changeOf(command);
        if (!change)
            return refuseLine(rules, line, change.error());
        changesOfAll.push_back(std::move(*change));
        lines.push_back(line);
    }
    if (!changesOfAll.empty())
        if (const auto done = director.commit(changesOfAll); !done) {
            const auto &error = done.error();
            return error.index && *error.index < lines.size()
                       ? refuseLine(rules, lines[*error.index], error)
                       : refuse(Verb::restore, error);
        }
    return setDaemons(director, rules);
}

Outcome<Plan> planFor(netlink::Director &director, const Rules &rules)
{
    auto running = plane::readModel(director);
    if (!running)
        return refuse(Verb::restore, running.error());
    auto wanted = applied(rules, {});
    if (!wanted)
        return wanted.error();
    for (auto &[key, pool] : wanted->services) {
        const auto there = running->services.find(key);
        if (there != running->services.end())
            keepTheUnsaid(there->second, pool);
    }

    Plan plan{plane::diff(*running, *wanted), running->generation};
    for (auto &step : plan.steps)
        if (auto *dest = std::get_if<netlink::DestSpec>(&step.change.object);
            dest != nullptr && step.change.command != LB_CMD_DEST_DEL)
            dest->laxPort = true;
    return plan;
}

Outcome<void> carryOut(netlink::Director &director, const Rules &rules, const Plan &plan)
{
    std::vector<netlink::Change> changesOfAll;
    changesOfAll.reserve(plan.steps.size());
    for (const auto &step : plan.steps)
        changesOfAll.push_back(step.change);
    if (!changesOfAll.empty())
        if (const auto done = director.commit(changesOfAll, plan.generation); !done) {
            const auto &error = done.error();
            if (error.code == ESTALE)
                return Refusal{ESTALE, "somebody else kept changing the configuration"};
            return error.index && *error.index < plan.steps.size()
                       ? refuseLine(rules, plan.steps[*error.index].line, error)
                       : refuse(Verb::restore, error);
        }
    return setDaemons(director, rules);
}

Outcome<void> replaceByRules(netlink::Director &director, const Rules &rules)
{
    for (int tries = 1;; tries++) {
        const auto plan = planFor(director, rules);
        if (!plan)
            return plan.error();
        auto done = carryOut(director, rules, *plan);
        if (done || done.error().status != ESTALE || tries == mostTries)
            return done;
    }
}

} // namespace lb::ipvsadm
