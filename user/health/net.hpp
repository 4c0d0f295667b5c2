// SPDX-License-Identifier: GPL-2.0
// What dialogues are made of: a connection or a socket for datagrams, opened the way a job asks
// for, in which nothing lasts longer than a deadline. What goes wrong comes as a sentence that
// names the peer. What is said, and what is a good answer, is the dialogue's.
#pragma once

#include "../base/error.hpp"
#include "../config/model.hpp"
#include "job.hpp"
#include "monitor.hpp"
#include "verdict.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>

namespace lb::health {

namespace asio = boost::asio;

template <typename T>
using Task = asio::awaitable<T>;

using Tls = std::shared_ptr<asio::ssl::context>;

// For clients. @config says which certificate is shown to those that ask, and by which a server's
// own is verified where that is wished for; without it, by those that the system trusts.
Result<Tls> makeTls(const std::optional<config::Tls> &config);

// "3 s", "0.5 s".
std::string showSeconds(Duration duration);

// What an error says of the server: down, or nothing when it is the director's own.
Verdict verdictOf(const Error &error);

// What is asked of a server by TLS.
struct TlsWish {
    std::string name{};      // asked for (SNI) unless empty
    std::string protocols{}; // offered (ALPN, RFC 7301, 3.1: each with its length before it)
    // keepalived verifies no certificate.
    bool verify = false;
    std::string owner{}; // that the certificate has to be for; empty for the address
};

// A TCP connection, with or without TLS. Cancelled with the coroutine that awaits.
class Stream {
public:
    static Task<Result<Stream>> connect(Way way);

    // Deadlines are the way's timeout from now, and never beyond this.
    void endAt(Time end);

    Task<Result<void>> startTls(Tls tls, TlsWish wish);
    [[nodiscard]] std::optional<std::chrono::system_clock::time_point> certificateEnds() const;
    [[nodiscard]] std::string chosenProtocol() const; // empty when none was
    void strictTls(bool strict);

    // 0: the peer has nothing more to say.
    Task<Result<std::size_t>> readSome(std::span<char> into);
    // Without its end, which is LF or CRLF.
    Task<Result<std::string>> readLine();
    Task<Result<void>> write(std::string_view bytes);

private:
    struct State;
    explicit Stream(std::shared_ptr<State> state) : state_(std::move(state)) {}

    std::shared_ptr<State> state_;
};

enum class Packets : std::uint8_t { udp, echo };

// A socket for datagrams from and to one peer. Errors that ICMP tells are errors of receive().
class Datagrams {
public:
    static Result<Datagrams> open(const asio::any_io_executor &executor, const Way &way,
                                  Packets packets);

    Task<Result<void>> send(std::span<const std::uint8_t> bytes);
    // Nothing: silence until @deadline.
    Task<Result<std::optional<std::vector<std::uint8_t>>>> receive(std::size_t most, Time deadline);
    // Of Packets::echo, that everybody's answers are seen, with the IPv4 header before them.
    [[nodiscard]] bool raw() const;

private:
    struct State;
    explicit Datagrams(std::shared_ptr<State> state) : state_(std::move(state)) {}

    std::shared_ptr<State> state_;
};

} // namespace lb::health
