// SPDX-License-Identifier: GPL-2.0
#include "load.hpp"

#include <algorithm>
#include <filesystem>

namespace lb::lbd {

std::size_t Loaded::count(config::Severity severity) const
{
    return static_cast<std::size_t>(
        std::ranges::count(tree.findings, severity, &config::Finding::severity));
}

Loaded load(const std::string &file, const std::string &configId, const config::Machine &machine)
{
    auto surroundings = config::surroundings();
    if (!configId.empty())
        surroundings.configId = configId;
    std::error_code code;
    const auto path = std::filesystem::absolute(file, code);

    Loaded loaded{.tree = config::read(code ? file : path.string(), surroundings)};
    const config::Report report(loaded.tree.findings);
    loaded.model = config::modelOf(loaded.tree, report);
    loaded.tree.statements = {}; // as much memory as the model, and it lasts as long as that runs
    config::check(loaded.model, machine, report);
    std::ranges::stable_sort(loaded.tree.findings, {}, &config::Finding::place);
    return loaded;
}

} // namespace lb::lbd
