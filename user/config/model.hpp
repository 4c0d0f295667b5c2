// SPDX-License-Identifier: GPL-2.0
// A whole configuration as a value. Two of them are equal when they ask for the same, wherever
// it was written.
#pragma once

#include "globals.hpp"
#include "virtual_server.hpp"
#include "vrrp.hpp"

namespace lb::config {

struct TrackGroup {
    std::string name{};
    std::vector<std::string> instances{};
    Where where{};

    friend bool operator==(const TrackGroup &, const TrackGroup &) = default;
};

// How long an interface has to be down, or up, before that counts.
struct InterfaceDelay {
    std::string interface {};
    Duration down{};
    Duration up{};

    friend bool operator==(const InterfaceDelay &, const InterfaceDelay &) = default;
};

struct GarpGroup {
    std::optional<Duration> garpInterval{};
    std::optional<Duration> gnaInterval{};
    std::vector<std::string> interfaces{};
    Where where{};

    friend bool operator==(const GarpGroup &, const GarpGroup &) = default;
};

// Of SSL_GET, towards servers that ask for a certificate.
struct Tls {
    std::string password{};
    std::string authority{};
    std::string certificate{};
    std::string key{};

    friend bool operator==(const Tls &, const Tls &) = default;
};

struct Model {
    Globals globals{};
    std::vector<VirtualServerGroup> groups{};
    std::vector<VirtualServer> virtualServers{};
    std::optional<Tls> tls{};
    std::vector<VrrpInstance> instances{};
    std::vector<SyncGroup> syncGroups{};
    std::vector<VrrpScript> scripts{};
    std::vector<TrackFile> files{};
    std::vector<TrackProcess> processes{};
    std::vector<TrackGroup> trackGroups{};
    std::vector<GarpGroup> garpGroups{};
    std::vector<InterfaceDelay> interfaceDelays{};
    std::vector<Address> staticAddresses{};
    std::vector<RouteWords> staticRoutes{};
    std::vector<RouteWords> staticRules{};

    friend bool operator==(const Model &, const Model &) = default;
};

// What the tree says, word by word. What is refused is reported, and not in the model.
Model modelOf(const Tree &tree, const Report &report);

} // namespace lb::config
