// SPDX-License-Identifier: GPL-2.0
// Mail to the operators, handed to the configured server one after the other. Nothing blocks, a
// server's name included. What cannot be delivered is tried again for a while; what waits is
// bounded, and what is given up is counted and told of. What the mail says is the caller's.
#pragma once

#include "../config/globals.hpp"
#include "../process/run.hpp"
#include "log.hpp"
#include "message.hpp"

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

namespace lb::notify {

class Mail {
public:
    struct Limits {
        std::size_t waiting = 1000;
        unsigned tries = 6;                                     // of one mail
        process::Duration firstDelay = std::chrono::seconds(5); // before the second try
        process::Duration mostDelay = std::chrono::minutes(10); // it doubles up to this
        process::Duration answer = std::chrono::seconds(30);    // of the server, each
    };

    // @host is this machine's name, where the configuration says none.
    Mail(boost::asio::any_io_executor executor, config::Mail settings, std::string host, Log log)
        : Mail(std::move(executor), std::move(settings), std::move(host), std::move(log), Limits{})
    {}
    Mail(boost::asio::any_io_executor executor, config::Mail settings, std::string host, Log log,
         Limits limits);
    // What waits is not sent.
    ~Mail();
    Mail(const Mail &) = delete;
    Mail &operator=(const Mail &) = delete;

    // Nothing when no server or nobody to write to is configured.
    void send(std::string subject, std::string body);
    [[nodiscard]] std::size_t waiting() const; // with the one that is being sent
    [[nodiscard]] std::size_t sent() const;
    [[nodiscard]] std::size_t dropped() const;

private:
    struct Shared;

    std::shared_ptr<Shared> shared_;
};

} // namespace lb::notify
