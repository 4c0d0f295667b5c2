// SPDX-License-Identifier: GPL-2.0
#include "../base/version.hpp"
#include "ask.hpp"
#include "check.hpp"
#include "run.hpp"

#include <string>
#include <vector>

#include <fmt/core.h>

namespace {

constexpr std::string_view usage =
    "usage: lbd run    [--folder DIR] [--config-id ID] [[-f] FILE]   in the foreground\n"
    "       lbd start  [--folder DIR] [--config-id ID] [[-f] FILE]   in the background\n"
    "       lbd stop   [--folder DIR]\n"
    "       lbd reload [--folder DIR]\n"
    "       lbd status [--folder DIR] [--json]\n"
    "       lbd check  [--json] [--config-id ID] [FILE]\n"
    "\n"
    "Keeps the virtual servers of a keepalived.conf on the director: probes their real servers, "
    "and\n"
    "brings the director to what the configuration and the probes say. Without FILE it is\n"
    "/etc/keepalived/keepalived.conf.\n"
    "\n"
    "  run, start       load the module lb if it is missing; services that are there already are\n"
    "                   taken over with their connections\n"
    "  stop             end lbd; the services stay, unless lvs_flush_on_stop says otherwise\n"
    "  reload           read FILE again: what has not changed is not touched, and a file with an\n"
    "                   error changes nothing\n"
    "  check            say what is wrong with FILE: 0 nothing, 1 something, 2 not understood\n"
    "\n"
    "  --folder DIR     for the pid, the socket and the memory of this lbd (/run/lbd)\n"
    "  --config-id ID   for lines that begin with @ID; the host's name up to its first dot\n"
    "  --json           for programs\n"
    "  --version\n"
    "  --help\n"
    "\n"
    "man lbd tells more.\n";

struct Command {
    std::string_view name{};
    int (*run)(std::span<const std::string_view>) = nullptr;
};
constexpr Command commands[] = {
    {"run", lb::lbd::run},       {"start", lb::lbd::start},   {"stop", lb::lbd::stop},
    {"reload", lb::lbd::reload}, {"status", lb::lbd::status}, {"check", lb::lbd::check},
};

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    if (words.empty() || words.front() == "--help" || words.front() == "-h" ||
        words.front() == "help") {
        fmt::print(words.empty() ? stderr : stdout, "{}", usage);
        return words.empty() ? 2 : 0;
    }
    if (words.front() == "--version") {
        fmt::print("lbd {}\n", lb::version);
        return 0;
    }
    for (const auto &command : commands)
        if (words.front() == command.name)
            return command.run(std::span(words).subspan(1));
    fmt::print(stderr, "lbd: '{}' is not a command; lbd --help lists them\n", words.front());
    return 2;
}
