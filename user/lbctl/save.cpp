// SPDX-License-Identifier: GPL-2.0
// lbctl save
#include "../base/closest.hpp"
#include "../ipvsadm/print.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "script.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::lbctl {

namespace {

constexpr Option options[] = {
    {"--format", "lbctl|ipvsadm", "whose commands; lbctl's unless given"},
};

constexpr std::string_view formats[] = {"lbctl", "ipvsadm"};

Result<void> saveRules(Context &context, netlink::Director &director)
{
    auto views = ipvsadm::readViews(director, {});
    if (!views)
        return views.error();
    ipvsadm::sort(*views);
    ipvsadm::Names names(!context.form().resolve);
    std::string text;
    for (const auto &view : *views)
        ipvsadm::printRule(text, view, names, ipvsadm::Saying::whole);
    context.write(text);
    return {};
}

Result<void> save(Context &context, const Arguments &arguments)
{
    const auto *format = arguments.find("--format");
    if (format != nullptr && std::ranges::find(formats, format->text) == std::end(formats))
        return Error{.what = fmt::format("'{}' is not a format", format->text),
                     .hint = suggest(format->text, formats),
                     .column = format->column};
    auto director = context.director();
    if (!director)
        return director.error();
    if (format != nullptr && format->text == "ipvsadm")
        return saveRules(context, **director);
    const auto model = plane::readModel(**director);
    if (!model)
        return model.error();
    context.write(toScript(*model));
    return {};
}

} // namespace

const Command saveAll{
    .name = "save",
    .arguments = "",
    .summary = "Print the configuration as commands that restore reads",
    .options = options,
    .doing = "saving",
    .text = "Services, destinations with weight and draining, and settings, all of one moment.\n"
            "In ipvsadm's format, services and destinations as ipvsadm -S -n prints them (without\n"
            "-n with --resolve): thresholds are not among what that tells, nor settings.\n\n"
            "Examples:\n"
            "  lbctl save > /etc/lb.conf\n"
            "  lbctl save --format ipvsadm > /etc/ipvsadm.rules\n",
    .run = save,
};

} // namespace lb::lbctl
