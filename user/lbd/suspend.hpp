// SPDX-License-Identifier: GPL-2.0
// ha_suspend: whoever does not have a virtual server's address does not probe its servers. Their
// state stays what it was; a server is probed at once when the address comes.
#pragma once

#include "../base/log.hpp"
#include "../health/prober.hpp"
#include "../host/addresses.hpp"
#include "services.hpp"

#include <memory>
#include <set>
#include <string>

namespace lb::lbd {

class Suspend {
public:
    Suspend(boost::asio::io_context &io, const Services &services, health::Prober &prober, Log log)
        : io_(io), services_(services), prober_(prober), log_(std::move(log))
    {}
    Suspend(const Suspend &) = delete;
    Suspend &operator=(const Suspend &) = delete;

    // After the services were made, or made anew.
    void follow();

private:
    [[nodiscard]] bool here(const pool::Virtual &server) const;

    boost::asio::io_context &io_;
    const Services &services_;
    health::Prober &prober_;
    Log log_;
    std::unique_ptr<host::AddressWatch> watch_{}; // there when it was needed once
    std::set<std::string> suspended_{};           // names of virtual servers
};

} // namespace lb::lbd
