// SPDX-License-Identifier: GPL-2.0
#include "watch.hpp"

#include "../base/fd.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/core.h>

namespace lb::process {

namespace asio = boost::asio;

namespace {

// Of names in a folder. A file that is written counts when it is closed: while it is being
// written it is empty, or half of what it will be.
constexpr std::uint32_t inFolder =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR;

// "/a/b/c": "/", "/a", "/a/b", each with the name that leads on.
std::map<std::string, std::string> foldersTo(const std::string &path)
{
    std::map<std::string, std::string> folders;
    std::string folder = "/";
    std::size_t begin = path.find_first_not_of('/');
    while (begin != std::string::npos) {
        const auto end = path.find('/', begin);
        const auto name = path.substr(begin, end == std::string::npos ? end : end - begin);
        folders[folder] = name;
        folder += (folder == "/" ? "" : "/") + name;
        begin = path.find_first_not_of('/', end);
    }
    return folders;
}

} // namespace

struct Watch::Shared : std::enable_shared_from_this<Watch::Shared> {
    Shared(const asio::any_io_executor &executor, Changed told)
        : descriptor(executor), changed(std::move(told))
    {}

    asio::posix::stream_descriptor descriptor;
    Changed changed;
    std::set<std::string> paths{};
    // By the number of a watch: the names in it that are of interest, with their files. The empty
    // name is of the thing itself.
    std::map<int, std::multimap<std::string, std::string>> watches{};

    void follow(const std::string &path)
    {
        const auto handle = descriptor.native_handle();
        for (const auto &[folder, name] : foldersTo(path))
            if (const int id = ::inotify_add_watch(handle, folder.c_str(), inFolder); id >= 0)
                watches[id].emplace(name, path);
        // Where a link leads: its folder is not on the way. A folder stays what it is above.
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
            if (const int id = ::inotify_add_watch(handle, path.c_str(), IN_CLOSE_WRITE); id >= 0)
                watches[id].emplace("", path);
    }

    // What was watched for a path may be another way now.
    void followAgain(const std::set<std::string> &some)
    {
        for (auto &[id, names] : watches)
            std::erase_if(names, [&](const auto &entry) { return some.contains(entry.second); });
        for (const auto &path : some)
            if (paths.contains(path))
                follow(path);
        std::erase_if(watches, [&](const auto &entry) {
            if (entry.second.empty())
                ::inotify_rm_watch(descriptor.native_handle(), entry.first);
            return entry.second.empty();
        });
    }

    void collect(const inotify_event &event, const std::string &name,
                 std::set<std::string> &touched)
    {
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            touched = paths;
            return;
        }
        const auto watch = watches.find(event.wd);
        if (watch == watches.end())
            return;
        const auto [begin, end] = watch->second.equal_range(name);
        for (auto entry = begin; entry != end; entry++)
            touched.insert(entry->second);
        if ((event.mask & IN_IGNORED) != 0) { // the kernel has forgotten it
            for (const auto &[unused, path] : watch->second)
                touched.insert(path);
            watches.erase(watch);
        }
    }

    void take()
    {
        alignas(inotify_event) std::array<char, 16384> buffer{};
        std::set<std::string> touched;
        for (;;) {
            const auto got = ::read(descriptor.native_handle(), buffer.data(), buffer.size());
            if (got <= 0)
                break;
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                inotify_event event{};
                std::memcpy(&event, buffer.data() + at, sizeof event);
                const char *name = buffer.data() + at + sizeof event;
                collect(event, event.len == 0 ? "" : std::string(name), touched);
                at += sizeof event + event.len;
            }
        }
        followAgain(touched);
        for (const auto &path : touched)
            if (paths.contains(path))
                changed(path);
    }

    void wait()
    {
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const boost::system::error_code &code) {
                                  if (code || !self->descriptor.is_open())
                                      return;
                                  self->take();
                                  if (self->descriptor.is_open()) // unless that ended it
                                      self->wait();
                              });
    }
};

Watch::Watch(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
Watch::Watch(Watch &&) noexcept = default;
Watch &Watch::operator=(Watch &&) noexcept = default;

Watch::~Watch()
{
    boost::system::error_code ignored;
    if (shared_)
        shared_->descriptor.close(ignored);
}

Result<Watch> Watch::open(const asio::any_io_executor &executor, Changed changed)
{
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return systemError(errno, "watching files");
    auto shared = std::make_shared<Shared>(executor, std::move(changed));
    shared->descriptor.assign(fd);
    shared->wait();
    return Watch(std::move(shared));
}

void Watch::add(const std::string &path)
{
    if (shared_->paths.insert(path).second)
        shared_->follow(path);
}

void Watch::remove(const std::string &path)
{
    if (shared_->paths.erase(path) != 0)
        shared_->followAgain({path});
}

Result<std::string> readStart(const std::string &path, std::size_t most)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        return systemError(errno, path);
    if (!S_ISREG(status.st_mode))
        return Error{.what = fmt::format("{}: it is no regular file", path)};
    std::string text(most, '\0');
    std::size_t length = 0;
    while (length < most) {
        const auto got = ::read(fd.get(), text.data() + length, most - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(errno, path);
        if (got == 0)
            break;
        length += static_cast<std::size_t>(got);
    }
    text.resize(length);
    return text;
}

} // namespace lb::process
