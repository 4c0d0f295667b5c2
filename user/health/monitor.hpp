// SPDX-License-Identifier: GPL-2.0
// One probe's verdicts become a server's state: when to ask next, and when what was seen is
// believed. No clock and no socket: time is an argument. As keepalived 2.2.7 decides: a server
// that is up is called down after 1 + retries failures, and up by one success; the first
// failure of one that was never asked is final.
#pragma once

#include "job.hpp"
#include "verdict.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>

namespace lb::health {

using Time = std::chrono::steady_clock::time_point;

// checking: was up, has failed, and is asked again before that is believed.
enum class State : std::uint8_t { unknown, checking, up, down };

std::string_view toString(State state);

struct Transition {
    Time at{};
    bool up = false;
    std::string why{};
};

// What `lbctl health` shows.
struct Record {
    State state = State::unknown;
    std::optional<Verdict> last{};
    Time lastAt{};              // of the last verdict
    Duration took{};            // the attempt that it ended
    Time since{};               // in this state
    Time due{};                 // the next attempt, or the one that is running
    std::uint32_t attempt = 1;  // the next is this one...
    std::uint32_t attempts = 1; // ...of so many
    std::uint64_t good = 0;
    std::uint64_t failed = 0;
    std::uint64_t inconclusive = 0;
    Duration worstLateness{};
    std::deque<Transition> history{}; // the oldest first
};

class Monitor {
public:
    static constexpr std::size_t historyLength = 16;

    // @known is a state carried over: it stands until it is shown wrong, and nothing warms up but
    // the time of the first probe.
    // @random gives 0 <= x < 1.
    Monitor(Pace pace, std::optional<bool> known, Time now, std::function<double()> random);

    [[nodiscard]] Time due() const { return record_.due; }
    // An attempt that was due begins.
    void started(Time now);
    // Set when the server becomes up or down, or is known for the first time.
    std::optional<Transition> on(const Verdict &verdict, Time now);
    // Asked no more, and then again: what is known stays; an attempt that was cut off counts not.
    void resume(Time now);

    // Whether the server counts as up; one that was never asked does unless it starts down.
    [[nodiscard]] bool serves() const { return up_.value_or(!pace_.startsDown); }
    // Whether it is up, as far as that was seen.
    [[nodiscard]] std::optional<bool> up() const { return up_; }
    [[nodiscard]] const Record &record() const { return record_; }

private:
    Transition become(bool up, const Verdict &verdict, Time now);
    void setState(State state, Time now);
    [[nodiscard]] Duration randomUpTo(Duration most) const;

    Pace pace_;
    std::function<double()> random_;
    std::optional<bool> up_;
    Time begun_{}; // of the last attempt
    Record record_{};
};

} // namespace lb::health
