// SPDX-License-Identifier: GPL-2.0
// What is exported for Prometheus (Documentation/metrics.md): counters of the director by the
// names that exporters of IPVS and keepalived use, and what lbd knows of its servers. Taken and
// written in pieces, so that no probe waits for a scrape.
#pragma once

#include "../web/server.hpp"
#include "services.hpp"

#include <span>
#include <string_view>

namespace lb::lbd {

// What is known of lbd itself at a moment.
struct Facts {
    using Time = std::chrono::system_clock::time_point;
    Time started{};
    Time heartbeat{};
    Time loaded{};
    std::uint64_t reloadsTaken = 0;
    std::uint64_t reloadsRefused = 0;
    bool refused = false; // the last reload was
    std::uint64_t events = 0;
    std::uint64_t eventsLost = 0;
};

struct Watched {
    Services &services;
    const health::Prober &prober;
    std::function<Facts()> facts;
};

struct Family {
    std::string_view name{};
    std::string_view type{};
    std::string_view help{};
};

// All that a scrape may have, in its order.
std::vector<Family> families();

// One scrape. @watched lasts longer.
std::unique_ptr<web::Source> scrape(const Watched &watched);

} // namespace lb::lbd
