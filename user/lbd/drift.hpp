// SPDX-License-Identifier: GPL-2.0
// What somebody else changes on the director while lbd runs, as with ipvsadm: it is noticed,
// told, and left or repaired (on_drift). Drains by hand are no drift. A module that was loaded
// anew is given everything again.
#pragma once

#include "../base/log.hpp"
#include "../config/globals.hpp"
#include "../plane/keeper.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace lb::lbd {

class Drift {
public:
    // Is told in one sentence what was seen, or what was done about it.
    using Tell = std::function<void(const std::string &what, bool repaired)>;
    using Open = std::function<Result<netlink::Director>()>;

    // @open opens another director of the keeper's namespace.
    Drift(boost::asio::io_context &io, plane::Keeper &keeper, Open open, Log log, Tell tell);
    Drift(const Drift &) = delete;
    Drift &operator=(const Drift &) = delete;

    void start(config::OnDrift what);
    void set(config::OnDrift what) { what_ = what; }
    // What we change ourselves may end it.
    void lookSoon();

    // What would have to be done, as lbctl's commands; empty when all is as configured.
    [[nodiscard]] const std::vector<std::string> &commands() const { return commands_; }

private:
    Result<void> listen();
    void wait();
    void heard();
    void watch();
    void look();
    void repair();
    void reopen();

    boost::asio::io_context &io_;
    plane::Keeper &keeper_;
    Open open_;
    Log log_;
    Tell tell_;
    config::OnDrift what_ = config::OnDrift::leave;
    std::optional<netlink::Director> events_{};
    std::optional<boost::asio::posix::stream_descriptor> descriptor_{}; // of events_
    boost::asio::steady_timer looking_;
    boost::asio::steady_timer watching_;
    std::vector<std::string> commands_{};
    bool soon_ = false; // it is looked soon
    bool gone_ = false; // the module is
};

} // namespace lb::lbd
