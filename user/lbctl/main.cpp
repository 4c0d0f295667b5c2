// SPDX-License-Identifier: GPL-2.0
// lbctl: shows and changes what the lb module balances. Wiring only: words in, text out.
#include "run.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

#include <unistd.h>

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
        const auto status = lb::lbctl::run(words, streams);
        if (std::fflush(stdout) != 0) {
            std::perror("lbctl: writing");
            return static_cast<int>(lb::lbctl::Exit::refused);
        }
        return static_cast<int>(status);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "lbctl: %s\n", failure.what());
        return static_cast<int>(lb::lbctl::Exit::refused);
    }
}
