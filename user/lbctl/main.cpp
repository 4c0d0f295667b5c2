// SPDX-License-Identifier: GPL-2.0
// lbctl: shows and changes what the lb module balances. Wiring only: words in, text out.
#include "../genhash/run.hpp"
#include "../ipvsadm/run.hpp"
#include "run.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

#include <unistd.h>

namespace {

int finish(int status)
{
    if (std::fflush(stdout) == 0)
        return status;
    std::perror("lbctl: writing");
    return static_cast<int>(lb::lbctl::Exit::refused);
}

// What ipvsadm would end with, when it is ipvsadm that is called: by its name, by the word
// ipvsadm, or by its options.
std::optional<int> asIpvsadm(const std::string &path, std::span<const std::string> words,
                             const lb::lbctl::Streams &streams)
{
    const lb::ipvsadm::Streams own{.out = streams.out, .fail = streams.fail};

    if (const auto program = lb::ipvsadm::programOf(path))
        return lb::ipvsadm::run(*program, path, words, own);
    if (words.empty())
        return std::nullopt;
    if (const auto program = lb::ipvsadm::programOf(words.front()))
        return lb::ipvsadm::run(*program, path + ' ' + words.front(), words.subspan(1), own);
    if (lb::ipvsadm::isCommand(words.front()))
        return lb::ipvsadm::run(lb::ipvsadm::Program::ipvsadm, path, words, own);
    return std::nullopt;
}

// The same for keepalived's genhash, of which the word genhash alone leads here.
std::optional<int> asGenhash(const std::string &path, std::span<const std::string> words,
                             const lb::lbctl::Streams &streams)
{
    const lb::genhash::Streams own{.out = streams.out, .fail = streams.fail};

    if (lb::genhash::isGenhash(path))
        return lb::genhash::run(path, words, own);
    if (!words.empty() && words.front() == "genhash")
        return lb::genhash::run(path + " genhash", words.subspan(1), own);
    return std::nullopt;
}

} // namespace

int main(int argc, char **argv)
{
    // `lbctl conn list | head` ends without a word, also for parents that ignore SIGPIPE.
    std::signal(SIGPIPE, SIG_DFL);

    const auto to = [](std::FILE *file) {
        return [file](std::string_view text) { std::fwrite(text.data(), 1, text.size(), file); };
    };
    const lb::lbctl::Streams streams{.out = to(stdout),
                                     .fail = to(stderr),
                                     .flush = [] { std::fflush(stdout); },
                                     .terminal =
                                         isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0};
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        if (const auto status = asIpvsadm(argv[0], words, streams))
            return finish(*status);
        if (const auto status = asGenhash(argv[0], words, streams))
            return finish(*status);
        const auto status = lb::lbctl::run(words, streams);
        return finish(static_cast<int>(status));
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "lbctl: %s\n", failure.what());
        return static_cast<int>(lb::lbctl::Exit::refused);
    }
}
