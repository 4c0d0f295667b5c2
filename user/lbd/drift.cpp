// SPDX-License-Identifier: GPL-2.0
#include "drift.hpp"

#include "../lbctl/script.hpp"

#include <cerrno>

#include <fcntl.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

// Who changes one thing changes several; it is looked once for all of them.
constexpr auto lookAfter = std::chrono::milliseconds(200);
// Whether the module is there still, and whether an announcement was missed.
constexpr auto watchEvery = std::chrono::seconds(10);
constexpr std::size_t shown = 10;

// The generation that a change made; nothing of what has none.
struct GenerationOf {
    std::optional<std::uint32_t> operator()(const auto &object) const { return object.generation; }
    std::optional<std::uint32_t> operator()(const std::monostate & /*nothing*/) const { return {}; }
    std::optional<std::uint32_t> operator()(const netlink::SyncDaemon & /*none*/) const
    {
        return {};
    }
};

std::string few(const std::vector<std::string> &commands)
{
    std::string all;
    for (std::size_t i = 0; i < commands.size() && i < shown; i++)
        all += fmt::format("{}{}", i ? "; " : "", commands[i]);
    if (commands.size() > shown)
        all += fmt::format("; and {} more", commands.size() - shown);
    return all;
}

} // namespace

Drift::Drift(boost::asio::io_context &io, plane::Keeper &keeper, Open open, Log log, Tell tell)
    : io_(io), keeper_(keeper), open_(std::move(open)), log_(std::move(log)),
      tell_(std::move(tell)), looking_(io), watching_(io)
{}

void Drift::start(config::OnDrift what)
{
    what_ = what;
    if (const auto listens = listen(); !listens)
        log_(Level::warning,
             fmt::format("changes of others are seen late only: {}", toString(listens.error())));
    watch();
}

Result<void> Drift::listen()
{
    descriptor_.reset();
    events_.reset();
    auto director = open_();
    if (!director)
        return director.error();
    if (auto joined = director->subscribe(); !joined)
        return joined;
    // A descriptor of its own, which the loop closes.
    const int fd = ::fcntl(director->fd(), F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return systemError(errno, "a descriptor for events");
    events_.emplace(std::move(*director));
    descriptor_.emplace(io_, fd);
    wait();
    return {};
}

void Drift::wait()
{
    descriptor_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                            [this](const boost::system::error_code &code) {
                                if (!code)
                                    heard();
                            });
}

void Drift::heard()
{
    bool others = false;
    const auto done = events_->events([&](const netlink::Event &event) {
        const auto generation = std::visit(GenerationOf{}, event.object);
        others = others || (generation && !keeper_.knows(*generation));
        return true;
    });
    // ENOBUFS: some were lost.
    if (!done && done.error().code != ENOBUFS) {
        log_(Level::warning,
             fmt::format("changes of others are seen late only: {}", toString(done.error())));
        return;
    }
    if (others || !done)
        lookSoon();
    wait();
}

void Drift::lookSoon()
{
    if (std::exchange(soon_, true))
        return;
    looking_.expires_after(lookAfter);
    looking_.async_wait([this](const boost::system::error_code &code) {
        soon_ = false;
        if (!code)
            look();
    });
}

void Drift::watch()
{
    watching_.expires_after(watchEvery);
    watching_.async_wait([this](const boost::system::error_code &code) {
        if (code)
            return;
        const auto info = keeper_.director().info();
        if (!info)
            reopen();
        else if (!keeper_.knows(info->generation))
            lookSoon();
        watch();
    });
}

void Drift::look()
{
    const auto steps = keeper_.drift();
    if (!steps) {
        log_(Level::error,
             fmt::format("what the director runs could not be read: {}", toString(steps.error())));
        return;
    }
    std::vector<std::string> commands;
    for (const auto &step : *steps)
        commands.push_back(lbctl::toCommand(step.change));
    if (commands == commands_)
        return;
    const bool was = !commands_.empty();
    commands_ = std::move(commands);
    if (commands_.empty()) {
        if (was)
            tell_("the director is as configured again", true);
        return;
    }
    tell_(fmt::format("somebody else has changed the director; as configured it would be by: {}",
                      few(commands_)),
          false);
    if (what_ == config::OnDrift::repair)
        repair();
}

void Drift::repair()
{
    const auto done = keeper_.repair();
    if (!done) {
        log_(Level::error, fmt::format("it could not be repaired: {}", toString(done.error())));
        return;
    }
    commands_.clear();
    tell_(fmt::format("it is repaired, by {} changes", *done), true);
}

// The module's family has another number when it is loaded anew.
void Drift::reopen()
{
    auto director = open_();
    if (!director) {
        if (!std::exchange(gone_, true))
            tell_(fmt::format("the director does not answer: {}", toString(director.error())),
                  false);
        return;
    }
    gone_ = false;
    keeper_.replace(std::move(*director));
    if (const auto listens = listen(); !listens)
        log_(Level::warning,
             fmt::format("changes of others are seen late only: {}", toString(listens.error())));
    tell_("the module was loaded anew, and gets its services again", false);
    repair();
}

} // namespace lb::lbd
