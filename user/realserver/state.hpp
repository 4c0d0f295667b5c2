// SPDX-License-Identifier: GPL-2.0
// Who is a real server in this network namespace and what was changed for that, as a file that
// lasts as long as the kernel: /run/lbctl-realserver/COOKIE.json, by the namespace's number.
#pragma once

#include "../base/fd.hpp"
#include "plan.hpp"

namespace lb::realserver {

std::string toJson(const State &state);
// An error says what is wrong with @text.
Result<State> readState(std::string_view text);

class StateFile {
public:
    // Waits until no other process has it; others wait as long as this is.
    static Result<StateFile> open(const std::string &folder = "/run/lbctl-realserver");

    [[nodiscard]] Result<State> read() const;
    // Whole or not at all; an empty state is no file.
    [[nodiscard]] Result<void> write(const State &state) const;

private:
    StateFile(Fd lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}

    Fd lock_;
    std::string path_;
};

} // namespace lb::realserver
