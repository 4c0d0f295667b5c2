// SPDX-License-Identifier: GPL-2.0
// lbctl version
#include "../base/version.hpp"

#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"

#include <sys/utsname.h>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

Result<void> show(Context &context, const Arguments &)
{
    utsname system{};
    static_cast<void>(::uname(&system));
    const std::string_view kernel(system.release);

    // Without the module there is still a version to tell.
    auto director = context.director();
    std::string module;
    std::string schedulers;
    std::string told = "null";
    if (director) {
        const auto info = (*director)->info();
        if (!info)
            return info.error();
        module = info->version;
        told = toJson(*info);
        schedulers = fmt::format("{}", fmt::join(info->schedulers, " "));
    }

    if (context.form().json) {
        context.write(fmt::format(R"({{"lbctl":"{}","module":{},"kernel":"{}","info":{}}})"
                                  "\n",
                                  version, director ? fmt::format("\"{}\"", module) : "null",
                                  kernel, told));
        return {};
    }
    context.write(fmt::format("lbctl   {}\n", version));
    context.write(director ? fmt::format("module  {} (schedulers: {})\n", module, schedulers)
                           : fmt::format("module  none: {}\n", director.error().what));
    context.write(fmt::format("kernel  {}\n", kernel));
    return {};
}

} // namespace

const Command versionShow{
    .name = "version",
    .arguments = "",
    .summary = "Show the versions of lbctl, the module and the kernel",
    .options = {},
    .doing = "asking for the version",
    .text = "",
    .run = show,
};

} // namespace lb::lbctl
