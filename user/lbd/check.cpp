// SPDX-License-Identifier: GPL-2.0
#include "check.hpp"

#include "../config/check.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace lb::lbd {

namespace {

constexpr std::string_view usualFile = "/etc/keepalived/keepalived.conf";
constexpr std::string_view severities[] = {"error", "warning", "note"};

struct Options {
    std::string file{usualFile};
    std::string configId{};
    bool json = false;
};

// Nothing, and a line on standard error, when they make no sense.
std::optional<Options> parse(std::span<const std::string_view> words)
{
    Options options;
    bool named = false;
    for (std::size_t i = 0; i < words.size(); i++) {
        if (words[i] == "--json") {
            options.json = true;
        } else if (words[i] == "--config-id" && i + 1 < words.size()) {
            options.configId = words[++i];
        } else if (!words[i].starts_with('-') && !named) {
            options.file = words[i];
            named = true;
        } else {
            fmt::print(stderr,
                       "lbd: check: '{}' is not expected here\nusage: lbd check [--json] "
                       "[--config-id ID] [FILE]\n",
                       words[i]);
            return {};
        }
    }
    return options;
}

std::size_t count(const config::Tree &tree, config::Severity severity)
{
    return static_cast<std::size_t>(
        std::ranges::count(tree.findings, severity, &config::Finding::severity));
}

void printJson(const config::Tree &tree)
{
    auto list = nlohmann::json::array();
    for (const auto &finding : tree.findings) {
        nlohmann::json item{{"severity", severities[static_cast<std::size_t>(finding.severity)]},
                            {"line", finding.place.line},
                            {"column", finding.place.column},
                            {"length", finding.length},
                            {"what", finding.what}};
        if (finding.place.file < tree.files.size())
            item["file"] = tree.files[finding.place.file].path;
        if (!finding.hint.empty())
            item["hint"] = finding.hint;
        list.push_back(std::move(item));
    }
    const auto text = nlohmann::json{{"findings", std::move(list)}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    fmt::print("{}\n", text);
}

std::string counted(std::size_t number, std::string_view what)
{
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

} // namespace

int check(std::span<const std::string_view> words)
{
    const auto options = parse(words);
    if (!options)
        return 2;

    auto surroundings = config::surroundings();
    if (!options->configId.empty())
        surroundings.configId = options->configId;
    std::error_code code;
    const auto path = std::filesystem::absolute(options->file, code);
    auto tree = config::read(code ? options->file : path.string(), surroundings);
    const config::Report report(tree.findings);
    const auto model = config::modelOf(tree, report);
    config::check(model, config::thisMachine(), report);
    std::ranges::stable_sort(tree.findings, {}, &config::Finding::place);

    const auto errors = count(tree, config::Severity::error);
    const auto warnings = count(tree, config::Severity::warning);
    if (options->json) {
        printJson(tree);
    } else {
        for (const auto &finding : tree.findings)
            fmt::print("{}", config::toString(finding, tree));
        if (errors || warnings)
            fmt::print("{} and {}: {}\n", counted(errors, "error"), counted(warnings, "warning"),
                       errors ? "this configuration would be refused"
                              : "it would run, other than it says");
        else
            fmt::print("{} is right: {}, {}\n", options->file,
                       counted(model.virtualServers.size(), "virtual server"),
                       counted(model.instances.size(), "VRRP instance"));
    }
    return errors || warnings ? 1 : 0;
}

} // namespace lb::lbd
