// SPDX-License-Identifier: GPL-2.0
#include "program.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace lb::lbd {

namespace {

boost::asio::awaitable<void> hold(process::Command command, process::Duration limit, Log log,
                                  std::function<void()> then)
{
    const auto name = command.words.front();
    const auto exit = co_await process::run(std::move(command), limit);
    if (!exit.good())
        log(Level::warning, fmt::format("{} {}", name, exit.why));
    then();
}

} // namespace

void runProgram(boost::asio::io_context &io, const config::Script &script, process::Duration limit,
                const std::shared_ptr<const Outside> &outside, const Log &log,
                std::function<void()> then)
{
    if (script.words.empty()) {
        boost::asio::post(io, std::move(then));
        return;
    }
    auto identity = outside->identityOf(script);
    if (!identity) {
        log(Level::warning,
            fmt::format("{} is not run: {}", script.words.front(), toString(identity.error())));
        boost::asio::post(io, std::move(then));
        return;
    }
    boost::asio::co_spawn(
        io, hold({.words = script.words, .as = std::move(*identity)}, limit, log, std::move(then)),
        boost::asio::detached);
}

} // namespace lb::lbd
