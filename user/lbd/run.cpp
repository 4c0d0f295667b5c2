// SPDX-License-Identifier: GPL-2.0
#include "run.hpp"

#include "../host/netns.hpp"
#include "daemon.hpp"
#include "program.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

namespace lb::lbd {

namespace {

constexpr Takes takes{.file = true};
constexpr int crashLoop = 4; // for service managers

// Ten thousand probes have as many sockets.
void allowManyFiles()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// What the file says; nothing, and all that is wrong on standard error, when it cannot run.
std::optional<Loaded> read(Options &options)
{
    // Whoever reloads may be elsewhere.
    std::error_code code;
    if (const auto path = std::filesystem::absolute(options.file, code); !code)
        options.file = path.string();
    if (const auto path = std::filesystem::absolute(options.folder, code); !code)
        options.folder = path.string();
    auto loaded = load(options.file, options.configId);
    for (const auto &finding : loaded.tree.findings)
        fmt::print(stderr, "{}", toString(finding, loaded.tree));
    if (loaded.good())
        return loaded;
    const auto errors = loaded.count(config::Severity::error);
    fmt::print(stderr, "lbd: {} is not run: it has {} error{}\n", options.file, errors,
               errors == 1 ? "" : "s");
    return {};
}

// Of a child that has failed.
int statusOf(pid_t pid)
{
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 1;
}

// Until it is told to end. @ready is called when all is up.
int serve(Options options, Loaded loaded, const Log &log, const std::function<void()> &ready)
{
    allowManyFiles();
    auto folder = Folder::claim(options.folder);
    if (!folder) {
        log(Level::error, toString(folder.error()));
        return 1;
    }
    if (folder->crashes().looping()) {
        log(Level::error,
            fmt::format("lbd has ended without being told to {} times within {} minutes, and is "
                        "not started "
                        "again by itself. The director goes on with the services and weights of "
                        "then; nobody probes their servers (what went wrong is in the log; then: "
                        "rm {})",
                        folder->crashes().count(), Crashes::remembered.count(),
                        folder->crashesFile()));
        return crashLoop;
    }
    const auto &globals = loaded.model.globals;
    if (!globals.netNamespace.empty())
        if (const auto entered = host::enterNetns(globals.netNamespace); !entered) {
            log(Level::error, toString(entered.error()));
            return 1;
        }
    boost::asio::io_context io(1);
    if (!globals.startup.words.empty()) {
        runProgram(io, globals.startup, globals.startupTimeout,
                   std::make_shared<Outside>(loaded.model), log, [&io] { io.stop(); });
        io.run();
        io.restart();
    }
    auto daemon = Daemon::start(io, std::move(options), std::move(loaded), std::move(*folder), log);
    if (!daemon) {
        log(Level::error, toString(daemon.error()));
        return 1;
    }
    ready();
    io.run();
    return 0;
}

} // namespace

int run(std::span<const std::string_view> words)
{
    auto options = parse("run", words, takes);
    if (!options)
        return 2;
    auto loaded = read(*options);
    if (!loaded)
        return 1;
    return serve(std::move(*options), std::move(*loaded), logToStderr(), [] {});
}

int start(std::span<const std::string_view> words)
{
    auto options = parse("start", words, takes);
    if (!options)
        return 2;
    auto loaded = read(*options);
    if (!loaded)
        return 1;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fmt::print(stderr, "lbd: {}\n", toString(systemError(errno, "a pipe")));
        return 1;
    }
    const Fd told(ends[0]);
    Fd telling(ends[1]);
    const auto pid = ::fork();
    if (pid < 0) {
        fmt::print(stderr, "lbd: {}\n", toString(systemError(errno, "fork")));
        return 1;
    }
    if (pid > 0) {
        // One byte when it runs, the end of file when it does not; what is wrong it has said.
        telling.reset();
        char byte = 0;
        ssize_t got = 0;
        while ((got = ::read(told.get(), &byte, 1)) < 0 && errno == EINTR) {
        }
        return got == 1 ? 0 : statusOf(pid);
    }

    ::setsid();
    // What goes wrong until it runs is for the terminal as well, what happens then for syslog.
    bool running = false;
    const auto toSyslog = logToSyslog("lbd");
    const auto log = [&running, toSyslog, toTerminal = logToStderr()](Level level,
                                                                      std::string_view line) {
        toSyslog(level, line);
        if (!running && level <= Level::warning)
            toTerminal(level, line);
    };
    return serve(std::move(*options), std::move(*loaded), log, [&] {
        running = true;
        static_cast<void>(::chdir("/"));
        if (const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC)); null)
            for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::dup2(null.get(), fd);
        static_cast<void>(::write(telling.get(), "", 1));
        telling.reset();
    });
}

} // namespace lb::lbd
