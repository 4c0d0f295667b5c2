// SPDX-License-Identifier: GPL-2.0
#include "reload_time.hpp"

#include <array>
#include <cerrno>
#include <ctime>

#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lb::lbd {

namespace {

constexpr std::size_t longest = 64; // bytes of the file that are read
constexpr std::size_t timeLength = 8;
constexpr int century = 100, firstYear = 1900, thisCentury = 2000;

// @text is as @shape, where 9 is any digit.
bool shaped(std::string_view text, std::string_view shape)
{
    if (text.size() != shape.size())
        return false;
    for (std::size_t i = 0; i < text.size(); i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '9' ? !digit : text[i] != shape[i])
            return false;
    }
    return true;
}

int two(std::string_view text, std::size_t at)
{
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

std::time_t secondsOf(std::tm fields, bool utc)
{
    fields.tm_isdst = -1;
    return utc ? ::timegm(&fields) : std::mktime(&fields);
}

} // namespace

std::optional<Date> nextTime(std::string_view text, Date now)
{
    const bool utc = text.ends_with('Z');
    if (utc)
        text.remove_suffix(1);
    if (text.size() < timeLength)
        return {};
    const auto clock = text.substr(text.size() - timeLength);
    const auto date = text.substr(0, text.size() - timeLength);
    if (!shaped(clock, "99:99:99"))
        return {};
    const auto current = std::chrono::system_clock::to_time_t(now);
    std::tm fields{};
    if (utc)
        ::gmtime_r(&current, &fields);
    else
        ::localtime_r(&current, &fields);
    if (shaped(date, "99-99-99 ")) {
        fields.tm_year = thisCentury + two(date, 0) - firstYear;
    } else if (shaped(date, "9999-99-99 ")) {
        fields.tm_year = two(date, 0) * century + two(date, 2) - firstYear;
    } else if (!date.empty()) {
        return {};
    }
    if (!date.empty()) {
        const auto rest = date.substr(date.size() - sizeof("99-99 ") + 1);
        fields.tm_mon = two(rest, 0) - 1;
        fields.tm_mday = two(rest, 3);
    }
    fields.tm_hour = two(clock, 0);
    fields.tm_min = two(clock, 3);
    fields.tm_sec = two(clock, 6);
    constexpr int lastMonth = 11, lastDay = 31, lastHour = 23, last = 59;
    if (fields.tm_mon < 0 || fields.tm_mon > lastMonth || fields.tm_mday < 1 ||
        fields.tm_mday > lastDay || fields.tm_hour > lastHour || fields.tm_min > last ||
        fields.tm_sec > last)
        return {};
    auto seconds = secondsOf(fields, utc);
    if (seconds <= current) {
        if (!date.empty())
            return {};
        fields.tm_mday++;
        seconds = secondsOf(fields, utc);
    }
    return std::chrono::system_clock::from_time_t(seconds);
}

ReloadTime::ReloadTime(boost::asio::io_context &io, Log log, std::function<void()> reload)
    : io_(io), log_(std::move(log)), reload_(std::move(reload)), timer_(io)
{}

void ReloadTime::follow(const std::string &file, bool repeat)
{
    repeat_ = repeat;
    if (file == file_)
        return;
    file_ = file;
    watch_.reset();
    timer_.cancel();
    next_.reset();
    if (file_.empty())
        return;
    auto watch = process::Watch::open(io_.get_executor(), [this](const std::string &) { read(); });
    if (!watch) {
        log_(Level::error, fmt::format("reload_time_file: {}", toString(watch.error())));
        return;
    }
    watch_.emplace(std::move(*watch));
    watch_->add(file_);
    read();
}

void ReloadTime::read()
{
    timer_.cancel();
    const auto before = std::exchange(next_, std::nullopt);
    const auto text = process::readStart(file_, longest);
    if (!text) {
        if (before)
            log_(Level::notice, fmt::format("{} is gone, there is no reload", file_));
        return;
    }
    next_ = nextTime(std::string_view(*text).substr(0, text->find('\n')),
                     std::chrono::system_clock::now());
    if (!next_) {
        log_(Level::warning,
             fmt::format(
                 "{} has no time in the future in its first line: [[YY]YY-MM-DD ]HH:MM:SS[Z]",
                 file_));
        return;
    }
    if (next_ != before)
        log_(Level::notice,
             fmt::format("the configuration is read again at {:%FT%TZ}, as {} says",
                         fmt::gmtime(std::chrono::system_clock::to_time_t(*next_)), file_));
    timer_.expires_at(*next_);
    timer_.async_wait([this](const boost::system::error_code &code) {
        if (!code)
            fire();
    });
}

void ReloadTime::fire()
{
    next_.reset();
    if (!repeat_ && ::unlink(file_.c_str()) != 0 && errno != ENOENT)
        log_(Level::warning, toString(systemError(errno, file_)));
    const auto file = file_;
    reload_();
    // What was reloaded may name another.
    if (repeat_ && file == file_)
        read();
}

} // namespace lb::lbd
