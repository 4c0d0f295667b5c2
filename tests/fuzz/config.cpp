// SPDX-License-Identifier: GPL-2.0
// A configuration: read, understood, checked, and made into probes. Behind a line "=== FILE" stands
// another file, for those that include it.
#include "config/check.hpp"
#include "config_machine.hpp"
#include "fuzz.hpp"
#include "health/job.hpp"

#include <algorithm>

using namespace lb;
using namespace lb::config;

namespace {

constexpr std::string_view mainFile = "/etc/lb/lb.conf", otherFile = "/etc/lb/other.conf";

Files filesOf(std::string_view input)
{
    constexpr std::string_view mark = "\n=== FILE\n";
    const auto at = input.find(mark);
    Files files{{std::string(mainFile), std::string(input.substr(0, at))}};
    if (at != std::string_view::npos)
        files.emplace(otherFile, input.substr(at + mark.size()));
    return files;
}

Machine nobodysMachine()
{
    return {
        .hasInterface = [](const std::string &name) { return name.starts_with("eth"); },
        .identity = [](const std::string &user, const std::string &) -> Result<process::Identity> {
            if (user == "nobody")
                return process::Identity{};
            return Error{.what = "there is no such user"};
        },
        .defaultIdentity = [](bool) -> Result<process::Identity> { return process::Identity{}; },
        .judge = [](const std::string &, const process::Identity &) { return process::Safety{}; }};
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const auto files = filesOf(fuzz::textOf(bytes, size));
    auto tree = readFiles(files);
    const Report report(tree.findings);
    const auto model = modelOf(tree, report);
    check(model, nobodysMachine(), report);
    for (const auto &finding : tree.findings) {
        fuzz::require(!finding.what.empty(), "a finding says what it found");
        fuzz::require(!toString(finding, tree).empty(), "a finding can be shown");
    }
    std::vector<Finding> ignored;
    fuzz::require(modelOf(tree, Report(ignored)) == model, "a tree means the same each time");
    for (const auto &server : model.virtualServers)
        for (const auto &real : server.realServers)
            for (const auto &job :
                 health::jobsOf(server, real, {real.ip, Port{80}}, model.globals)) {
                fuzz::require(job.pace.interval.count() > 0, "a probe rests in between");
                fuzz::require(health::hashOf(job) == health::hashOf(health::Job(job)),
                              "equal jobs have equal hashes");
            }
    return 0;
}
