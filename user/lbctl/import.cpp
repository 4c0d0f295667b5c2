// SPDX-License-Identifier: GPL-2.0
// lbctl import
#include "../ipvsadm/live.hpp"
#include "../ipvsadm/restore.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "script.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr int mostTries = 10;

constexpr Option options[] = {
    {"--apply", "", "make it so, in one step; without this nothing is changed"},
    {"--live", "", "what a running ip_vs has, its connections too; no file"},
};

Result<std::string> readText(const std::string &name)
{
    if (name == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream file(name);
    if (!file)
        return Error{.what = systemError(errno, fmt::format("opening {}", name)).what};
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (file.bad())
        return Error{.what = fmt::format("reading {} failed", name)};
    return text;
}

Error errorOf(const ipvsadm::Refusal &refusal)
{
    return {.what = refusal.text};
}

// What is there and to go, what is new, what becomes different.
char markOf(const netlink::Change &change)
{
    switch (change.command) {
    case LB_CMD_SERVICE_NEW:
    case LB_CMD_DEST_NEW:
        return '+';
    case LB_CMD_SERVICE_DEL:
    case LB_CMD_DEST_DEL:
        return '-';
    default:
        return '~';
    }
}

void show(Context &context, const ipvsadm::Plan &plan)
{
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t removed = 0;

    for (const auto &step : plan.steps) {
        const char mark = markOf(step.change);
        (mark == '+' ? added : mark == '-' ? removed : changed)++;
        context.write(fmt::format("{} {}\n", mark, toCommand(step.change)));
    }
    if (plan.steps.empty())
        context.write("nothing differs\n");
    else
        context.write(
            fmt::format("{} to add, {} to change, {} to remove\n", added, changed, removed));
}

// One step; again when somebody changed the configuration since it was read.
Result<void> bring(Context &context, const ipvsadm::Rules &rules, bool apply)
{
    auto director = context.director();
    if (!director)
        return director.error();
    for (int tries = 1;; tries++) {
        const auto plan = ipvsadm::planFor(**director, rules);
        if (!plan)
            return errorOf(plan.error());
        if (!apply) {
            show(context, *plan);
            return {};
        }
        const auto done = ipvsadm::carryOut(**director, rules, *plan);
        if (done) {
            show(context, *plan);
            return {};
        }
        if (done.error().status != ESTALE || tries == mostTries)
            return errorOf(done.error());
    }
}

std::string connections(std::uint64_t count)
{
    return fmt::format("{} connection{}", count, count == 1 ? "" : "s");
}

// Those that cannot go on here stay where they are, and why is told.
Result<void> adopt(Context &context, netlink::Director &director, const ipvsadm::Live &live)
{
    std::map<std::string, std::uint64_t> refused;
    std::uint64_t adopted = 0;
    auto done = ipvsadm::readConns(live, [&](const netlink::Connection &conn) -> Result<void> {
        auto taken = director.adopt(conn);
        if (taken)
            adopted++;
        else if (taken.error().code == EPERM || taken.error().code == ENOMEM)
            return taken;
        else
            refused[taken.error().what]++;
        return {};
    });
    context.write(fmt::format("{} taken over\n", connections(adopted)));
    for (const auto &[why, count] : refused)
        context.write(fmt::format("{} not: {}\n", connections(count), why));
    return done;
}

Result<void> importLive(Context &context, bool apply)
{
    const auto live = ipvsadm::readLive();
    if (!live)
        return live.error();
    const auto rules = ipvsadm::readRules("ip_vs", live->rules);
    if (!rules)
        return errorOf(rules.error());
    if (auto brought = bring(context, *rules, apply); !brought)
        return brought;
    if (apply) {
        auto director = context.director();
        return director ? adopt(context, **director, *live) : director.error();
    }
    std::uint64_t count = 0;
    auto counted = ipvsadm::readConns(*live, [&](const netlink::Connection &) -> Result<void> {
        count++;
        return {};
    });
    if (counted)
        context.write(fmt::format("{} to take over\n", connections(count)));
    return counted;
}

Result<void> import(Context &context, const Arguments &arguments)
{
    const bool apply = arguments.has("--apply");
    if (arguments.has("--live")) {
        if (arguments.count() == 0)
            return importLive(context, apply);
        return Error{.what = "with --live there is no file", .column = arguments[0].column};
    }
    const auto name = arguments.count() == 0 ? std::string("-") : arguments[0].text;
    auto text = readText(name);
    if (!text)
        return text.error();
    const auto rules = ipvsadm::readRules(name == "-" ? "standard input" : name, std::move(*text));
    if (!rules)
        return errorOf(rules.error());
    return bring(context, *rules, apply);
}

} // namespace

const Command importRules{
    .name = "import",
    .arguments = "[FILE]",
    .summary = "Compare with or take over what ipvsadm -S saved or ip_vs has",
    .options = options,
    .doing = "changing services",
    .text =
        "The file (or standard input) holds rules of ipvsadm's, with names or numbers. What is\n"
        "printed leads from what runs to what they say: + is added, ~ changed, - removed. With\n"
        "--apply that is done, all at once; what does not differ is not touched, its\n"
        "connections live on. What ipvsadm has no word for (drain, slow start, timeouts of a\n"
        "service) stays. Mind that ipvsadm -S does not save thresholds.\n\n"
        "With --live it is what the ip_vs of this network namespace has now, thresholds and\n"
        "timeouts too. Afterwards its connections go on through lb: ip_vs can be unloaded.\n"
        "Templates of persistence and the synchronisation daemon are not taken over.\n\n"
        "Examples:\n"
        "  lbctl import /etc/ipvsadm.rules\n"
        "  ipvsadm -S -n | lbctl import --apply\n"
        "  lbctl import --live --apply\n",
    .run = import,
};

} // namespace lb::lbctl
