// SPDX-License-Identifier: GPL-2.0
#include "../base/version.hpp"
#include "check.hpp"

#include <string>
#include <vector>

#include <fmt/core.h>

namespace {

constexpr std::string_view usage =
    "usage: lbd check [--json] [--config-id ID] [FILE]\n"
    "\n"
    "Checks a configuration in the language of keepalived.conf (/etc/keepalived/keepalived.conf):\n"
    "syntax, words, values, and that its parts fit each other and this machine. Each finding is "
    "told\n"
    "with file, line and column. Exits with 0 when nothing is wrong, 1 otherwise, 2 when not "
    "understood.\n"
    "\n"
    "  --json           findings as JSON\n"
    "  --config-id ID   for lines that begin with @ID; the host's name up to its first dot\n"
    "  --version\n"
    "  --help\n";

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
    if (words.front() == "check")
        return lb::lbd::check(std::span(words).subspan(1));
    fmt::print(stderr, "lbd: '{}' is not a command\n{}", words.front(), usage);
    return 2;
}
