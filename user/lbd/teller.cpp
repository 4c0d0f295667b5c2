// SPDX-License-Identifier: GPL-2.0
#include "teller.hpp"

#include <array>

#include <unistd.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

using notify::State;

std::string hostName()
{
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

notify::Log asWarning(const Log &log)
{
    return [log](const std::string &line) { log(Level::warning, line); };
}

} // namespace

Teller::Teller(const boost::asio::any_io_executor &executor, const config::Globals &globals,
               std::shared_ptr<const Outside> outside, Log log)
    : outside_(std::move(outside)), log_(std::move(log)),
      routerId_(globals.routerId.empty() ? hostName() : globals.routerId),
      mailByDefault_(globals.mail.alertChecker ? globals.mail.alertChecker : globals.mail.alertAll),
      fifo_(open(executor, globals.fifo)), lvsFifo_(open(executor, globals.lvsFifo)),
      scripts_(executor, asWarning(log_)),
      mail_(executor, globals.mail, hostName(), asWarning(log_))
{}

std::unique_ptr<notify::Fifo> Teller::open(const boost::asio::any_io_executor &executor,
                                           const config::Fifo &fifo)
{
    if (fifo.path.empty())
        return {};
    notify::Fifo::Options options{.path = fifo.path};
    if (!fifo.user.empty()) {
        auto owner = process::identityOf(fifo.user, fifo.group);
        if (owner)
            options.owner = std::move(*owner);
        else
            log_(Level::warning, fmt::format("{}: {}", fifo.path, toString(owner.error())));
    }
    if (!fifo.script.words.empty()) {
        auto reader = outside_->identityOf(fifo.script);
        if (reader)
            options.reader = process::Command{.words = fifo.script.words, .as = std::move(*reader)};
        else
            log_(Level::warning, fmt::format("{}: {}", fifo.path, toString(reader.error())));
    }
    auto made = std::make_unique<notify::Fifo>(executor, std::move(options), asWarning(log_));
    if (const auto opened = made->open(); !opened)
        log_(Level::warning, toString(opened.error()));
    return made;
}

void Teller::write(const std::string &line)
{
    if (fifo_)
        fifo_->write(line);
    if (lvsFifo_)
        lvsFifo_->write(line);
}

void Teller::run(const std::string &thing, const config::Script &script)
{
    if (script.words.empty())
        return;
    auto identity = outside_->identityOf(script);
    if (!identity) {
        log_(Level::warning,
             fmt::format("{} is not run: {}", script.words.front(), toString(identity.error())));
        return;
    }
    scripts_.run(thing, {.words = script.words, .as = std::move(*identity)});
}

// keepalived mails of servers unless it is told not to.
bool Teller::mails(const std::optional<bool> &own) const
{
    return own.value_or(mailByDefault_.value_or(true));
}

void Teller::tellServer(const pool::Pool &pool, std::size_t server, State state,
                        const std::string &why)
{
    const auto &config = pool.server().config;
    const auto &real = config.realServers[server];
    write(notify::realLine(config, real, state));
    run(notify::showVirtual(config) + ' ' + notify::showReal(config, real),
        state == State::up ? real.notifyUp : real.notifyDown);
    if (mails(real.smtpAlert ? real.smtpAlert : config.smtpAlert))
        mail_.send(notify::realSubject(routerId_, config, real, state),
                   fmt::format("=> {} <=\n", why));
}

void Teller::tellQuorum(const pool::Pool &pool, State state)
{
    const auto &config = pool.server().config;
    write(notify::virtualLine(config, state));
    run(notify::showVirtual(config), state == State::up ? config.quorumUp : config.quorumDown);
    if (mails(config.smtpAlert))
        mail_.send(notify::virtualSubject(routerId_, config, state),
                   fmt::format("=> weight {} is up, the quorum is {} <=\n", pool.weights(),
                               pool.server().quorum));
}

void Teller::tell(const pool::Pool &pool, const pool::News &news, const std::string &why)
{
    using enum pool::News::Kind;
    log(pool, news, why);
    switch (news.kind) {
    case serverUp:
    case serverDown:
        tellServer(pool, news.server, news.kind == serverUp ? State::up : State::down, why);
        break;
    case quorumGained:
    case quorumLost:
        tellQuorum(pool, news.kind == quorumGained ? State::up : State::down);
        break;
    case weightChanged:
    case sorryIn:
    case sorryOut:
        break;
    }
}

std::optional<std::string> Teller::tellCertificate(const health::Job &job,
                                                   health::Certificates::Time ends)
{
    const auto news = certificates_.on(job, ends, std::chrono::system_clock::now());
    if (!news)
        return {};
    log_(news->good ? Level::notice : Level::warning, news->line);
    return news->line;
}

void Teller::tellStart(const pool::Pool &pool)
{
    for (std::size_t i = 0; i < pool.server().servers.size(); i++)
        tellServer(pool, i, pool.up(i) ? State::up : State::down, "as it is at the start");
    tellQuorum(pool, pool.hasQuorum() ? State::up : State::down);
}

void Teller::tellEnd(const pool::Pool &pool)
{
    for (std::size_t i = 0; i < pool.server().servers.size(); i++)
        if (pool.up(i))
            tellServer(pool, i, State::down, "lbd ends");
    if (pool.hasQuorum())
        tellQuorum(pool, State::down);
}

void Teller::log(const pool::Pool &pool, const pool::News &news, const std::string &why) const
{
    using enum pool::News::Kind;
    const auto &server = pool.server();
    const auto service = fmt::format("virtual server {}", server.name);
    const auto destination = [&] { return toString(server.servers[news.server].member.endpoint); };
    switch (news.kind) {
    case serverUp:
        log_(Level::notice, fmt::format("{}: server {} is up, with weight {}: {}", service,
                                        destination(), news.weights, why));
        break;
    case serverDown:
        log_(Level::warning, fmt::format("{}: server {} is down: {}", service, destination(), why));
        break;
    case weightChanged:
        log_(Level::notice, fmt::format("{}: server {} has weight {} now: {}", service,
                                        destination(), news.weights, why));
        break;
    case quorumGained:
        log_(Level::notice, fmt::format("{}: servers of weight {} are up, which are enough",
                                        service, news.weights));
        break;
    case quorumLost:
        log_(Level::warning, fmt::format("{}: servers of weight {} are up, which is below {}",
                                         service, news.weights, server.quorum - server.hysteresis));
        break;
    case sorryIn:
        log_(Level::warning, fmt::format("{}: the sorry server {} serves", service,
                                         toString(server.sorry->member.endpoint)));
        break;
    case sorryOut:
        log_(Level::notice, fmt::format("{}: the sorry server {} has done", service,
                                        toString(server.sorry->member.endpoint)));
        break;
    }
}

} // namespace lb::lbd
