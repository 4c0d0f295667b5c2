// SPDX-License-Identifier: GPL-2.0
// Programs that are told of a change: for each thing one after the other, in the order of what
// happened; those of different things side by side. What they are and as whom, is the caller's.
#pragma once

#include "../process/run.hpp"
#include "log.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

namespace lb::notify {

class Scripts {
public:
    struct Limits {
        process::Duration time = std::chrono::minutes(5); // of one program
        std::size_t waiting = 1000;                       // of one thing
    };

    Scripts(boost::asio::any_io_executor executor, Log log)
        : Scripts(std::move(executor), std::move(log), Limits{})
    {}
    Scripts(boost::asio::any_io_executor executor, Log log, Limits limits);
    // What runs goes on to its end, what waits is not run.
    ~Scripts();
    Scripts(const Scripts &) = delete;
    Scripts &operator=(const Scripts &) = delete;

    // @thing is what the order is kept for: "[192.0.2.1]:tcp:80".
    void run(const std::string &thing, process::Command command);
    // Of all things; running and waiting.
    [[nodiscard]] std::size_t pending() const;
    [[nodiscard]] std::size_t dropped() const;

private:
    struct Shared;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Shared> shared_;
};

} // namespace lb::notify
