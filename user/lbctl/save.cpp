// SPDX-License-Identifier: GPL-2.0
// lbctl save
#include "commands.hpp"
#include "context.hpp"
#include "script.hpp"

namespace lb::lbctl {

namespace {

Result<void> save(Context &context, const Arguments &)
{
    auto director = context.director();
    if (!director)
        return director.error();
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
    .options = {},
    .doing = "saving",
    .text = "Services, destinations with weight and draining, and settings, all of one moment.\n\n"
            "Example:\n"
            "  lbctl save > /etc/lb.conf\n",
    .run = save,
};

} // namespace lb::lbctl
