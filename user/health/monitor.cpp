// SPDX-License-Identifier: GPL-2.0
#include "monitor.hpp"

#include <algorithm>

namespace lb::health {

std::string_view toString(State state)
{
    constexpr std::string_view names[] = {"unknown", "checking", "up", "down"};
    return names[static_cast<std::size_t>(state)];
}

Monitor::Monitor(Pace pace, std::optional<bool> known, Time now, std::function<double()> random)
    : pace_(pace), random_(std::move(random)), up_(known)
{
    record_.state = !up_ ? State::unknown : *up_ ? State::up : State::down;
    record_.since = now;
    record_.lastAt = now;
    record_.took = std::chrono::duration_cast<Duration>(now - begun_);
    record_.due = now + randomUpTo(pace_.warmup);
    record_.attempts = 1 + (up_ == true ? pace_.retries : 0);
}

Duration Monitor::randomUpTo(Duration most) const
{
    return most <= Duration{} ? Duration{} : std::chrono::duration_cast<Duration>(most * random_());
}

void Monitor::started(Time now)
{
    const auto late = std::chrono::duration_cast<Duration>(now - record_.due);
    record_.worstLateness = std::max(record_.worstLateness, late);
    begun_ = now;
}

void Monitor::setState(State state, Time now)
{
    if (record_.state == state)
        return;
    record_.state = state;
    record_.since = now;
}

Transition Monitor::become(bool up, const Verdict &verdict, Time now)
{
    up_ = up;
    record_.history.push_back({.at = now, .up = up, .why = verdict.why});
    if (record_.history.size() > historyLength)
        record_.history.pop_front();
    return record_.history.back();
}

std::optional<Transition> Monitor::on(const Verdict &verdict, Time now)
{
    std::optional<Transition> transition;
    bool again = false;

    record_.last = verdict;
    record_.lastAt = now;
    record_.took = std::chrono::duration_cast<Duration>(now - begun_);
    if (verdict.inconclusive) {
        record_.inconclusive++;
        record_.due = now + pace_.interval;
        return {};
    }
    (verdict.good ? record_.good : record_.failed)++;
    if (verdict.good) {
        if (up_ != true)
            transition = become(true, verdict, now);
        setState(State::up, now);
    } else if (up_ == true && record_.attempt <= pace_.retries) {
        again = true;
        setState(State::checking, now);
    } else {
        if (up_ != false)
            transition = become(false, verdict, now);
        setState(State::down, now);
    }
    record_.attempt = again ? record_.attempt + 1 : 1;
    record_.attempts = 1 + (up_ == true ? pace_.retries : 0);
    record_.due = now + (again ? pace_.retryDelay : pace_.interval + randomUpTo(pace_.jitter));
    return transition;
}

void Monitor::resume(Time now)
{
    record_.due = now + randomUpTo(pace_.warmup);
}

} // namespace lb::health
