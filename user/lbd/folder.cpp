// SPDX-License-Identifier: GPL-2.0
#include "folder.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

std::string pidFile(const std::string &folder)
{
    return folder + "/lbd.pid";
}

std::string servicesFile(const std::string &folder)
{
    return folder + "/services";
}

std::string crashesFileIn(const std::string &folder)
{
    return folder + "/crashes";
}

std::string textOf(const std::string &file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

Crashes::Time now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Of the whole file, for as long as somebody has this opening of it (fcntl(2), OFD locks): unlike
// flock(2)'s it can be asked for without being taken, even for a moment.
struct flock wholeFile()
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool isLocked(int fd)
{
    auto lock = wholeFile();
    return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::optional<pid_t> readPid(int fd)
{
    std::array<char, 32> text{};
    const auto got = ::pread(fd, text.data(), text.size(), 0);
    pid_t pid = 0;
    if (got <= 0 || std::from_chars(text.data(), text.data() + got, pid).ec != std::errc() ||
        pid <= 0)
        return {};
    return pid;
}

std::optional<netlink::ServiceKey> parseKey(const std::string &line)
{
    const auto blank = line.find(' ');
    if (blank == std::string::npos)
        return {};
    const auto first = line.substr(0, blank);
    const auto second = line.substr(blank + 1);
    if (first == "fwmark" || first == "fwmark6") {
        std::uint32_t mark = 0;
        const auto *end = second.data() + second.size();
        if (const auto read = std::from_chars(second.data(), end, mark);
            read.ec != std::errc() || read.ptr != end)
            return {};
        return netlink::ServiceKey::ofFwmark(first == "fwmark" ? Family::inet : Family::inet6,
                                             mark);
    }
    const auto protocol = parseProtocol(first);
    const auto endpoint = Endpoint::parse(second);
    if (!protocol || !endpoint)
        return {};
    return netlink::ServiceKey{*protocol, *endpoint};
}

} // namespace

Result<Folder> Folder::claim(const std::string &path)
{
    std::error_code code;
    std::filesystem::create_directories(path, code);
    if (code)
        return systemError(code.value(), path);

    const auto file = pidFile(path);
    Fd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock)
        return systemError(errno, file);
    auto all = wholeFile();
    if (::fcntl(lock.get(), F_OFD_SETLK, &all) != 0) {
        const auto pid = readPid(lock.get());
        return Error{.code = EBUSY,
                     .what = fmt::format("lbd runs already{}",
                                         pid ? fmt::format(", as process {}", *pid) : ""),
                     .hint = "lbd reload, or lbd stop; --folder for another one beside it"};
    }
    auto crashes = Crashes::parse(textOf(crashesFileIn(path)));
    crashes.forget(now());
    if (readPid(lock.get())) {
        crashes.add(now());
        std::ofstream(crashesFileIn(path), std::ios::trunc) << crashes.toText();
    }
    const auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.get(), 0) != 0 ||
        ::pwrite(lock.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return systemError(errno, file);
    return Folder(path, std::move(lock), std::move(crashes));
}

Folder::~Folder()
{
    if (lock_)
        static_cast<void>(::ftruncate(lock_.get(), 0));
}

std::string Folder::crashesFile() const
{
    return crashesFileIn(path_);
}

std::set<netlink::ServiceKey> Folder::services() const
{
    std::set<netlink::ServiceKey> keys;
    std::ifstream file(servicesFile(path_));
    for (std::string line; std::getline(file, line);)
        if (const auto key = parseKey(line))
            keys.insert(*key);
    return keys;
}

Result<void> Folder::rememberServices(const std::set<netlink::ServiceKey> &keys) const
{
    const auto file = servicesFile(path_);
    const auto fresh = file + ".new";
    std::ofstream out(fresh, std::ios::trunc);
    for (const auto &key : keys)
        out << firstWord(key) << ' ' << secondWord(key) << '\n';
    out.close();
    std::error_code code;
    if (!out)
        return systemError(EIO, fresh);
    std::filesystem::rename(fresh, file, code);
    if (code)
        return systemError(code.value(), file);
    return {};
}

void Folder::forgetServices() const
{
    ::unlink(servicesFile(path_).c_str());
}

std::optional<pid_t> runningIn(const std::string &path)
{
    const Fd file(::open(pidFile(path).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || !isLocked(file.get()))
        return {};
    return readPid(file.get());
}

std::size_t crashedIn(const std::string &path)
{
    const Fd file(::open(pidFile(path).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || isLocked(file.get()))
        return 0;
    auto crashes = Crashes::parse(textOf(crashesFileIn(path)));
    crashes.forget(now());
    // Whoever comes next would write down the last one; in a loop nobody is let in.
    return crashes.count() + (readPid(file.get()) ? 1 : 0);
}

} // namespace lb::lbd
