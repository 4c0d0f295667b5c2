// SPDX-License-Identifier: GPL-2.0
#include "suspend.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::lbd {

// A firewall mark is of no address, and is always here.
bool Suspend::here(const pool::Virtual &server) const
{
    return std::ranges::any_of(server.keys, [&](const netlink::ServiceKey &key) {
        return key.fwmark != 0 || watch_->has(key.endpoint.ip);
    });
}

void Suspend::follow()
{
    const auto asks = [](const auto &running) { return running->pool.server().config.haSuspend; };
    if (std::ranges::none_of(services_.all(), asks)) {
        suspended_.clear();
        watch_.reset();
        return;
    }
    if (!watch_) {
        auto watch = host::AddressWatch::start(io_, [this](const Ip &, bool) { follow(); });
        if (!watch) {
            log_(Level::error, fmt::format("ha_suspend does nothing, all servers are probed: {}",
                                           toString(watch.error())));
            return;
        }
        watch_ = std::move(*watch);
    }
    std::set<std::string> suspended;
    for (const auto &running : services_.all()) {
        const auto &server = running->pool.server();
        const bool probes = !server.config.haSuspend || here(server);
        for (const auto &real : running->servers)
            for (const auto id : real.probes)
                if (prober_.paused(id) == probes)
                    probes ? prober_.resume(id) : prober_.pause(id);
        if (!probes)
            suspended.insert(server.name);
        if (probes == suspended_.contains(server.name) && probes)
            log_(Level::notice, fmt::format("virtual server {}: its address is here, its servers "
                                            "are probed",
                                            server.name));
        else if (!probes && !suspended_.contains(server.name))
            log_(Level::notice, fmt::format("virtual server {}: its address is elsewhere, its "
                                            "servers are not probed (ha_suspend)",
                                            server.name));
    }
    suspended_ = std::move(suspended);
}

} // namespace lb::lbd
