// SPDX-License-Identifier: GPL-2.0
// reload_time_file: a file says when the configuration is to be read again, so that several
// directors can do so at once.
#pragma once

#include "../base/log.hpp"
#include "../process/watch.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/system_timer.hpp>

namespace lb::lbd {

using Date = std::chrono::system_clock::time_point;

// "HH:MM:SS", "YY-MM-DD HH:MM:SS" or "YYYY-MM-DD HH:MM:SS", local time unless a Z follows: when that
// is next, seen from @now. Nothing: it is none of these, or in the past. Without a date it is today
// or tomorrow.
std::optional<Date> nextTime(std::string_view text, Date now);

class ReloadTime {
public:
    ReloadTime(boost::asio::io_context &io, Log log, std::function<void()> reload);
    ReloadTime(const ReloadTime &) = delete;
    ReloadTime &operator=(const ReloadTime &) = delete;

    // @file may be empty. With @repeat it stays when its time has come.
    void follow(const std::string &file, bool repeat);
    [[nodiscard]] std::optional<Date> next() const { return next_; }

private:
    void read();
    void fire();

    boost::asio::io_context &io_;
    Log log_;
    std::function<void()> reload_;
    std::string file_{};
    bool repeat_ = false;
    std::optional<process::Watch> watch_{};
    boost::asio::system_timer timer_;
    std::optional<Date> next_{};
};

} // namespace lb::lbd
