// SPDX-License-Identifier: GPL-2.0
#include "commands.hpp"

namespace lb::lbctl {

namespace {

constexpr const Command *all[] = {
    &serviceAdd,   &serviceSet,     &serviceDel,      &serviceList,    &serviceShow, &destAdd,
    &destSet,      &destDel,        &destDrain,       &destList,       &connList,    &connDel,
    &connCount,    &statsShow,      &ratesShow,       &saveAll,        &restoreFile, &importRules,
    &flushAll,     &settingsList,   &settingsSet,     &syncStart,      &syncStop,    &syncList,
    &realserverUp, &realserverDown, &realserverCheck, &changesMonitor, &versionShow, &lbdStatus,
    &lbdShow,      &healthShow,     &eventsShow,      &lbdDiff,        &lbdCommit,   &lbdConfirm,
    &lbdReload,
};

constexpr Option forAll[] = {
    {"--json", "", "print JSON instead of tables", Offers::nothing, "-j"},
    {"--resolve", "", "accept and show names of hosts and ports", Offers::nothing, "-r"},
    {"--netns", "NAME", "work in this network namespace (see ip-netns)", Offers::netns, "-n"},
    {"--help", "", "explain the command", Offers::nothing, "-h"},
};

} // namespace

std::span<const Command *const> commands()
{
    return all;
}

std::span<const Option> globalOptions()
{
    return forAll;
}

} // namespace lb::lbctl
