// SPDX-License-Identifier: GPL-2.0
// A program that was started, and how it ends. Starting it costs as much whatever the size of
// this process; waiting for it, and for how long, is run.hpp's.
#pragma once

#include "../base/fd.hpp"
#include "identity.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lb::process {

struct Command {
    std::vector<std::string> words{}; // the first is the program
    Identity as{};
    std::map<std::string, std::string> environment{}; // besides, or instead of, this process's
    std::optional<std::string> input{};               // on standard input; nothing to read without
};

// Ended: with a status or by a signal. Neither when it could not be started.
struct Exit {
    std::optional<int> status{};
    int signal = 0;
    bool late = false; // was ended for taking longer than it may
    std::string why{}; // a line for an operator; empty for status 0

    [[nodiscard]] bool good() const { return status == 0 && !late; }
};

// Owns the process and those it started, which are one group: when this goes before end() told
// of them, they are killed.
class Child {
public:
    // Standard output and error lead nowhere, no other descriptor is open, and nothing of how this
    // process is scheduled or takes signals is passed on.
    static Result<Child> start(const Command &command);

    Child(Child &&) noexcept = default;
    Child &operator=(Child &&) = delete;
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;
    ~Child();

    // Readable when the process has ended; valid as long as this is.
    [[nodiscard]] int descriptor() const { return pidfd_.get(); }
    void signal(int number) const; // to the whole group
    // Nothing while it runs. Does not wait. With @killOthers, what is left of its group ends too.
    std::optional<Exit> end(bool killOthers);

private:
    Child(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

    pid_t pid_;
    Fd pidfd_; // empty when moved from, or ended and reaped
};

} // namespace lb::process
