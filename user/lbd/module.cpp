// SPDX-License-Identifier: GPL-2.0
#include "module.hpp"

#include "../host/netns.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

// What modprobe says, when it fails.
Result<void> modprobe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return systemError(errno, "a pipe");
    const Fd out(ends[0]);
    Fd in(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDERR_FILENO);
    std::array<std::string, 2> words{"modprobe", "lb"};
    std::array<char *, 3> argv{words[0].data(), words[1].data(), nullptr};
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, "modprobe", &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return systemError(failed, "modprobe");
    in.reset();

    std::string said;
    std::array<char, 512> some{};
    for (ssize_t got = 0; (got = ::read(out.get(), some.data(), some.size())) > 0;)
        said.append(some.data(), static_cast<std::size_t>(got));
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return {};
    while (!said.empty() && said.back() == '\n')
        said.pop_back();
    return Error{.code = ENODEV,
                 .what = fmt::format("the module lb is not loaded, and cannot be: {}",
                                     said.empty() ? "modprobe has failed" : said),
                 .hint = "as root: make install, or insmod lb.ko"};
}

} // namespace

Result<netlink::Director> openDirector(const std::string &netns, Missing missing)
{
    std::optional<host::Visit> visit;
    if (!netns.empty()) {
        auto entered = host::Visit::of(netns);
        if (!entered)
            return entered.error();
        visit.emplace(std::move(*entered));
    }
    auto director = netlink::Director::open();
    if (director || director.error().code != ENODEV || missing == Missing::stays)
        return director;
    if (const auto loaded = modprobe(); !loaded)
        return loaded.error();
    return netlink::Director::open();
}

} // namespace lb::lbd
