// SPDX-License-Identifier: GPL-2.0
// One lbd while it runs: puts its parts together and answers what it is asked over its socket.
#pragma once

#include "../control/server.hpp"
#include "../web/server.hpp"
#include "drift.hpp"
#include "events.hpp"
#include "folder.hpp"
#include "metrics.hpp"
#include "options.hpp"
#include "reload_time.hpp"
#include "services.hpp"
#include "supervisor.hpp"
#include "suspend.hpp"
#include "teller.hpp"

#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

namespace lb::lbd {

class Daemon {
public:
    // @loaded is what options.file said, and good. Everything is up when it returns.
    static Result<std::unique_ptr<Daemon>> start(boost::asio::io_context &io, Options options,
                                                 Loaded loaded, Folder folder, Log log);
    // The same with a director that is there.
    static Result<std::unique_ptr<Daemon>> start(boost::asio::io_context &io, Options options,
                                                 Loaded loaded, Folder folder, Log log,
                                                 netlink::Director director);
    Daemon(boost::asio::io_context &io, Options options, Loaded loaded, Folder folder,
           netlink::Director director, health::Tls tls, Log log);
    Daemon(const Daemon &) = delete;
    Daemon &operator=(const Daemon &) = delete;

    // From the file; or from @file, to be taken back unless confirmed within @confirm seconds.
    nlohmann::json reload();
    nlohmann::json commit(const std::string &file, std::uint32_t confirm);

    // For those who follow; what is for the log goes there besides.
    void tell(Event event) { events_.tell(std::move(event), std::chrono::system_clock::now()); }

private:
    using Clock = std::chrono::steady_clock;

    Result<void> begin();
    void stop();
    void waitForSignals();
    control::Answer answer(const nlohmann::json &request, const control::Peer &peer);
    control::Answer events(const nlohmann::json &request);
    nlohmann::json change(const std::string &what, const nlohmann::json &request);
    nlohmann::json status() const;
    nlohmann::json health() const;
    nlohmann::json difference(const std::string &file);
    nlohmann::json confirm();
    // @kind: what it is when it is taken.
    // @begun: when somebody asked for it.
    nlohmann::json takeOver(Loaded loaded, std::string_view from, Event::Kind kind,
                            Clock::time_point begun);
    void rollBack();
    void remember();
    void follow(const config::Globals *before);
    void followGlobals(const config::Globals &before);
    void tellDrift(const std::string &what, bool repaired);
    Facts facts() const;
    std::vector<web::Page> pages();
    void serveMetrics();
    void beat();
    void feedWatchdog(std::chrono::microseconds interval);
    [[nodiscard]] std::string summary() const;

    boost::asio::io_context &io_;
    Options options_;
    Loaded loaded_; // what runs
    Folder folder_;
    Log log_;
    Events events_{};
    Supervisor supervisor_{};
    std::shared_ptr<const Outside> outside_; // of what runs, as is the teller
    std::unique_ptr<Teller> teller_{};
    health::Prober prober_;
    Services services_;
    Drift drift_;
    Suspend suspend_;
    ReloadTime reloadTime_;
    boost::asio::signal_set signals_;
    std::optional<control::Server> server_{};
    Clock::time_point started_ = Clock::now();
    std::chrono::system_clock::time_point loadedAt_ = std::chrono::system_clock::now();
    std::string lastRefusal_{}; // of the last reload, when it was refused
    // A commit that waits to be confirmed: what ran before.
    std::unique_ptr<Loaded> before_{};
    boost::asio::steady_timer confirmation_;
    std::uint64_t reloadsTaken_ = 0;
    std::uint64_t reloadsRefused_ = 0;
    boost::asio::steady_timer heart_;
    std::chrono::system_clock::time_point heartbeat_ = std::chrono::system_clock::now();
    boost::asio::steady_timer watchdog_;
    std::optional<web::Server> metricsSocket_{};
    std::optional<web::Server> metrics_{};
    bool metricsFailed_ = false; // and that was told
    Clock::time_point metricsTried_{};
};

} // namespace lb::lbd
