// SPDX-License-Identifier: GPL-2.0
#include "check.hpp"

#include "../host/addresses.hpp"
#include "../host/route.hpp"
#include "options.hpp"

#include <cstdio>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace lb::lbd {

namespace {

constexpr std::string_view severities[] = {"error", "warning", "note"};

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

// With its network as it is now, which nobody needs to be told of at every reload.
config::Machine withNetwork()
{
    auto machine = config::thisMachine();
    if (auto addresses = host::Addresses::read(); addresses)
        machine.hasAddress = [has = std::move(*addresses)](const Ip &ip) { return has.has(ip); };
    machine.gatewayTo = [](const Ip &ip) -> std::optional<Ip> {
        const auto route = host::routeTo(ip);
        return route ? route->gateway : std::nullopt;
    };
    return machine;
}

} // namespace

int check(std::span<const std::string_view> words)
{
    const auto options = parse("check", words, {.file = true, .json = true, .folder = false});
    if (!options)
        return 2;

    const auto loaded = load(options->file, options->configId, withNetwork());
    const auto &tree = loaded.tree;
    const auto errors = loaded.count(config::Severity::error);
    const auto warnings = loaded.count(config::Severity::warning);
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
                       counted(loaded.model.virtualServers.size(), "virtual server"),
                       counted(loaded.model.instances.size(), "VRRP instance"));
    }
    return errors || warnings ? 1 : 0;
}

} // namespace lb::lbd
