// SPDX-License-Identifier: GPL-2.0
#include "safety.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>

namespace lb::process {

namespace {

constexpr int mostLinks = 40; // as the kernel's

// How others can change what is at @path; empty when they cannot. In a folder that is sticky
// nobody removes or renames what belongs to another, so that it does no harm that all can write.
std::string weakness(const std::string &path, const FileStatus &status)
{
    if (status.uid != 0)
        return fmt::format("'{}' belongs to user {}", path, status.uid);
    if (S_ISLNK(status.mode) || (S_ISDIR(status.mode) && (status.mode & S_ISVTX) != 0))
        return {};
    if ((status.mode & S_IWOTH) != 0)
        return fmt::format("'{}' can be written by all", path);
    if ((status.mode & S_IWGRP) != 0 && status.gid != 0)
        return fmt::format("'{}' can be written by group {}", path, status.gid);
    return {};
}

// Whether @as may execute a file, or pass through a folder.
bool mayExecute(const FileStatus &status, const Identity &as)
{
    if (as.uid == 0)
        return S_ISDIR(status.mode) || (status.mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    if (status.uid == as.uid)
        return (status.mode & S_IXUSR) != 0;
    if (status.gid == as.gid || std::ranges::count(as.groups, status.gid) != 0)
        return (status.mode & S_IXGRP) != 0;
    return (status.mode & S_IXOTH) != 0;
}

// From the root folder to the program, name by name.
class Walk {
public:
    Walk(const Identity &as, const FileSystem &files) : as_(as), files_(files) {}

    Safety to(const std::string &program)
    {
        const auto missing = [&](std::string hint) {
            return Safety{.danger = Danger::missing,
                          .what = fmt::format("there is no program '{}'", program),
                          .hint = std::move(hint)};
        };
        std::string rest = program;
        if (rest.empty() || rest.front() != '/')
            return missing("name it from the root folder on");
        std::string path = "/";
        auto status = files_.status(path);
        for (;;) {
            if (!status)
                return missing(status.error().code == ENOENT ? "" : toString(status.error()));
            note(path, *status);
            if (S_ISLNK(status->mode)) {
                const auto target = files_.readLink(path);
                if (!target || target->empty() || ++links_ > mostLinks)
                    return missing(fmt::format("'{}' leads nowhere", path));
                rest.insert(0, *target);
                path = target->front() == '/' ? "/" : parentOf(path);
            } else if (!S_ISDIR(status->mode) || onlySlashes(rest)) {
                break;
            } else if (!mayExecute(*status, as_)) {
                return {.danger = Danger::notExecutable,
                        .what = fmt::format("user {} cannot reach '{}'", as_.uid, program),
                        .hint = fmt::format("the folder '{}' is closed to that user", path)};
            } else {
                path = child(path, take(rest));
            }
            status = files_.status(path);
        }
        if (!onlySlashes(rest))
            return missing(fmt::format("'{}' is no folder", path));
        return atEnd(program, path, *status);
    }

private:
    static bool onlySlashes(std::string_view rest)
    {
        return rest.find_first_not_of('/') == std::string_view::npos;
    }

    // The next name of what is still to go.
    static std::string take(std::string &rest)
    {
        const auto begin = rest.find_first_not_of('/');
        const auto end = std::min(rest.find('/', begin), rest.size());
        auto name = rest.substr(begin, end - begin);
        rest.erase(0, end);
        return name;
    }

    static std::string parentOf(const std::string &path)
    {
        return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
    }

    static std::string child(const std::string &path, const std::string &name)
    {
        if (name == ".")
            return path;
        if (name == "..")
            return parentOf(path);
        return path == "/" ? path + name : path + "/" + name;
    }

    void note(const std::string &path, const FileStatus &status)
    {
        if (weakness_.empty())
            weakness_ = weakness(path, status);
    }

    [[nodiscard]] Safety atEnd(const std::string &program, const std::string &path,
                               const FileStatus &status) const
    {
        if (!S_ISREG(status.mode))
            return {.danger = Danger::notExecutable,
                    .what = fmt::format("'{}' is no program", program),
                    .hint = S_ISDIR(status.mode) ? "it is a folder" : "it is no regular file",
                    .path = path};
        if (as_.uid == 0 && !weakness_.empty())
            return {.danger = Danger::unsafe,
                    .what =
                        fmt::format("'{}' would run as root, and others can change it", program),
                    .hint = weakness_,
                    .path = path};
        if (!mayExecute(status, as_))
            return {.danger = Danger::notExecutable,
                    .what = fmt::format("user {} cannot execute '{}'", as_.uid, program),
                    .hint = fmt::format("its mode is {:o}", status.mode & 07777U),
                    .path = path};
        return {.path = path};
    }

    const Identity &as_;
    const FileSystem &files_;
    int links_ = 0;
    std::string weakness_{};
};

} // namespace

Safety judge(const std::string &program, const Identity &as, const FileSystem &files)
{
    if (program.find('/') != std::string::npos)
        return Walk(as, files).to(program);

    Safety best{.danger = Danger::missing,
                .what = fmt::format("there is no program '{}'", program),
                .hint = fmt::format("it is looked for in {}", files.searchPath)};
    std::string_view folders = program.empty() ? "" : std::string_view(files.searchPath);
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        const auto folder = folders.substr(0, end);
        folders.remove_prefix(std::min(end + 1, folders.size()));
        if (folder.empty())
            continue;
        auto found = Walk(as, files).to(fmt::format("{}/{}", folder, program));
        // As execvp(3) does: what cannot be executed is passed over.
        if (found.danger == Danger::none || found.danger == Danger::unsafe)
            return found;
        if (found.danger == Danger::notExecutable && best.danger == Danger::missing)
            best = std::move(found);
    }
    return best;
}

FileSystem thisFileSystem()
{
    const char *path = std::getenv("PATH");
    return {.status = [](const std::string &name) -> Result<FileStatus> {
                struct stat status {};
                if (::lstat(name.c_str(), &status) != 0)
                    return systemError(errno, name);
                return FileStatus{status.st_mode, status.st_uid, status.st_gid};
            },
            .readLink = [](const std::string &name) -> Result<std::string> {
                std::string target(PATH_MAX, '\0');
                const auto length = ::readlink(name.c_str(), target.data(), target.size());
                if (length < 0)
                    return systemError(errno, name);
                target.resize(static_cast<std::size_t>(length));
                return target;
            },
            .searchPath = path == nullptr ? "/usr/sbin:/usr/bin:/sbin:/bin" : path};
}

} // namespace lb::process
