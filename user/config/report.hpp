// SPDX-License-Identifier: GPL-2.0
// What is wrong with a configuration, as it is found.
#pragma once

#include "where.hpp"

#include <string>
#include <vector>

namespace lb::config {

class Report {
public:
    explicit Report(std::vector<Finding> &found) : found_(&found) {}

    // Refused by check, start and reload.
    void error(const Where &where, std::string what, std::string hint = {}) const
    {
        add(Severity::error, where, std::move(what), std::move(hint));
    }
    // keepalived makes do with something else and says so: it runs, and does not pass a check.
    void warning(const Where &where, std::string what, std::string hint = {}) const
    {
        add(Severity::warning, where, std::move(what), std::move(hint));
    }
    // Means nothing here, or not what it says; keepalived says nothing.
    void note(const Where &where, std::string what, std::string hint = {}) const
    {
        add(Severity::note, where, std::move(what), std::move(hint));
    }

private:
    void add(Severity severity, const Where &where, std::string what, std::string hint) const;

    std::vector<Finding> *found_;
};

} // namespace lb::config
