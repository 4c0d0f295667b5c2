// SPDX-License-Identifier: GPL-2.0
// A virtual server of a configuration with everything it leaves open filled in as keepalived does:
// the services it stands for, and the destinations that its servers are when they are up. Which
// of them are up is for pool.hpp, how that is found out for health/.
#pragma once

#include "../config/model.hpp"
#include "../plane/model.hpp"

namespace lb::pool {

struct Server {
    plane::Member member{};     // as in the service of Virtual::keys.front()
    bool portOfService = false; // in others its port is theirs
    config::Leaving whenDown{}; // what becomes of it when it is not to be used
    config::Leaving whenRemoved = config::usualRemoval; // from the configuration

    friend bool operator==(const Server &a, const Server &b)
    {
        return a.member.sameAs(b.member) && a.portOfService == b.portOfService &&
               a.whenDown == b.whenDown && a.whenRemoved == b.whenRemoved;
    }
};

struct Virtual {
    std::string name{}; // "192.0.2.1 80", "fwmark 5", "group web": as in the file
    Protocol protocol = Protocol::tcp;
    std::vector<netlink::ServiceKey> keys{}; // never empty, each once
    plane::Pool policy{};                    // without members
    std::vector<Server> servers{};           // in the order of config.realServers
    std::optional<Server> sorry{};
    std::uint32_t quorum = 1;     // of the weights of servers that are up
    std::uint32_t hysteresis = 0; // below quorum
    config::VirtualServer config{};
};

// @server as a destination of the service @key.
plane::Member memberOf(const Server &server, const netlink::ServiceKey &key);

// The service @key of @server, but for its members.
plane::Pool policyOf(const Virtual &server, const netlink::ServiceKey &key);

// All of a model that passed its checks (config/check.hpp), in the order of the file.
std::vector<Virtual> virtualsOf(const config::Model &model);

} // namespace lb::pool
