// SPDX-License-Identifier: GPL-2.0
// A virtual server while it runs: which of its servers are up, whether they are enough, and who
// stands in when not. Pure: results of probes come in, members and news go out. How a server is
// probed is for health/, who hears of the news for notify/.
#pragma once

#include "virtual.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace lb::pool {

// What happened, in its order.
struct News {
    enum class Kind : std::uint8_t {
        serverUp,
        serverDown,
        weightChanged,
        quorumGained,
        quorumLost,
        sorryIn,
        sorryOut,
    };
    Kind kind = Kind::serverUp;
    std::size_t server = 0;    // of the first three: its place in Virtual::servers
    std::uint64_t weights = 0; // of the servers that are up; of a server's news its own weight

    friend bool operator==(const News &, const News &) = default;
};

// How a server stands at the start: what a reload or another lbd has left, or nothing.
struct Known {
    bool up = true;
    std::optional<std::uint16_t> weight{}; // that a probe asked for
};

// @member while it leaves as @how says, which is not to remove it. Who is @alive and has to
// stand aside keeps its connections for as long as they last.
plane::Member leaving(plane::Member member, const config::Leaving &how, bool alive);

class Pool {
public:
    // @known has one for each server. @quorum: whether there was one; as it turns out unless
    // given.
    Pool(Virtual server, const std::vector<Known> &known, std::optional<bool> quorum = {});

    [[nodiscard]] const Virtual &server() const { return server_; }
    [[nodiscard]] bool up(std::size_t server) const { return states_.at(server).up; }
    [[nodiscard]] std::uint16_t weight(std::size_t server) const;
    [[nodiscard]] Known known(std::size_t server) const
    {
        return {states_.at(server).up, states_.at(server).weight};
    }
    [[nodiscard]] bool hasQuorum() const { return quorum_; }
    [[nodiscard]] bool sorryServes() const { return !quorum_ && server_.sorry.has_value(); }
    // What is up weighs, and what is needed for the next change of the quorum.
    [[nodiscard]] std::uint64_t weights() const { return weights_; }
    [[nodiscard]] std::uint64_t threshold() const;

    std::vector<News> set(std::size_t server, bool up);
    // What a dynamic probe asks for; nothing: as configured.
    std::vector<News> weigh(std::size_t server, std::optional<std::uint16_t> weight);

    // The service @key, one of the virtual server's, as it has to be now.
    [[nodiscard]] plane::Pool service(const netlink::ServiceKey &key) const;

private:
    struct State {
        bool up = true;
        std::optional<std::uint16_t> weight{};
    };

    void sum();
    void settle(std::vector<News> &news);

    Virtual server_;
    std::vector<State> states_{};
    std::uint64_t weights_ = 0; // of servers that are up
    bool quorum_ = true;
};

} // namespace lb::pool
