// SPDX-License-Identifier: GPL-2.0
// From a file to a configuration, with all that was found about it.
#pragma once

#include "../config/check.hpp"

#include <string>

namespace lb::lbd {

// keepalived's, which lbd reads unless told otherwise.
inline constexpr std::string_view usualFile = "/etc/keepalived/keepalived.conf";

struct Loaded {
    // Its files, and findings in the order of the text; of its statements only the model is left.
    config::Tree tree{};
    config::Model model{};

    [[nodiscard]] std::size_t count(config::Severity severity) const;
    // No errors: it may run.
    [[nodiscard]] bool good() const { return count(config::Severity::error) == 0; }
};

// @configId: for lines that begin with @ID; empty: the host's name up to its first dot.
// @machine is what it has to fit.
Loaded load(const std::string &file, const std::string &configId,
            const config::Machine &machine = config::thisMachine());

} // namespace lb::lbd
