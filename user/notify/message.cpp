// SPDX-License-Identifier: GPL-2.0
#include "message.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace lb::notify {

namespace {

// RFC 5322, 3.3, in UTC. Not by strftime(3), which would say it in the language of the place.
std::string showDate(std::chrono::system_clock::time_point time)
{
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr int epoch = 1900;
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                       months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + epoch,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

// One line, whatever was in it.
std::string header(std::string_view name, std::string value)
{
    std::ranges::replace_if(
        value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return fmt::format("{}: {}\r\n", name, value);
}

} // namespace

std::string dataOf(const Message &message)
{
    auto data = header("Date", showDate(message.written)) + header("From", message.from) +
                header("Subject", message.subject) + header("X-Mailer", "lbd") +
                header("To", fmt::format("{}", fmt::join(message.to, ", "))) + "\r\n";
    std::string_view rest = message.body;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto line = std::string(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        std::erase_if(line, [](char c) { return c == '\r' || c == '\0'; });
        // RFC 5321, 4.5.2: a line that begins with a dot gets another one.
        data += (line.starts_with('.') ? "." : "") + line + "\r\n";
    }
    return data + ".\r\n";
}

} // namespace lb::notify
