// SPDX-License-Identifier: GPL-2.0
#include "daemon.hpp"

#include "../control/client.hpp"

#include <cerrno>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

namespace lb::lbctl {

std::string socketOf(const Arguments &arguments)
{
    const auto *given = arguments.find(socketOption.name);
    return given != nullptr ? given->text : control::socketIn(control::usualFolder);
}

Error fromLbd(Error error)
{
    if (error.code == EACCES)
        error.hint = "as root, or as the user that runs lbd";
    error.code = 0;
    return error;
}

Result<nlohmann::json> askLbd(const Arguments &arguments, const nlohmann::json &request)
{
    auto answer = control::askAt(socketOf(arguments), request);
    if (!answer)
        return fromLbd(answer.error());
    return answer;
}

std::string absolute(const std::string &file)
{
    std::error_code code;
    const auto path = std::filesystem::absolute(file, code);
    return code ? file : path.lexically_normal().string();
}

std::string toText(const nlohmann::json &json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string showSeconds(double seconds)
{
    constexpr double few = 10;
    constexpr std::uint64_t minute = 60, hour = 60 * minute, day = 24 * hour;
    if (!(seconds > 0))
        return "0s";
    if (seconds < few)
        return fmt::format("{:.1f}s", seconds);
    const auto whole = static_cast<std::uint64_t>(seconds);
    if (whole < minute)
        return fmt::format("{}s", whole);
    if (whole < hour)
        return fmt::format("{}m{:02}s", whole / minute, whole % minute);
    if (whole < day)
        return fmt::format("{}h{:02}m", whole / hour, whole % hour / minute);
    return fmt::format("{}d{:02}h", whole / day, whole % day / hour);
}

std::string statusText(const nlohmann::json &status)
{
    auto text = fmt::format("lbd {} runs as process {} for {}\n", status.value("version", ""),
                            status.value("pid", 0), showSeconds(status.value("seconds", 0.0)));
    text += fmt::format("  configuration    {}, loaded {}\n", status.value("file", ""),
                        status.value("loaded", ""));
    text += fmt::format("  virtual servers  {}, {} without quorum\n",
                        status.value("virtual_servers", 0U), status.value("without_quorum", 0U));
    text += fmt::format("  servers          {} up, {} down\n", status.value("servers_up", 0U),
                        status.value("servers_down", 0U));
    if (status.contains("confirm_within"))
        text += fmt::format("  a commit is taken back in {} s unless confirmed\n",
                            status.value("confirm_within", 0));
    if (status.contains("drift")) {
        text += "somebody else has changed the director; as configured it would be by:\n";
        for (const auto &command : status["drift"])
            text += fmt::format("  lbctl {}\n", command.get<std::string>());
    }
    if (status.contains("refused"))
        text += fmt::format("the last reload was refused:\n{}\n", status.value("refused", ""));
    return text;
}

} // namespace lb::lbctl
