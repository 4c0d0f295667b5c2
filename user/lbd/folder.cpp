// SPDX-License-Identifier: GPL-2.0
#include "folder.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
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
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        const auto pid = readPid(lock.get());
        return Error{.code = EBUSY,
                     .what = fmt::format("lbd runs already{}",
                                         pid ? fmt::format(", as process {}", *pid) : ""),
                     .hint = "lbd reload, or lbd stop; --folder for another one beside it"};
    }
    const auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.get(), 0) != 0 ||
        ::pwrite(lock.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return systemError(errno, file);
    return Folder(path, std::move(lock));
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
    if (!file || ::flock(file.get(), LOCK_SH | LOCK_NB) == 0)
        return {};
    return readPid(file.get());
}

} // namespace lb::lbd
