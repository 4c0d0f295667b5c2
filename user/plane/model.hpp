// SPDX-License-Identifier: GPL-2.0
// A configuration as a value: what a director runs, or should run. Where each part was written
// travels along, so that a refusal can name the line.
#pragma once

#include "../netlink/lb.hpp"

#include <map>
#include <string>
#include <vector>

namespace lb::plane {

struct Member {
    Endpoint endpoint{};
    Method method = Method::nat;
    Weight weight{};
    bool drain = false;
    std::size_t line = 0; // 0 when it was not read from a file
    Tunnel tunnel{};
    std::uint32_t upper = 0;
    std::uint32_t lower = 0;
    netlink::Draining draining{};

    [[nodiscard]] bool sameAs(const Member &other) const
    {
        return endpoint == other.endpoint && method == other.method && weight == other.weight &&
               drain == other.drain && tunnel == other.tunnel && upper == other.upper &&
               lower == other.lower && draining.sameAs(other.draining);
    }
};

struct Pool {
    std::string scheduler{};
    std::vector<Member> members{}; // in order of addition, which rr and wrr follow
    std::size_t line = 0;
    std::uint32_t schedulerFlags = 0; // LB_SCHED_FLAGS_*
    bool onePacket = false;
    std::uint16_t mssClamp = 0; // 0 for none, LB_MSS_CLAMP_AUTO
    netlink::Persistence persistence{};
    netlink::Timeouts timeouts{};
    std::uint32_t slowStart = 0; // seconds
    std::uint8_t orphans = LB_ORPHANS_DEFAULT;

    [[nodiscard]] bool sameAs(const Pool &other) const // but for members
    {
        return scheduler == other.scheduler && schedulerFlags == other.schedulerFlags &&
               onePacket == other.onePacket && mssClamp == other.mssClamp &&
               persistence == other.persistence && timeouts == other.timeouts &&
               slowStart == other.slowStart && orphans == other.orphans;
    }
};

struct Model {
    std::map<netlink::ServiceKey, Pool> services{};
    netlink::Settings settings{}; // those that are not given are not of interest
    std::map<std::uint16_t, std::size_t> settingLines{};
    std::uint32_t generation = 0; // that it was read at, when a director runs it
};

// What adds them; what is as for a new one unless told is not said.
netlink::ServiceSpec additionOf(const netlink::ServiceKey &key, const Pool &pool);
netlink::DestSpec additionOf(const netlink::ServiceKey &key, const Member &member);

// What the director runs now, as of one generation.
Result<Model> readModel(netlink::Director &director);

} // namespace lb::plane
