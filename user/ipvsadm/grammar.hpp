// SPDX-License-Identifier: GPL-2.0
// Words to a command, refused with ipvsadm's own words.
#pragma once

#include "command.hpp"
#include "outcome.hpp"

#include <span>

namespace lb::ipvsadm {

// The words behind the program's name, which is @program. @culprit, where one is to blame, gets
// the word's number, from 0.
Outcome<Command> parse(std::string_view program, std::span<const std::string> words,
                       std::optional<std::size_t> *culprit = nullptr);

// legality.cpp: does everything go together that was given?
Outcome<void> checkOptions(const Command &command);

// "wrr" with the scheduler flags "sh-port,sh-fallback": LB_SCHED_FLAGS_*.
Outcome<std::uint32_t> parseSchedulerFlags(std::string_view scheduler, std::string_view flags);

// As strtol, within bounds.
std::optional<int> toNumber(const std::string &text, int min, int max);

// Its name in refusals: "real-server".
std::string_view nameOf(Opt opt);

std::string tryHelp(std::string_view program);

} // namespace lb::ipvsadm
