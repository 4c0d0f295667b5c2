// SPDX-License-Identifier: GPL-2.0
// Network namespaces by the names that ip-netns gives them, or by a path.
#pragma once

#include "../base/error.hpp"
#include "../base/fd.hpp"

#include <string>

namespace lb::host {

// Moves the calling thread there. A socket that is opened afterwards is that namespace's, and
// stays so.
Result<void> enterNetns(const std::string &name);

// As long as it is there, the calling thread is in another namespace; then where it was before.
class Visit {
public:
    static Result<Visit> of(const std::string &name);
    Visit(Visit &&) noexcept = default;
    Visit &operator=(Visit &&) = delete;
    Visit(const Visit &) = delete;
    Visit &operator=(const Visit &) = delete;
    ~Visit(); // ends the process if there is no way back

private:
    explicit Visit(Fd home) : home_(std::move(home)) {}

    Fd home_; // empty when moved from
};

} // namespace lb::host
