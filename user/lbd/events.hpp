// SPDX-License-Identifier: GPL-2.0
// What has happened, numbered: the last of it is kept, and told to whoever follows
// (Documentation/control.md). What goes to the log is for who tells it.
#pragma once

#include "../control/feed.hpp"
#include "../pool/pool.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace lb::lbd {

struct Event {
    enum class Kind : std::uint8_t {
        start,
        stop,
        serverUp,
        serverDown,
        weightChanged,
        quorumGained,
        quorumLost,
        sorryIn,
        sorryOut,
        reloadTaken,
        reloadRefused,
        commitTaken, // that waits to be confirmed
        commitConfirmed,
        commitRolledBack,
        driftSeen,
        driftRepaired,
        certificateEnds,
        metricsFailed,
    };
    static constexpr std::array<std::string_view, 18> names{"start",
                                                            "stop",
                                                            "server-up",
                                                            "server-down",
                                                            "weight-changed",
                                                            "quorum-gained",
                                                            "quorum-lost",
                                                            "sorry-in",
                                                            "sorry-out",
                                                            "reload-taken",
                                                            "reload-refused",
                                                            "commit-taken",
                                                            "commit-confirmed",
                                                            "commit-rolled-back",
                                                            "drift-seen",
                                                            "drift-repaired",
                                                            "certificate-ends",
                                                            "metrics-failed"};

    Kind kind = Kind::start;
    std::string virtualServer{}; // as in health; empty: of none
    std::string protocol{};
    std::string server{}; // 10.0.0.1:80; empty: of none
    std::string reason{};
    std::uint64_t number = 0; // from 1, given by Events
    std::chrono::system_clock::time_point time{};
};

std::string_view toString(Event::Kind kind);
nlohmann::json toJson(const Event &event);
// What a pool tells.
Event eventOf(const pool::Pool &pool, const pool::News &news, const std::string &why);

class Events {
public:
    using Time = std::chrono::system_clock::time_point;
    static constexpr std::size_t kept = 1000;
    // Of one who follows: what is kept, and what may come while that is read.
    static constexpr std::size_t queue = 2 * kept;

    // Its number and time are given here.
    void tell(Event event, Time now);

    [[nodiscard]] const std::deque<Event> &all() const { return events_; }
    // Of the last one; 0 when there was none.
    [[nodiscard]] std::uint64_t last() const { return last_; }
    // Those behind @number, @most of them at most. One that was never given is of another lbd,
    // before this one: all.
    [[nodiscard]] std::vector<const Event *> since(std::uint64_t number,
                                                   std::size_t most = kept) const;
    // How many behind @number are not kept any more.
    [[nodiscard]] std::uint64_t missed(std::uint64_t number) const;
    // The same, and then all that come; as long as somebody has it.
    std::shared_ptr<control::Feed> follow(std::uint64_t number, std::size_t most = kept);
    // That readers were too slow for, all together.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    std::deque<Event> events_{};
    std::uint64_t last_ = 0;
    std::uint64_t lost_ = 0;
    std::vector<std::weak_ptr<control::Feed>> feeds_{};
};

} // namespace lb::lbd
