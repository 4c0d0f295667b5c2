// SPDX-License-Identifier: GPL-2.0
// The table of all commands; each is defined in the file of its name.
#pragma once

#include "grammar.hpp"

namespace lb::lbctl {

extern const Command serviceAdd, serviceSet, serviceDel, serviceList, serviceShow;
extern const Command destAdd, destSet, destDel, destDrain, destList;
extern const Command connList, connDel, connCount;
extern const Command statsShow, ratesShow;
extern const Command saveAll, restoreFile, importRules, flushAll;
extern const Command settingsList, settingsSet;
extern const Command syncStart, syncStop, syncList;
extern const Command realserverUp, realserverDown, realserverCheck;
extern const Command changesMonitor, versionShow;
// Of lbd.
extern const Command lbdStatus, lbdShow, healthShow, eventsShow;
extern const Command lbdDiff, lbdCommit, lbdConfirm, lbdReload;

// In the order of --help; commands of one noun stand together.
std::span<const Command *const> commands();

// Options that every command takes on the command line.
std::span<const Option> globalOptions();

} // namespace lb::lbctl
