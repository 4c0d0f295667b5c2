// SPDX-License-Identifier: GPL-2.0
#include "check.hpp"

#include <net/if.h>

namespace lb::config {

Machine thisMachine()
{
    return {
        .hasInterface = [](const std::string &name) { return if_nametoindex(name.c_str()) != 0; },
        .identity = process::identityOf,
        .defaultIdentity = process::defaultIdentity,
        .judge = [files = process::thisFileSystem()](
                     const std::string &program,
                     const process::Identity &as) { return process::judge(program, as, files); }};
}

void check(const Model &model, const Machine &machine, const Report &report)
{
    checkVirtualServers(model, report);
    checkNetwork(model, machine, report);
    checkVrrp(model, machine, report);
    checkScripts(model, machine, report);
}

} // namespace lb::config
