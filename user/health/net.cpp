// SPDX-License-Identifier: GPL-2.0
#include "net.hpp"

#include "../base/fd.hpp"

#include <cerrno>
#include <cstring>

#include <net/if.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

namespace lb::health {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
using Clock = std::chrono::steady_clock;

// --- sockets as the kernel has them

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;

    Address(const Endpoint &endpoint, const std::string &interface)
    {
        const auto bytes = endpoint.ip.bytes();
        if (endpoint.ip.family() == Family::inet) {
            sockaddr_in in{};
            in.sin_family = AF_INET;
            in.sin_port = htons(endpoint.port.value);
            std::memcpy(&in.sin_addr, bytes.data(), bytes.size());
            std::memcpy(&storage, &in, sizeof(in));
            length = sizeof(in);
            return;
        }
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(endpoint.port.value);
        std::memcpy(&in6.sin6_addr, bytes.data(), bytes.size());
        // RFC 4007, 6: a link-local address means nothing without its link.
        if (!interface.empty() && IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
            in6.sin6_scope_id = if_nametoindex(interface.c_str());
        std::memcpy(&storage, &in6, sizeof(in6));
        length = sizeof(in6);
    }
    [[nodiscard]] const sockaddr *get() const
    {
        return reinterpret_cast<const sockaddr *>(&storage);
    }
};

Error failed(std::string doing)
{
    return systemError(errno, std::move(doing));
}

bool set(int fd, int level, int option, int value)
{
    return ::setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

// Everything but the connection.
Result<void> prepare(int fd, const Way &way, bool stream)
{
    if (!way.interface.empty() &&
        ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, way.interface.data(),
                     static_cast<socklen_t>(way.interface.size())) != 0)
        return failed(fmt::format("binding to interface {}", way.interface));
    if (way.mark != 0 && ::setsockopt(fd, SOL_SOCKET, SO_MARK, &way.mark, sizeof(way.mark)) != 0)
        return failed(fmt::format("setting mark {}", way.mark));
    if (!way.from && way.fromPort.value == 0)
        return {};

    const bool portMatters = way.fromPort.value != 0;
    // Or else all addresses' ports run out together: ip(7), IP_BIND_ADDRESS_NO_PORT.
    if (!portMatters)
        set(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    // The next probe needs the same port again: no TIME_WAIT.
    const linger none{.l_onoff = 1, .l_linger = 0};
    if (portMatters && stream)
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    Endpoint from{.ip = way.from.value_or(Ip{}), .port = way.fromPort};
    if (!way.from && way.to.ip.family() == Family::inet6)
        from.ip = *Ip::parse("::");
    const Address address(from, way.interface);
    if (::bind(fd, address.get(), address.length) != 0)
        return failed(
            fmt::format("binding to {}", portMatters ? toString(from) : toString(from.ip)));
    return {};
}

Result<Fd> openSocket(const Way &way, int type, int protocol)
{
    const int family = way.to.ip.family() == Family::inet ? AF_INET : AF_INET6;
    Fd fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
    if (!fd)
        return failed("opening a socket");
    if (const auto ready = prepare(fd.get(), way, type == SOCK_STREAM); !ready)
        return ready.error();
    return fd;
}

// --- sentences

// Those of TLS and of Asio have numbers of their own, which mean something else.
int errnoOf(error_code code)
{
    return code.category() == boost::system::system_category() ? code.value() : 0;
}

Error errorOf(std::string what, error_code code = {})
{
    Error error;
    error.code = errnoOf(code);
    error.what = std::move(what);
    return error;
}

Error refusal(const Way &way, error_code code, std::string_view doing)
{
    const auto peer = toString(way.to);
    switch (errnoOf(code)) {
    case ECONNREFUSED:
        return errorOf(fmt::format("connection refused by {}", peer), code);
    case ECONNRESET:
    case EPIPE:
        return errorOf(fmt::format("connection reset by {}", peer), code);
    case EHOSTUNREACH:
    case ENETUNREACH:
        return errorOf(fmt::format("{} is unreachable: {}", peer, code.message()), code);
    case ETIMEDOUT:
        return errorOf(fmt::format("{} does not answer any more", peer), code);
    default:
        return errorOf(fmt::format("{} {}: {}", doing, peer, code.message()), code);
    }
}

} // namespace

std::string showSeconds(Duration duration)
{
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

Verdict verdictOf(const Error &error)
{
    auto verdict = Verdict::down(error.what);
    switch (error.code) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EACCES:
    case EPERM: // also of a firewall on the director
    case ENODEV:
    case EADDRINUSE:
    case EADDRNOTAVAIL: // bindto names an address that is not here, or all ports are in use
        verdict.inconclusive = true;
        break;
    default:
        break;
    }
    return verdict;
}

// --- TLS

Result<Tls> makeTls(const std::optional<config::Tls> &config)
{
    using asio::ssl::context;
    auto tls = std::make_shared<context>(context::tls_client);
    error_code ec;
    const auto refused = [&](std::string_view what, const std::string &path) {
        return errorOf(fmt::format("{} {}: {}", what, path, ec.message()), ec);
    };

    SSL_CTX_set_verify(tls->native_handle(), SSL_VERIFY_NONE, nullptr);
    // Looked into when a certificate is verified, and not before.
    if (!config || config->authority.empty())
        tls->set_default_verify_paths(ec);
    if (!config)
        return tls;
    if (!config->password.empty())
        tls->set_password_callback([password = config->password](
                                       std::size_t, context::password_purpose) { return password; },
                                   ec);
    if (!config->authority.empty() && tls->load_verify_file(config->authority, ec))
        return refused("reading certificates of authorities", config->authority);
    if (!config->certificate.empty() && tls->use_certificate_chain_file(config->certificate, ec))
        return refused("reading the certificate", config->certificate);
    if (!config->key.empty() && tls->use_private_key_file(config->key, context::pem, ec))
        return refused("reading the key", config->key);
    return tls;
}

// --- connections

struct Stream::State {
    State(const asio::any_io_executor &executor, Way asked)
        : way(std::move(asked)), socket(executor), timer(executor)
    {}

    Way way;
    tcp::socket socket;
    asio::steady_timer timer;
    std::optional<asio::ssl::stream<tcp::socket &>> tls{};
    Tls context{};
    bool strict = false;
    bool late = false;
    Time end = Time::max();
    std::string unread{}; // of readLine()

    // The operation that follows is cancelled, and late set, unless it ends in time.
    static void arm(const std::shared_ptr<State> &state)
    {
        state->late = false;
        state->timer.expires_at(std::min(Clock::now() + state->way.timeout, state->end));
        state->timer.async_wait([weak = std::weak_ptr(state)](error_code ec) {
            const auto self = weak.lock();
            // One that rang while it was set anew is not this one.
            if (ec || !self || self->timer.expiry() > Clock::now())
                return;
            self->late = true;
            self->socket.cancel(ec);
        });
    }
    void disarm() { timer.cancel(); }

    [[nodiscard]] Error silence(std::string_view doing, error_code ec) const
    {
        if (!late)
            return refusal(way, ec, doing);
        return errorOf(
            Clock::now() >= end
                ? fmt::format("{} is still answering after all its time", toString(way.to))
                : fmt::format("no answer within {}", showSeconds(way.timeout)));
    }
};

Task<Result<Stream>> Stream::connect(Way way)
{
    auto state = std::make_shared<State>(co_await asio::this_coro::executor, std::move(way));
    const auto &asked = state->way;
    auto fd = openSocket(asked, SOCK_STREAM, IPPROTO_TCP);
    if (!fd)
        co_return fd.error();
    error_code ec;
    const Address to(asked.to, asked.interface);
    tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), &to.storage, to.length);
    endpoint.resize(to.length);
    state->socket.assign(endpoint.protocol(), fd->get(), ec);
    if (ec)
        co_return errorOf(fmt::format("opening a socket: {}", ec.message()), ec);
    static_cast<void>(fd->release());
    state->socket.native_non_blocking(true, ec);

    State::arm(state);
    const auto [error] = co_await state->socket.async_connect(endpoint, tuple);
    state->disarm();
    if (error && state->late)
        co_return errorOf(fmt::format("no connection to {} within {}", toString(asked.to),
                                      showSeconds(asked.timeout)));
    if (error)
        co_return refusal(asked, error, "connecting to");
    co_return Stream(std::move(state));
}

void Stream::endAt(Time end)
{
    state_->end = end;
}

void Stream::strictTls(bool strict)
{
    state_->strict = strict;
}

namespace {

// Sets what a handshake is to ask for and to insist on; empty, or what is wrong with the wish.
std::string prepareTls(SSL *ssl, const TlsWish &wish, const Ip &address)
{
    if (!wish.name.empty() && SSL_set_tlsext_host_name(ssl, wish.name.c_str()) != 1)
        return fmt::format("'{}' is no name for TLS", wish.name);
    if (!wish.protocols.empty() &&
        SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char *>(wish.protocols.data()),
                            static_cast<unsigned>(wish.protocols.size())) != 0)
        return "offering protocols by TLS";
    if (!wish.verify)
        return {};
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    const auto owner = wish.owner.empty() ? toString(address) : wish.owner;
    const bool set = wish.owner.empty()
                         ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), owner.c_str()) == 1
                         : SSL_set1_host(ssl, owner.c_str()) == 1;
    return set ? "" : fmt::format("'{}' cannot own a certificate", owner);
}

// Why a handshake has failed.
std::string handshakeFailure(SSL *ssl, const TlsWish &wish, error_code error)
{
    if (error == asio::error::eof)
        return "the server closed the connection";
    if (error.category() != asio::error::get_ssl_category())
        return error.message();
    const auto reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
    if (reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL)
        return "the server speaks none of the protocols that were offered (ALPN)";
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        const auto result = SSL_get_verify_result(ssl);
        return fmt::format(
            "its certificate is not accepted: {}{}", X509_verify_cert_error_string(result),
            result == X509_V_ERR_HOSTNAME_MISMATCH ? fmt::format(" with {}", wish.owner) : "");
    }
    return error.message();
}

} // namespace

Task<Result<void>> Stream::startTls(Tls tls, TlsWish wish)
{
    const auto state = state_;
    if (!tls)
        co_return errorOf("there is nothing here to speak TLS with");
    state->context = std::move(tls);
    state->tls.emplace(state->socket, *state->context);
    SSL *const ssl = state->tls->native_handle();
    const auto wrong = prepareTls(ssl, wish, state->way.to.ip);
    if (!wrong.empty())
        co_return errorOf(wrong);

    State::arm(state);
    const auto [error] =
        co_await state->tls->async_handshake(asio::ssl::stream_base::client, tuple);
    state->disarm();
    if (error && state->late)
        co_return errorOf(
            fmt::format("no end of the TLS handshake within {}", showSeconds(state->way.timeout)));
    if (error)
        co_return errorOf(fmt::format("TLS handshake with {}: {}", toString(state->way.to),
                                      handshakeFailure(ssl, wish, error)),
                          error);
    co_return Result<void>();
}

std::optional<std::chrono::system_clock::time_point> Stream::certificateEnds() const
{
    if (!state_->tls)
        return {};
    const X509 *const certificate = SSL_get0_peer_certificate(state_->tls->native_handle());
    tm end{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
        return {};
    return std::chrono::system_clock::from_time_t(::timegm(&end));
}

std::string Stream::chosenProtocol() const
{
    const unsigned char *name = nullptr;
    unsigned length = 0;
    if (state_->tls)
        SSL_get0_alpn_selected(state_->tls->native_handle(), &name, &length);
    return {reinterpret_cast<const char *>(name), length};
}

Task<Result<std::size_t>> Stream::readSome(std::span<char> into)
{
    const auto state = state_;
    const auto buffer = asio::buffer(into.data(), into.size());
    error_code error;
    std::size_t size = 0;

    State::arm(state);
    if (state->tls)
        std::tie(error, size) = co_await state->tls->async_read_some(buffer, tuple);
    else
        std::tie(error, size) = co_await state->socket.async_read_some(buffer, tuple);
    state->disarm();
    if (error == asio::error::eof)
        co_return std::size_t{0};
    // Many servers leave out close_notify (RFC 8446, 6.1), and end what they say by its length.
    if (error == asio::ssl::error::stream_truncated && !state->strict)
        co_return std::size_t{0};
    if (error)
        co_return state->silence("reading from", error);
    co_return size;
}

Task<Result<std::string>> Stream::readLine()
{
    constexpr std::size_t longest = 8192;
    const auto state = state_;
    std::array<char, 1024> piece{};

    while (true) {
        if (const auto end = state->unread.find('\n'); end != std::string::npos) {
            auto line = state->unread.substr(0, end);
            state->unread.erase(0, end + 1);
            if (line.ends_with('\r'))
                line.pop_back();
            co_return line;
        }
        if (state->unread.size() > longest)
            co_return errorOf(fmt::format("a line of more than {} bytes", longest));
        const auto size = co_await readSome(piece);
        if (!size)
            co_return size.error();
        if (*size == 0)
            co_return errorOf(fmt::format("{} closed the connection", toString(state->way.to)));
        state->unread.append(piece.data(), *size);
    }
}

Task<Result<void>> Stream::write(std::string_view bytes)
{
    const auto state = state_;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    error_code error;
    std::size_t size = 0;

    State::arm(state);
    if (state->tls)
        std::tie(error, size) = co_await asio::async_write(*state->tls, buffer, tuple);
    else
        std::tie(error, size) = co_await asio::async_write(state->socket, buffer, tuple);
    state->disarm();
    if (error)
        co_return state->silence("writing to", error);
    co_return Result<void>();
}

// --- datagrams

struct Datagrams::State {
    State(const asio::any_io_executor &executor, Way asked)
        : way(std::move(asked)), socket(executor), timer(executor)
    {}

    Way way;
    asio::generic::datagram_protocol::socket socket;
    asio::steady_timer timer;
    bool raw = false;
};

Result<Datagrams> Datagrams::open(const asio::any_io_executor &executor, const Way &way,
                                  Packets packets)
{
    const bool four = way.to.ip.family() == Family::inet;
    const int family = four ? AF_INET : AF_INET6;
    const int protocol = packets == Packets::udp ? static_cast<int>(IPPROTO_UDP)
                         : four                  ? static_cast<int>(IPPROTO_ICMP)
                                                 : static_cast<int>(IPPROTO_ICMPV6);
    auto state = std::make_shared<State>(executor, way);
    auto fd = openSocket(way, SOCK_DGRAM, protocol);
    // icmp(7), ping_group_range: not for everybody, and not for root by default.
    if (!fd && packets == Packets::echo &&
        (fd.error().code == EACCES || fd.error().code == EPERM)) {
        fd = openSocket(way, SOCK_RAW, protocol);
        state->raw = true;
    }
    if (!fd)
        return fd.error();
    // Or else only some of what ICMP tells is told: ip(7), IP_RECVERR.
    set(fd->get(), four ? SOL_IP : SOL_IPV6, four ? IP_RECVERR : IPV6_RECVERR, 1);
    const Address to(way.to, way.interface);
    if (::connect(fd->get(), to.get(), to.length) != 0)
        return refusal(way, error_code(errno, boost::system::system_category()), "sending to");
    error_code ec;
    state->socket.assign(asio::generic::datagram_protocol(family, protocol), fd->get(), ec);
    if (ec)
        return errorOf(fmt::format("opening a socket: {}", ec.message()), ec);
    static_cast<void>(fd->release());
    return Datagrams(std::move(state));
}

bool Datagrams::raw() const
{
    return state_->raw;
}

Task<Result<void>> Datagrams::send(std::span<const std::uint8_t> bytes)
{
    const auto state = state_;
    const auto [error, size] =
        co_await state->socket.async_send(asio::buffer(bytes.data(), bytes.size()), tuple);
    if (error)
        co_return refusal(state->way, error, "sending to");
    co_return Result<void>();
}

Task<Result<std::optional<std::vector<std::uint8_t>>>> Datagrams::receive(std::size_t most,
                                                                          Time deadline)
{
    using Packet = std::optional<std::vector<std::uint8_t>>;
    const auto state = state_;
    const auto late = std::make_shared<bool>(false);
    std::vector<std::uint8_t> packet(most);

    state->timer.expires_at(deadline);
    state->timer.async_wait([weak = std::weak_ptr(state), late](error_code ec) {
        const auto self = weak.lock();
        if (ec || !self || self->timer.expiry() > Clock::now())
            return;
        *late = true;
        self->socket.cancel(ec);
    });
    const auto [error, size] = co_await state->socket.async_receive(asio::buffer(packet), tuple);
    state->timer.cancel();
    if (error && *late)
        co_return Packet();
    if (error)
        co_return refusal(state->way, error, "receiving from");
    packet.resize(size);
    co_return Packet(std::move(packet));
}

} // namespace lb::health
