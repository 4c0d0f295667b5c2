// SPDX-License-Identifier: GPL-2.0
#include "../base/fd.hpp"
#include "limits.hpp"
#include "tree.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <random>

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace lb::config {

namespace {

Result<std::string> readFile(const std::string &path)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        return systemError(errno, path);
    if (S_ISDIR(status.st_mode))
        return systemError(EISDIR, path);
    if (static_cast<std::size_t>(status.st_size) > maxFile)
        return systemError(EFBIG, path);

    std::string text;
    std::array<char, 65536> some{};
    text.reserve(static_cast<std::size_t>(status.st_size));
    for (;;) {
        const auto got = ::read(fd.get(), some.data(), some.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(errno, path);
        if (got == 0)
            return text;
        text.append(some.data(), static_cast<std::size_t>(got));
        if (text.size() > maxFile)
            return systemError(EFBIG, path);
    }
}

std::vector<std::string> findPaths(const std::string &pattern)
{
    glob_t found{};
    const std::unique_ptr<glob_t, void (*)(glob_t *)> owner(&found, ::globfree);
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), GLOB_BRACE, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    return paths;
}

std::string hostName()
{
    utsname name{};
    if (::uname(&name) != 0)
        return {};
    const std::string_view node = name.nodename;
    return std::string(node.substr(0, node.find('.')));
}

} // namespace

Surroundings surroundings()
{
    return {.configId = hostName(),
            .read = readFile,
            .glob = findPaths,
            .random =
                [](std::uint32_t least, std::uint32_t most) {
                    std::random_device device;
                    return std::uniform_int_distribution<std::uint32_t>(least, most)(device);
                },
            .environment = [](const std::string &name) -> std::optional<std::string> {
                const char *value = std::getenv(name.c_str());
                return value == nullptr ? std::nullopt : std::optional<std::string>(value);
            }};
}

} // namespace lb::config
