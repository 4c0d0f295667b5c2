// SPDX-License-Identifier: GPL-2.0
#include "server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace lb::web {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
// TCP and unix sockets are one: compiled once.
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
constexpr mode_t forAll = 0666;

using Request = http::request<http::empty_body>;

// One connection, as a coroutine whose frame owns all that it uses; close() ends it.
class Session : public std::enable_shared_from_this<Session> {
public:
    using Stream = beast::basic_stream<Protocol, asio::any_io_executor>;

    Session(Protocol::socket socket, std::shared_ptr<const std::vector<Page>> pages,
            const Limits &limits)
        : stream_(std::move(socket)), pages_(std::move(pages)), limits_(limits)
    {}

    void begin()
    {
        asio::co_spawn(
            stream_.get_executor(),
            [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->run(); },
            asio::detached);
    }
    void close()
    {
        open_ = false;
        stream_.close();
    }

private:
    asio::awaitable<void> run()
    {
        constexpr std::uint32_t mostHeader = 8192;
        beast::flat_buffer buffer;
        bool more = true;
        while (more) {
            http::request_parser<http::empty_body> parser;
            parser.header_limit(mostHeader);
            stream_.expires_after(limits_.asking);
            const auto [code, size] = co_await http::async_read(stream_, buffer, parser, tuple);
            if (wrong(code)) {
                co_await say(Request{}, http::status::bad_request, "this is no request of HTTP\n");
                break;
            }
            if (code)
                break;
            more = co_await answer(parser.release());
        }
        error_code ignored;
        stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        stream_.close();
    }

    // What came is no request; otherwise nothing came.
    static bool wrong(const error_code &code)
    {
        const error_code ended = http::error::end_of_stream;
        return code && code.category() == ended.category() && code != ended &&
               code != http::error::partial_message;
    }

    // -> whether the connection may go on
    asio::awaitable<bool> answer(Request request)
    {
        if (request.method() != http::verb::get && request.method() != http::verb::head)
            co_return co_await say(request, http::status::method_not_allowed, "GET only\n");
        const std::string_view target(request.target().data(), request.target().size());
        const auto path = target.substr(0, target.find('?'));
        const auto page = std::ranges::find(*pages_, path, &Page::path);
        if (page == pages_->end())
            co_return co_await say(request, http::status::not_found, listOfPages());
        co_return co_await write(request, *page);
    }

    [[nodiscard]] std::string listOfPages() const
    {
        std::string text = "there is nothing here; there is\n";
        for (const auto &page : *pages_)
            text += page.path + '\n';
        return text;
    }

    asio::awaitable<bool> say(const Request &request, http::status status, std::string text)
    {
        http::response<http::string_body> response(status, request.version());
        response.set(http::field::content_type, "text/plain; charset=utf-8");
        if (status == http::status::method_not_allowed)
            response.set(http::field::allow, "GET, HEAD");
        response.keep_alive(request.keep_alive() && status != http::status::bad_request);
        response.body() = std::move(text);
        response.prepare_payload();
        if (request.method() == http::verb::head)
            response.body().clear();
        stream_.expires_after(limits_.reading);
        const auto [code, size] = co_await http::async_write(stream_, response, tuple);
        co_return !code && response.keep_alive();
    }

    // What comes first decides whether there is anything to be had.
    asio::awaitable<bool> write(const Request &request, const Page &page)
    {
        constexpr unsigned http10 = 10;
        const auto source = page.open();
        const bool chunked = request.version() > http10;
        http::response<http::empty_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, page.type);
        response.chunked(chunked);
        response.keep_alive(request.keep_alive() && chunked);
        http::response_serializer<http::empty_body> header(response);
        bool begun = false;
        while (true) {
            const auto piece = source->next();
            if (!piece && !begun)
                co_return co_await say(request, http::status::service_unavailable,
                                       toString(piece.error()) + '\n');
            // Cut off in the middle, which a reader sees.
            if (!piece)
                co_return false;
            if (*piece && (*piece)->empty()) {
                co_await asio::post(stream_.get_executor(), asio::use_awaitable);
                if (!open_)
                    co_return false;
                continue;
            }
            stream_.expires_after(limits_.reading);
            if (!begun) {
                const auto [code, size] = co_await http::async_write_header(stream_, header, tuple);
                if (code)
                    co_return false;
                begun = true;
            }
            if (request.method() == http::verb::head)
                co_return response.keep_alive();
            if (!*piece)
                break;
            if (!co_await send(**piece, chunked))
                co_return false;
        }
        if (!chunked)
            co_return false;
        const auto [code, size] =
            co_await asio::async_write(stream_, http::make_chunk_last(), tuple);
        co_return !code && response.keep_alive();
    }

    asio::awaitable<bool> send(const std::string &piece, bool chunked)
    {
        if (chunked) {
            const auto [code, size] =
                co_await asio::async_write(stream_, http::make_chunk(asio::buffer(piece)), tuple);
            co_return !code;
        }
        const auto [code, size] = co_await asio::async_write(stream_, asio::buffer(piece), tuple);
        co_return !code;
    }

    Stream stream_;
    std::shared_ptr<const std::vector<Page>> pages_;
    Limits limits_;
    bool open_ = true;
};

} // namespace

class Server::Listening : public std::enable_shared_from_this<Server::Listening> {
public:
    Listening(asio::io_context &io, std::vector<Page> pages, const Limits &limits)
        : acceptor_(io), pause_(io),
          pages_(std::make_shared<const std::vector<Page>>(std::move(pages))), limits_(limits)
    {}

    error_code bind(const Protocol::endpoint &at)
    {
        error_code code;
        acceptor_.open(at.protocol(), code);
        if (!code && at.protocol().family() != AF_UNIX)
            acceptor_.set_option(asio::socket_base::reuse_address(true), code);
        if (!code)
            acceptor_.bind(at, code);
        return code;
    }
    error_code begin()
    {
        error_code code;
        acceptor_.listen(asio::socket_base::max_listen_connections, code);
        if (!code)
            accept();
        return code;
    }
    void removeAtEnd(std::string path) { path_ = std::move(path); }
    // @pause_ goes with the last that waits for it: it finds the acceptor closed.
    void close()
    {
        error_code ignored;
        acceptor_.close(ignored);
        for (const auto &weak : sessions_)
            if (const auto session = weak.lock())
                session->close();
        if (!path_.empty())
            ::unlink(path_.c_str());
    }
    [[nodiscard]] std::uint16_t port() const
    {
        const auto at = acceptor_.local_endpoint();
        // Of both families the port stands in the same place.
        sockaddr_in address{};
        std::memcpy(&address, at.data(), std::min<std::size_t>(at.size(), sizeof(address)));
        return ntohs(address.sin_port);
    }

private:
    void accept()
    {
        acceptor_.async_accept(
            [self = shared_from_this()](const error_code &code, Protocol::socket socket) {
                if (code == asio::error::operation_aborted)
                    return;
                if (code) {
                    self->acceptLater();
                    return;
                }
                self->welcome(std::move(socket));
                self->accept();
            });
    }
    // Out of files, most likely: that does not change at once.
    void acceptLater()
    {
        pause_.expires_after(std::chrono::seconds(1));
        pause_.async_wait([self = shared_from_this()](const error_code &code) {
            if (!code && self->acceptor_.is_open())
                self->accept();
        });
    }
    void welcome(Protocol::socket socket)
    {
        std::erase_if(sessions_, [](const auto &session) { return session.expired(); });
        if (sessions_.size() >= limits_.connections)
            return;
        auto session = std::make_shared<Session>(std::move(socket), pages_, limits_);
        sessions_.push_back(session);
        session->begin();
    }

    Acceptor acceptor_;
    asio::steady_timer pause_;
    std::shared_ptr<const std::vector<Page>> pages_;
    Limits limits_;
    std::string path_{};
    std::vector<std::weak_ptr<Session>> sessions_{};
};

Server::Server(std::shared_ptr<Listening> listening) : listening_(std::move(listening)) {}
Server::Server(Server &&other) noexcept = default;
Server &Server::operator=(Server &&other) noexcept
{
    if (this != &other) {
        if (listening_)
            listening_->close();
        listening_ = std::move(other.listening_);
    }
    return *this;
}

Server::~Server()
{
    if (listening_)
        listening_->close();
}

std::uint16_t Server::port() const
{
    return listening_->port();
}

Result<Server> Server::listen(asio::io_context &io, const Endpoint &at, std::vector<Page> pages,
                              Limits limits)
{
    auto listening = std::make_shared<Listening>(io, std::move(pages), limits);
    error_code code;
    const auto address = asio::ip::make_address(toString(at.ip), code);
    if (!code)
        code = listening->bind(asio::ip::tcp::endpoint(address, at.port.value));
    if (!code)
        code = listening->begin();
    if (code)
        return systemError(code.value(), toString(at));
    return Server(std::move(listening));
}

Result<Server> Server::listen(asio::io_context &io, const std::string &path,
                              std::vector<Page> pages, Limits limits)
{
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return systemError(ENAMETOOLONG, path);
    auto listening = std::make_shared<Listening>(io, std::move(pages), limits);
    ::unlink(path.c_str());
    auto code = listening->bind(asio::local::stream_protocol::endpoint(path));
    if (!code && ::chmod(path.c_str(), forAll) != 0)
        code = error_code(errno, boost::system::system_category());
    if (!code)
        code = listening->begin();
    if (code)
        return systemError(code.value(), path);
    listening->removeAtEnd(path);
    return Server(std::move(listening));
}

} // namespace lb::web
