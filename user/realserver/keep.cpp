// SPDX-License-Identifier: GPL-2.0
#include "keep.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace lb::realserver {

namespace {

constexpr std::string_view folder = "/etc/lbctl-realserver";
constexpr std::string_view unit = "lbctl-realserver@";

// As sd_booted(3) tells.
bool systemdRuns()
{
    std::error_code ignored;
    return std::filesystem::is_directory("/run/systemd/system", ignored);
}

std::string fileOf(const Ip &vip)
{
    return fmt::format("{}/{}", folder, toString(vip));
}

Result<void> systemctl(std::string verb, const Ip &vip)
{
    std::array<std::string, 5> words{"systemctl", "--quiet", std::move(verb), "--now",
                                     fmt::format("{}{}.service", unit, toString(vip))};
    std::array<char *, 6> argv{words[0].data(), words[1].data(), words[2].data(),
                               words[3].data(), words[4].data(), nullptr};
    pid_t child = 0;
    int status = 0;

    if (const int code = ::posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ);
        code != 0)
        return systemError(code, "starting systemctl");
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return Error{.what = fmt::format("'systemctl {} --now {}' failed", words[2], words[4]),
                     .hint = "'make install' installs the unit"};
    return {};
}

} // namespace

Result<void> keep(const Wish &wish)
{
    const auto vip = toString(wish.vip);
    if (!systemdRuns())
        return Error{.what = fmt::format("{} is set up until the next reboot only: systemd, which "
                                         "would keep it, does not run here",
                                         vip),
                     .hint = fmt::format("run 'lbctl realserver up {}{}' at every start", vip,
                                         optionsOf(wish))};
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    std::ofstream file(fileOf(wish.vip), std::ios::trunc);
    file << "# What lbctl realserver up " << vip << " gets at every start.\nOPTIONS='"
         << optionsOf(wish) << "'\n";
    file.close();
    if (!file)
        return systemError(errno, fmt::format("writing {}", fileOf(wish.vip)));
    return systemctl("enable", wish.vip);
}

Result<void> forget(const Ip &vip)
{
    std::error_code failure;
    if (!std::filesystem::exists(fileOf(vip), failure))
        return {};
    if (systemdRuns())
        if (auto done = systemctl("disable", vip); !done)
            return done;
    if (!std::filesystem::remove(fileOf(vip), failure) && failure)
        return systemError(failure.value(), fmt::format("removing {}", fileOf(vip)));
    return {};
}

} // namespace lb::realserver
