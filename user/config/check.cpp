// SPDX-License-Identifier: GPL-2.0
#include "check.hpp"

#include <net/if.h>
#include <pwd.h>

namespace lb::config {

Machine thisMachine()
{
    return {
        .hasInterface = [](const std::string &name) { return if_nametoindex(name.c_str()) != 0; },
        .hasUser = [](const std::string &name) { return getpwnam(name.c_str()) != nullptr; }};
}

namespace {

void checkUser(const Script &script, const Machine &machine, const Report &report)
{
    if (!script.user.empty() && machine.hasUser && !machine.hasUser(script.user))
        report.error(script.where, fmt::format("there is no user '{}' to run '{}'", script.user,
                                               script.words.empty() ? "it" : script.words.front()));
}

void checkScripts(const Model &model, const Machine &machine, const Report &report)
{
    for (const auto &server : model.virtualServers) {
        checkUser(server.quorumUp, machine, report);
        checkUser(server.quorumDown, machine, report);
        for (const auto &real : server.realServers) {
            checkUser(real.notifyUp, machine, report);
            checkUser(real.notifyDown, machine, report);
            for (const auto &probe : real.probes)
                if (const auto *misc = std::get_if<MiscProbe>(&probe))
                    checkUser(misc->script, machine, report);
        }
    }
    for (const auto &script : model.scripts)
        checkUser(script.script, machine, report);
}

} // namespace

void check(const Model &model, const Machine &machine, const Report &report)
{
    checkVirtualServers(model, report);
    checkVrrp(model, machine, report);
    checkScripts(model, machine, report);
}

} // namespace lb::config
