// SPDX-License-Identifier: GPL-2.0
// Lines for one who follows: as many as fit are kept until they are read, of the others it is
// told how many they were. Who writes never waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace lb::control {

class Feed {
public:
    explicit Feed(std::size_t most) : most_(most) {}

    // Calls whoever waits for it. False: it is lost, and so are those that follow until the
    // reader has caught up.
    bool write(std::string line)
    {
        const bool fits = lost_ == 0 && lines_.size() < most_;
        if (fits)
            lines_.push_back(std::move(line));
        else
            lost_++;
        if (wake_)
            wake_();
        return fits;
    }
    // The next line: of those that were lost, the one that @tellLoss makes of their number, where
    // they would have been.
    template <typename Tell>
    std::optional<std::string> read(const Tell &tellLoss)
    {
        if (lines_.empty() && lost_ == 0)
            return {};
        if (lines_.empty())
            return tellLoss(std::exchange(lost_, 0));
        auto line = std::move(lines_.front());
        lines_.pop_front();
        return line;
    }
    // @wake is called at every line until it is replaced.
    void onLine(std::function<void()> wake) { wake_ = std::move(wake); }

private:
    std::size_t most_;
    std::deque<std::string> lines_{};
    std::uint64_t lost_ = 0;
    std::function<void()> wake_{};
};

} // namespace lb::control
