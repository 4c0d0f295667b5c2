// SPDX-License-Identifier: GPL-2.0
// lbctl restore
#include "../plane/diff.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "file.hpp"
#include "script.hpp"
#include "words.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr std::size_t mostComplaints = 20;
constexpr int mostTries = 10;

constexpr Option options[] = {
    {"--add", "", "add what the file has and is not there; remove and change nothing"},
    {"--dry-run", "", "print the commands that would be carried out, and change nothing"},
};

struct Source {
    std::string name;
    std::string text;
};

Result<Source> readSource(const std::string &name)
{
    if (name == "-")
        return Source{"standard input", std::string(std::istreambuf_iterator<char>(std::cin), {})};
    std::ifstream file(name);
    if (!file)
        return Error{.what = systemError(errno, fmt::format("opening {}", name)).what};
    Source source{name, std::string(std::istreambuf_iterator<char>(file), {})};
    if (file.bad())
        return Error{.what = fmt::format("reading {} failed", name)};
    return source;
}

// All that is wrong, as one error: place, line and reason each.
Error refuse(const Source &source, std::span<const Complaint> complaints)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(complaints.size(), mostComplaints); i++)
        text += toString(complaints[i], source.name, source.text);
    if (complaints.size() > mostComplaints)
        text += fmt::format("and {} more\n", complaints.size() - mostComplaints);
    return {.what = text + "nothing was changed"};
}

// With --add, what is there may stay but not differ.
Result<std::vector<plane::Step>> onlyAdditions(const Source &source, std::vector<plane::Step> steps)
{
    std::vector<plane::Step> additions;
    std::vector<Complaint> complaints;

    for (auto &step : steps) {
        const auto command = step.change.command;
        if (command == LB_CMD_SERVICE_NEW || command == LB_CMD_DEST_NEW)
            additions.push_back(std::move(step));
        else if (step.line != 0)
            complaints.push_back(
                {step.line,
                 {.what = "it is there already, but not like this",
                  .hint = fmt::format("'lbctl {}' would change it", toCommand(step.change))}});
    }
    if (!complaints.empty())
        return refuse(source, complaints);
    return additions;
}

// Steps that are right while the configuration is at @generation.
struct Plan {
    std::vector<plane::Step> steps;
    std::uint32_t generation;
};

Result<Plan> makePlan(const Source &source, netlink::Director &director, bool adding)
{
    const auto info = director.info();
    if (!info)
        return info.error();
    const auto reading = readFile(source.text, info->schedulers, adding);
    if (!reading.complaints.empty())
        return refuse(source, reading.complaints);
    const auto running = plane::readModel(director);
    if (!running)
        return running.error();

    auto wanted = reading.model;
    if (adding) {
        // A pool without its own line only names a service that must be running.
        std::vector<Complaint> complaints;
        for (auto &[key, pool] : wanted.services) {
            if (pool.line != 0)
                continue;
            const auto there = running->services.find(key);
            if (there != running->services.end()) {
                pool.scheduler = there->second.scheduler;
                pool.schedulerFlags = there->second.schedulerFlags;
                pool.mssClamp = there->second.mssClamp;
                pool.timeouts = there->second.timeouts;
            } else {
                complaints.push_back({pool.members.front().line,
                                      {.what = fmt::format("there is no service {}", toString(key)),
                                       .hint = "add it with 'service add' first"}});
            }
        }
        if (!complaints.empty())
            return refuse(source, complaints);
    }

    Plan plan{plane::diff(*running, wanted), running->generation};
    if (adding) {
        auto additions = onlyAdditions(source, std::move(plan.steps));
        if (!additions)
            return additions.error();
        plan.steps = std::move(*additions);
    }
    return plan;
}

// The kernel refused one of @steps: name the line that asked for it.
Error explain(const Source &source, const std::vector<plane::Step> &steps, Error error)
{
    if (!error.index || *error.index >= steps.size() || error.code == EPERM)
        return error;
    const auto &step = steps[*error.index];
    if (step.line == 0) {
        error.what = fmt::format("{}: {}\nnothing was changed", toCommand(step.change), error.what);
        return error;
    }
    error.column = columnOf(source.text, step.line, error.attribute);
    return refuse(source, std::vector<Complaint>{{step.line, error}});
}

Result<void> carryOut(const Source &source, netlink::Director &director, const Plan &plan)
{
    std::vector<netlink::Change> changes;
    changes.reserve(plan.steps.size());
    for (const auto &step : plan.steps)
        changes.push_back(step.change);
    const auto committed = director.commit(changes, plan.generation);
    if (!committed)
        return explain(source, plan.steps, committed.error());
    return {};
}

Result<void> restore(Context &context, const Arguments &arguments)
{
    const auto source = readSource(arguments.count() == 0 ? "-" : arguments[0].text);
    if (!source)
        return source.error();
    auto director = context.director();
    if (!director)
        return director.error();
    for (int tries = 1;; tries++) {
        const auto plan = makePlan(*source, **director, arguments.has("--add"));
        if (!plan)
            return plan.error();
        if (arguments.has("--dry-run")) {
            for (const auto &step : plan->steps)
                context.write(toCommand(step.change) + "\n");
            return {};
        }
        if (plan->steps.empty())
            return {};
        auto done = carryOut(*source, **director, *plan);
        // Somebody changed the configuration since it was read: look again.
        if (done || done.error().code != ESTALE || tries == mostTries)
            return done;
    }
}

} // namespace

const Command restoreFile{
    .name = "restore",
    .arguments = "[FILE]",
    .summary = "Make the configuration what a file says, in one step",
    .options = options,
    .doing = "changing services",
    .text =
        "The file (or standard input) has one command per line, as save prints them:\n"
        "  service add tcp 192.0.2.1:80 --scheduler wrr\n"
        "  dest add tcp 192.0.2.1:80 10.0.0.1:8080 --method nat --weight 2\n"
        "  settings set tcp-established 3600\n"
        "and comments after #. What is running and in the file is not touched, its connections\n"
        "live on; what differs is changed, what the file lacks is removed: all at once, seen by\n"
        "packets as before or after. Settings that the file does not name stay. When a line is\n"
        "wrong nothing changes, and file, line and column are named.\n\n"
        "Examples:\n"
        "  lbctl restore --dry-run /etc/lb.conf\n"
        "  lbctl restore /etc/lb.conf\n",
    .run = restore,
};

} // namespace lb::lbctl
