// SPDX-License-Identifier: GPL-2.0
// The virtual servers that run: probes feed their pools (pool/), and what the pools say is brought
// to the director (plane/). What becomes of a reload is decided here, as a whole or not at all.
#pragma once

#include "../base/log.hpp"
#include "../health/prober.hpp"
#include "../plane/keeper.hpp"
#include "../pool/leavers.hpp"
#include "../pool/pool.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace lb::lbd {

// Hears what becomes of the servers: logs, scripts, mail.
using Listener =
    std::function<void(const pool::Pool &, const pool::News &, const std::string &why)>;

class Services {
public:
    using ProbeId = health::Prober::Id;
    struct Server {
        std::vector<ProbeId> probes{};
        std::string why{}; // it is as it is
    };
    struct Running {
        pool::Pool pool;
        std::vector<Server> servers{}; // as pool's
    };
    struct Change {
        std::size_t services = 0; // that are there now
        std::size_t steps = 0;    // that it took
    };

    Services(boost::asio::io_context &io, netlink::Director director, health::Prober &prober,
             Log log, Listener listener);

    // Takes over what runs already; what of @owned is not wanted any more goes.
    Result<Change> start(const config::Model &model, const std::set<netlink::ServiceKey> &owned);
    // Nothing has changed when it is refused.
    Result<Change> reload(const config::Model &model);
    // What a reload of @model would do.
    std::vector<plane::Step> difference(const config::Model &model);
    // Removes the services from the director.
    Result<void> flush();

    // What a probe has found, from Prober's callbacks.
    void changed(ProbeId id, const health::Verdict &verdict);
    void weigh(ProbeId id, std::optional<std::uint16_t> weight);

    [[nodiscard]] const std::vector<std::unique_ptr<Running>> &all() const { return running_; }
    // How often all() became others.
    [[nodiscard]] std::uint64_t reloads() const { return reloads_; }
    plane::Keeper &keeper() { return keeper_; }

private:
    struct User { // of a probe
        Running *running = nullptr;
        std::size_t server = 0;
    };
    using Clock = std::chrono::steady_clock;
    using All = std::vector<std::unique_ptr<Running>>;

    All makeAll(const config::Model &model, const plane::Model *director);
    std::unique_ptr<Running> make(pool::Virtual server, const config::Globals &globals,
                                  const plane::Model *director);
    [[nodiscard]] bool isUp(ProbeId id) const;
    [[nodiscard]] bool good(const Running &running, std::size_t server) const;
    void removeProbes(const All &all);
    void replace(All all, pool::Leavers leavers);
    static plane::Model wanted(const All &all, const config::Globals &globals);
    [[nodiscard]] plane::Pool serviceOf(const Running &running,
                                        const netlink::ServiceKey &key) const;
    [[nodiscard]] pool::Leavers leaversTo(const plane::Model &next) const;
    void settle();

    void tell(Running &running, const std::vector<pool::News> &news, const std::string &why);
    void bring();

    boost::asio::io_context &io_;
    plane::Keeper keeper_;
    health::Prober &prober_;
    Log log_;
    Listener listener_;
    All running_{};
    std::uint64_t reloads_ = 0;
    std::map<std::string, Running *> byName_{};
    std::multimap<ProbeId, User> users_{};
    std::set<Running *> dirty_{}; // whose services differ from the director's
    bool bringing_ = false;       // is on its way
    boost::asio::steady_timer retry_;
    pool::Leavers leavers_{}; // that drain before they go
    boost::asio::steady_timer settling_;
};

} // namespace lb::lbd
