// SPDX-License-Identifier: GPL-2.0
#include "ask.hpp"

#include "../control/client.hpp"
#include "../lbctl/daemon.hpp"
#include "folder.hpp"
#include "options.hpp"

#include <cerrno>
#include <cstdio>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace lb::lbd {

namespace {

using nlohmann::json;

constexpr int notRunning = 3;

int complain(const Error &error)
{
    fmt::print(stderr, "lbd: {}\n", toString(error));
    return 1;
}

} // namespace

int stop(std::span<const std::string_view> words)
{
    const auto options = parse("stop", words, {});
    if (!options)
        return 2;
    const auto pid = runningIn(options->folder);
    const Fd process(pid ? static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)) : -1);
    const auto answer = control::ask(options->folder, {{"do", "stop"}});
    if (!answer && answer.error().code != EPIPE)
        return complain(answer.error());
    // Until it has gone.
    pollfd end{process.get(), POLLIN, 0};
    while (process && ::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
    return 0;
}

int reload(std::span<const std::string_view> words)
{
    const auto options = parse("reload", words, {});
    if (!options)
        return 2;
    const auto answer = control::ask(options->folder, {{"do", "reload"}});
    if (!answer)
        return complain(answer.error());
    fmt::print("{} services, {} changes in {:.3f} s\n", answer->value("services", 0U),
               answer->value("changes", 0U), answer->value("seconds", 0.0));
    return 0;
}

int status(std::span<const std::string_view> words)
{
    const auto options = parse("status", words, {.json = true});
    if (!options)
        return 2;
    const auto answer = control::ask(options->folder, {{"do", "status"}});
    if (!answer) {
        complain(answer.error());
        if (answer.error().code != ECONNREFUSED)
            return 1;
        if (const auto crashes = crashedIn(options->folder))
            fmt::print(stderr,
                       "lbd: the last one ended without being told to ({} times lately); the "
                       "director goes on as it was, and nobody probes\n",
                       crashes);
        return notRunning;
    }
    if (options->json) {
        fmt::print("{}\n", answer->dump());
        return 0;
    }
    fmt::print("{}", lbctl::statusText(*answer));
    return 0;
}

} // namespace lb::lbd
