// SPDX-License-Identifier: GPL-2.0
// What was found wrong, each thing once, and whether reading goes on.
#pragma once

#include "text.hpp"

#include <set>
#include <tuple>

namespace lb::config {

class Findings {
public:
    void error(const Origin &origin, std::string what, std::string hint = {});
    // What keepalived passes over.
    void note(const Origin &origin, std::string what, std::string hint = {});
    // An error after which nothing more is read.
    void fatal(const Origin &origin, std::string what, std::string hint = {});

    [[nodiscard]] bool stopped() const { return stopped_; }
    // In the order of the text.
    [[nodiscard]] std::vector<Finding> take();

private:
    void add(Severity severity, const Origin &origin, std::string what, std::string hint);

    std::vector<Finding> all_{};
    // A line of a sequence is read many times, its mistakes are told once.
    std::set<std::tuple<Place, Place, std::string>> known_{};
    bool stopped_ = false;
};

} // namespace lb::config
