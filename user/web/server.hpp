// SPDX-License-Identifier: GPL-2.0
// A small HTTP server: pages that only read, written piece by piece so that a long one holds
// nobody up. Bounded: so many connections at once, and who does not ask, or does not read, is
// left. What a page says is for its source.
#pragma once

#include "../base/endpoint.hpp"
#include "../base/error.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace lb::web {

class Source {
public:
    Source() = default;
    Source(const Source &) = delete;
    Source &operator=(const Source &) = delete;
    virtual ~Source() = default;
    // The next piece. Empty: there is more, when others have had their turn; nothing: that was
    // all. Never called again after an error, nor when the server has gone.
    virtual Result<std::optional<std::string>> next() = 0;
};

struct Page {
    std::string path{}; // "/metrics"
    std::string type{}; // text/plain
    std::function<std::unique_ptr<Source>()> open{};
};

struct Limits {
    std::size_t connections = 16;
    std::chrono::milliseconds asking = std::chrono::seconds(5);   // a request, and the next one
    std::chrono::milliseconds reading = std::chrono::seconds(30); // of each piece
};

class Server {
public:
    static Result<Server> listen(boost::asio::io_context &io, const Endpoint &at,
                                 std::vector<Page> pages, Limits limits = {});
    // On a unix socket that everybody may use; one that a dead lbd left is replaced.
    static Result<Server> listen(boost::asio::io_context &io, const std::string &path,
                                 std::vector<Page> pages, Limits limits = {});
    Server(Server &&other) noexcept;
    Server &operator=(Server &&other) noexcept;
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;
    // Nobody is answered any more.
    ~Server();

    [[nodiscard]] std::uint16_t port() const; // of TCP

private:
    class Listening;
    explicit Server(std::shared_ptr<Listening> listening);
    std::shared_ptr<Listening> listening_;
};

} // namespace lb::web
