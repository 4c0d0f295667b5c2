// SPDX-License-Identifier: GPL-2.0
// lbctl import
#include "../ipvsadm/restore.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "script.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr int mostTries = 10;

constexpr Option options[] = {
    {"--apply", "", "make it so, in one step; without this nothing is changed"},
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

Result<void> import(Context &context, const Arguments &arguments)
{
    const auto name = arguments.count() == 0 ? std::string("-") : arguments[0].text;
    auto text = readText(name);
    if (!text)
        return text.error();
    const auto rules = ipvsadm::readRules(name == "-" ? "standard input" : name, std::move(*text));
    if (!rules)
        return errorOf(rules.error());
    auto director = context.director();
    if (!director)
        return director.error();

    for (int tries = 1;; tries++) {
        const auto plan = ipvsadm::planFor(**director, *rules);
        if (!plan)
            return errorOf(plan.error());
        if (!arguments.has("--apply")) {
            show(context, *plan);
            return {};
        }
        const auto done = ipvsadm::carryOut(**director, *rules, *plan);
        if (done) {
            show(context, *plan);
            return {};
        }
        // Somebody changed the configuration since it was read: look again.
        if (done.error().status != ESTALE || tries == mostTries)
            return errorOf(done.error());
    }
}

} // namespace

const Command importRules{
    .name = "import",
    .arguments = "[FILE]",
    .summary = "Compare with, or take over, what ipvsadm -S saved",
    .options = options,
    .doing = "changing services",
    .text =
        "The file (or standard input) holds rules of ipvsadm's, with names or numbers. What is\n"
        "printed leads from what runs to what they say: + is added, ~ changed, - removed. With\n"
        "--apply that is done, all at once; what does not differ is not touched, its\n"
        "connections live on. What ipvsadm has no word for (drain, slow start, timeouts of a\n"
        "service) stays. Mind that ipvsadm -S does not save thresholds.\n\n"
        "Examples:\n"
        "  lbctl import /etc/ipvsadm.rules\n"
        "  ipvsadm -S -n | lbctl import --apply\n",
    .run = import,
};

} // namespace lb::lbctl
