// SPDX-License-Identifier: GPL-2.0
#include "scripts.hpp"

#include <deque>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/core.h>

namespace lb::notify {

namespace asio = boost::asio;

// Outlives Scripts as long as a program of it runs.
struct Scripts::Shared {
    Log log{};
    Limits limits{};
    std::map<std::string, std::deque<process::Command>> waiting{}; // of things that run one
    std::size_t pending = 0;
    std::size_t dropped = 0;

    static asio::awaitable<void> work(std::shared_ptr<Shared> self, std::string thing,
                                      process::Command command)
    {
        for (;;) {
            const std::string program = command.words.empty() ? "" : command.words.front();
            const auto exit = co_await process::run(std::move(command), self->limits.time);
            self->pending--;
            if (!exit.good())
                self->log(fmt::format("{}: {}: {}", thing, program, exit.why));
            const auto next = self->waiting.find(thing);
            if (next->second.empty()) {
                self->waiting.erase(next);
                co_return;
            }
            command = std::move(next->second.front());
            next->second.pop_front();
        }
    }
};

Scripts::Scripts(asio::any_io_executor executor, Log log, Limits limits)
    : executor_(std::move(executor)), shared_(std::make_shared<Shared>())
{
    shared_->log = std::move(log);
    shared_->limits = limits;
}

Scripts::~Scripts()
{
    for (auto &[thing, commands] : shared_->waiting) {
        shared_->pending -= commands.size();
        commands.clear();
    }
}

void Scripts::run(const std::string &thing, process::Command command)
{
    const auto [waiting, idle] = shared_->waiting.try_emplace(thing);
    if (idle) {
        shared_->pending++;
        asio::co_spawn(executor_, Shared::work(shared_, thing, std::move(command)), asio::detached);
    } else if (waiting->second.size() < shared_->limits.waiting) {
        shared_->pending++;
        waiting->second.push_back(std::move(command));
    } else {
        shared_->dropped++;
        shared_->log(fmt::format("{}: {} was not run: {} wait already", thing,
                                 command.words.empty() ? "a program" : command.words.front(),
                                 waiting->second.size()));
    }
}

std::size_t Scripts::pending() const
{
    return shared_->pending;
}

std::size_t Scripts::dropped() const
{
    return shared_->dropped;
}

} // namespace lb::notify
