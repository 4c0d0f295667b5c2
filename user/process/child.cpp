// SPDX-License-Identifier: GPL-2.0
#include "child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

namespace lb::process {

namespace {

// A limit on descriptors above this breaks programs that use select(2); whoever needs more raises
// it. lbd raises its own.
constexpr rlim_t usualFiles = 1024;
constexpr int lastStandard = 2;

// Belong to this process alone: a program that saw them would speak to systemd for it.
constexpr std::array<std::string_view, 6> ours{"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
                                               "LISTEN_PID",    "LISTEN_FDS",   "LISTEN_FDNAMES"};

std::vector<std::string> environmentOf(const Command &command)
{
    std::vector<std::string> all;
    for (char **entry = environ; entry != nullptr && *entry != nullptr; entry++) {
        const std::string_view text(*entry);
        const auto name = text.substr(0, text.find('='));
        if (!std::ranges::count(ours, name) && !command.environment.contains(std::string(name)))
            all.emplace_back(text);
    }
    for (const auto &[name, value] : command.environment)
        all.push_back(fmt::format("{}={}", name, value));
    return all;
}

// Where a program may be, in the order of execvp(3).
std::vector<std::string> pathsOf(const std::string &program)
{
    if (program.find('/') != std::string::npos)
        return {program};
    const char *variable = std::getenv("PATH");
    std::string_view folders = variable == nullptr ? "/usr/sbin:/usr/bin:/sbin:/bin" : variable;
    std::vector<std::string> all;
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        if (end != 0)
            all.push_back(fmt::format("{}/{}", folders.substr(0, end), program));
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return all;
}

std::vector<char *> pointersTo(std::vector<std::string> &words)
{
    std::vector<char *> all;
    all.reserve(words.size() + 1);
    for (auto &word : words)
        all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

// Never one of the three that the program will have as its own.
Result<Fd> aboveStandard(Fd fd, const std::string &what)
{
    if (!fd)
        return systemError(errno, what);
    if (fd.get() > lastStandard)
        return fd;
    Fd copy(::fcntl(fd.get(), F_DUPFD_CLOEXEC, lastStandard + 1));
    if (!copy)
        return systemError(errno, what);
    return copy;
}

// A file in memory: unlike a pipe it takes all at once, whether the program reads or not.
Result<Fd> inputOf(const std::string &text)
{
    auto fd = aboveStandard(Fd(::memfd_create("stdin", MFD_CLOEXEC)), "standard input");
    if (!fd)
        return fd;
    for (std::size_t done = 0; done < text.size();) {
        const auto written = ::write(fd->get(), text.data() + done, text.size() - done);
        if (written < 0)
            return systemError(errno, "standard input");
        done += static_cast<std::size_t>(written);
    }
    if (::lseek(fd->get(), 0, SEEK_SET) != 0)
        return systemError(errno, "standard input");
    return fd;
}

// All that the child needs, made before it is: it must not allocate.
struct Plan {
    std::vector<std::string> paths{};
    std::vector<char *> words{};
    std::vector<char *> environment{};
    int input = -1;
    int output = -1;
    const Identity *as = nullptr;
    // What went wrong, told by the child in the memory that it shares.
    const char *step = nullptr;
    int error = 0;
};

#ifdef SYS_setgroups32
constexpr long setGroups = SYS_setgroups32, setGids = SYS_setresgid32, setUids = SYS_setresuid32;
#else
constexpr long setGroups = SYS_setgroups, setGids = SYS_setresgid, setUids = SYS_setresuid;
#endif

// The C library's setuid() and its like would change the threads of the parent as well, whose
// memory this is: the kernel is asked directly, and for this process only.
bool takeIdentity(const Identity &as)
{
    return ::syscall(setGroups, as.groups.size(), as.groups.data()) == 0 &&
           ::syscall(setGids, as.gid, as.gid, as.gid) == 0 &&
           ::syscall(setUids, as.uid, as.uid, as.uid) == 0;
}

// The caller may be no other than it is: then only asking for that is right.
bool isIdentity(const Identity &as)
{
    return ::geteuid() != 0 && as.uid == ::geteuid() && as.gid == ::getegid();
}

bool resetSignals()
{
    // As the kernel takes it: SIG_DFL, no flags, no restorer, an empty mask. The C library does
    // not let go of the two that it has for threads, and ignores one of them.
    const std::array<unsigned long, 4> usual{};
    constexpr std::size_t maskSize = 8; // bytes
    for (int number = 1; number < NSIG; number++)
        ::syscall(SYS_rt_sigaction, number, usual.data(), nullptr, maskSize);
    sigset_t none{};
    ::sigemptyset(&none);
    return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

void resetScheduling()
{
    // What is refused was never changed: without the right to lower nice nobody raised it.
    const sched_param usual{};
    ::sched_setscheduler(0, SCHED_OTHER, &usual);
    ::setpriority(PRIO_PROCESS, 0, 0);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > usualFiles) {
        files.rlim_cur = usualFiles;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

// Comes back only when it cannot; nothing is said before, as the parent reads it, too.
void execute(Plan &plan)
{
    int error = ENOENT;
    for (const auto &path : plan.paths) {
        ::execve(path.c_str(), plan.words.data(), plan.environment.data());
        if (errno != ENOENT && errno != ENOTDIR)
            error = errno;
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
            break;
    }
    plan.step = "executing it";
    plan.error = error;
}

// Runs in the child, on its own stack, in the parent's memory. Not for sanitizers, which know
// nothing of that stack.
__attribute__((no_sanitize("address", "undefined"))) int inChild(void *argument)
{
    auto &plan = *static_cast<Plan *>(argument);
    const auto failed = [&plan](bool good, const char *step) {
        plan.step = step;
        plan.error = good ? 0 : errno;
        return !good;
    };
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (failed(::setpgid(0, 0) == 0, "making a process group") ||
        failed(::dup2(plan.input, 0) == 0 && ::dup2(plan.output, 1) == 1 &&
                   ::dup2(plan.output, 2) == 2,
               "opening the standard descriptors") ||
        failed(::syscall(SYS_close_range, lastStandard + 1U, ~0U, 0) == 0,
               "closing all descriptors"))
        ::_exit(1);
    resetScheduling();
    if (failed(isIdentity(*plan.as) || takeIdentity(*plan.as), "becoming the user it runs as") ||
        failed(resetSignals(), "resetting signals"))
        ::_exit(1);
    execute(plan);
    ::_exit(1);
}

// Nobody's handler may run in the child, which shares memory with this.
class SignalsBlocked {
public:
    SignalsBlocked()
    {
        sigset_t all{};
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked &) = delete;
    SignalsBlocked &operator=(const SignalsBlocked &) = delete;

private:
    sigset_t before_{};
};

std::string describe(int code, int status)
{
    if (code == CLD_EXITED)
        return status == 0 ? "" : fmt::format("it ended with status {}", status);
    const char *name = ::sigdescr_np(status);
    return fmt::format("it was ended by signal {} ({})", status, name == nullptr ? "?" : name);
}

} // namespace

// CLONE_VM and CLONE_VFORK, as vfork(2): the child uses this process's memory until it executes
// the program, and this process waits that long. fork(2) would copy the page tables of a daemon
// with 10,000 services for each script, in which time no probe or advertisement is sent.
// posix_spawn(3) is as cheap, but can set neither user nor groups and gives no pidfd.
Result<Child> Child::start(const Command &command)
{
    if (command.words.empty() || command.words.front().empty())
        return Error{.what = "there is no program to run"};
    const auto failure = [&command](int code, const char *step) {
        return systemError(code, fmt::format("'{}' was not run: {}", command.words.front(), step));
    };
    auto words = command.words;
    auto environment = environmentOf(command);
    const auto null = aboveStandard(Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)), "/dev/null");
    if (!null)
        return null.error();
    Fd input;
    if (command.input) {
        auto made = inputOf(*command.input);
        if (!made)
            return made.error();
        input = std::move(*made);
    }
    Plan plan{.paths = pathsOf(words.front()),
              .words = pointersTo(words),
              .environment = pointersTo(environment),
              .input = input ? input.get() : null->get(),
              .output = null->get(),
              .as = &command.as};

    constexpr std::size_t stackSize = 65536;
    std::vector<char> stack(stackSize);
    int pidfd = -1;
    pid_t pid = -1;
    int code = 0;
    {
        const SignalsBlocked blocked;
        // Where a stack grows down, as on all that Debian knows.
        pid = ::clone(inChild, stack.data() + stack.size(),
                      CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
        code = errno;
    }
    if (pid < 0)
        return failure(code, "starting a process");
    Child child(pid, Fd(pidfd));
    if (plan.error != 0) {
        siginfo_t info{};
        ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED); // has ended already
        child.pidfd_.reset();
        return failure(plan.error, plan.step);
    }
    return child;
}

Child::~Child()
{
    if (!pidfd_)
        return;
    signal(SIGKILL);
    end(true); // if it has ended by now; what stays is reaped by init when this process ends
}

void Child::signal(int number) const
{
    // Its number is no other's as long as it is not reaped, even after it ended.
    if (pidfd_)
        ::kill(-pid_, number);
}

std::optional<Exit> Child::end(bool killOthers)
{
    const auto id = static_cast<id_t>(pidfd_.get());
    siginfo_t info{};
    if (!pidfd_ || ::waitid(P_PIDFD, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
        return {};
    if (killOthers)
        signal(SIGKILL);
    ::waitid(P_PIDFD, id, &info, WEXITED | WNOHANG);
    pidfd_.reset();
    Exit exit{.why = describe(info.si_code, info.si_status)};
    if (info.si_code == CLD_EXITED)
        exit.status = info.si_status;
    else
        exit.signal = info.si_status;
    return exit;
}

} // namespace lb::process
