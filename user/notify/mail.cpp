// SPDX-License-Identifier: GPL-2.0
#include "mail.hpp"

#include "smtp.hpp"

#include <algorithm>
#include <deque>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

namespace lb::notify {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t longestLine = 4096; // of an answer; RFC 5321, 4.5.3.1.5 allows 512
constexpr int forEver = 500;

// Closes a socket and stops a lookup when its time is over, unless it is told of more time.
class Deadline {
public:
    Deadline(tcp::socket &socket, tcp::resolver &resolver)
        : timer_(socket.get_executor()), socket_(socket), resolver_(resolver)
    {}

    void in(process::Duration time)
    {
        timer_.expires_after(time);
        timer_.async_wait(
            [this, alive = std::weak_ptr(alive_)](const boost::system::error_code &code) {
                if (code || alive.expired())
                    return;
                passed_ = true;
                boost::system::error_code ignored;
                socket_.close(ignored);
                resolver_.cancel();
            });
    }
    [[nodiscard]] bool passed() const { return passed_; }

private:
    asio::steady_timer timer_;
    tcp::socket &socket_;
    tcp::resolver &resolver_;
    bool passed_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>();
};

} // namespace

// Outlives Mail as long as a coroutine of it runs.
struct Mail::Shared {
    Shared(asio::any_io_executor on, config::Mail wanted, std::string name, Log told, Limits most)
        : executor(std::move(on)), settings(std::move(wanted)), host(std::move(name)),
          log(std::move(told)), limits(most)
    {}

    asio::any_io_executor executor;
    config::Mail settings;
    std::string host;
    Log log;
    Limits limits;
    asio::cancellation_signal stop{};
    std::deque<Message> waiting{};
    bool working = false;
    std::size_t sent = 0;
    std::size_t dropped = 0;

    [[nodiscard]] std::string server() const
    {
        return fmt::format("{}:{}", settings.server, settings.port.value);
    }

    // What the server would not do.
    asio::awaitable<std::optional<Error>> converse(tcp::socket &socket, Deadline &deadline,
                                                   Dialogue &dialogue) const
    {
        std::string read;
        while (!dialogue.done()) {
            deadline.in(limits.answer);
            const auto length = co_await asio::async_read_until(
                socket, asio::dynamic_buffer(read, longestLine), '\n', asio::use_awaitable);
            auto line = read.substr(0, length - 1);
            read.erase(0, length);
            if (line.ends_with('\r'))
                line.pop_back();
            const auto answer = dialogue.on(line);
            if (!answer)
                co_return answer.error();
            if (!answer->empty())
                co_await asio::async_write(socket, asio::buffer(*answer), asio::use_awaitable);
        }
        co_return std::nullopt;
    }

    // What went wrong; no code unless the server said so.
    asio::awaitable<std::optional<Error>> attempt(Message message)
    {
        tcp::socket socket(executor);
        tcp::resolver resolver(executor);
        Deadline deadline(socket, resolver);
        Dialogue dialogue(settings.helloName.empty() ? host : settings.helloName,
                          std::move(message));
        std::optional<Error> failure;
        try {
            deadline.in(settings.connectTimeout);
            const auto addresses = co_await resolver.async_resolve(
                settings.server, std::to_string(settings.port.value), asio::use_awaitable);
            co_await asio::async_connect(socket, addresses, asio::use_awaitable);
            failure = co_await converse(socket, deadline, dialogue);
        } catch (const boost::system::system_error &error) {
            if (error.code() == asio::error::operation_aborted && !deadline.passed())
                throw; // cancelled
            failure =
                Error{.what = deadline.passed() ? "it takes too long" : error.code().message()};
        }
        if (dialogue.accepted())
            failure.reset();
        co_return failure;
    }

    // Doubles with each try, up to a limit.
    [[nodiscard]] process::Duration delayAfter(unsigned tries) const
    {
        auto delay = limits.firstDelay;
        for (unsigned i = 1; i < tries && delay < limits.mostDelay; i++)
            delay *= 2;
        return std::min(delay, limits.mostDelay);
    }

    asio::awaitable<void> deliver(const Message &message)
    {
        asio::steady_timer timer(executor);
        for (unsigned tries = 1;; tries++) {
            const auto failure = co_await attempt(message);
            if (!failure) {
                sent++;
                co_return;
            }
            const bool last = failure->code >= forEver || tries >= limits.tries;
            if (last)
                dropped++;
            if (last || tries == 1)
                log(fmt::format("mail '{}' to {}: {}{}", message.subject, server(), failure->what,
                                last ? ": given up" : ""));
            if (last)
                co_return;
            timer.expires_after(delayAfter(tries));
            co_await timer.async_wait(asio::use_awaitable);
        }
    }

    // One after the other, until none waits.
    static asio::awaitable<void> work(std::shared_ptr<Shared> self)
    {
        while (!self->waiting.empty()) {
            co_await self->deliver(self->waiting.front());
            self->waiting.pop_front();
        }
        self->working = false;
    }
};

Mail::Mail(asio::any_io_executor executor, config::Mail settings, std::string host, Log log,
           Limits limits)
    : shared_(std::make_shared<Shared>(std::move(executor), std::move(settings), std::move(host),
                                       std::move(log), limits))
{}

Mail::~Mail()
{
    shared_->stop.emit(asio::cancellation_type::terminal);
}

void Mail::send(std::string subject, std::string body)
{
    auto &shared = *shared_;
    const auto &settings = shared.settings;
    if (settings.server.empty() || settings.to.empty())
        return;
    if (shared.waiting.size() >= shared.limits.waiting) {
        shared.dropped++;
        shared.log(fmt::format("mail '{}' to {}: given up, {} wait already", subject,
                               shared.server(), shared.waiting.size()));
        return;
    }
    shared.waiting.push_back(
        {.from = settings.from.empty() ? "keepalived@" + shared.host : settings.from,
         .to = settings.to,
         .subject = std::move(subject),
         .body = std::move(body),
         .written = std::chrono::system_clock::now()});
    if (shared.working)
        return;
    shared.working = true;
    asio::co_spawn(
        shared.executor, Shared::work(shared_),
        asio::bind_cancellation_slot(shared.stop.slot(), [](const std::exception_ptr &) {}));
}

std::size_t Mail::waiting() const
{
    return shared_->waiting.size();
}

std::size_t Mail::sent() const
{
    return shared_->sent;
}

std::size_t Mail::dropped() const
{
    return shared_->dropped;
}

} // namespace lb::notify
