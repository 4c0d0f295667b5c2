// SPDX-License-Identifier: GPL-2.0
// A configuration that is a string, for tests of what its words mean.
#pragma once

#include "config/report.hpp"
#include "config_machine.hpp"

#include <string>

#include <fmt/core.h>

namespace lb::config {

struct Written {
    explicit Written(const std::string &text) : tree(readText(text)) {}
    // Reports into its tree.
    Written(const Written &) = delete;
    Written &operator=(const Written &) = delete;

    // "LINE:COLUMN SEVERITY WHAT (HINT)" of each finding, a line each.
    [[nodiscard]] std::string said() const
    {
        static constexpr std::string_view names[] = {"error", "warning", "note"};
        std::string all;
        for (const auto &finding : tree.findings)
            all +=
                fmt::format("{}{}:{} {} {}{}", all.empty() ? "" : "\n", finding.place.line,
                            finding.place.column, names[static_cast<std::size_t>(finding.severity)],
                            finding.what, finding.hint.empty() ? "" : " (" + finding.hint + ")");
        return all;
    }

    Tree tree;
    Report report{tree.findings};
};

} // namespace lb::config
