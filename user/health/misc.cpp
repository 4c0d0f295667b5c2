// SPDX-License-Identifier: GPL-2.0
#include "misc.hpp"

#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr int firstWeight = 2; // the status that asks for weight 0

} // namespace

Verdict miscVerdict(const process::Exit &exit, const config::MiscProbe &probe)
{
    const std::string program = probe.script.words.empty() ? "" : probe.script.words.front();
    // Without a status, and when it was too late for one to count, its end says why.
    if (!exit.status || exit.late)
        return {.why = fmt::format("{}: {}", program, exit.why)};
    const int status = *exit.status;
    if (status == 0)
        return {.good = true, .why = fmt::format("{}: status 0", program)};
    if (!probe.dynamic || status < firstWeight)
        return {.why = fmt::format("{}: status {}", program, status)};
    return {.good = true,
            .why = fmt::format("{}: status {}, weight {}", program, status, status - firstWeight),
            .weight = status - firstWeight};
}

} // namespace lb::health
