// SPDX-License-Identifier: GPL-2.0
#include "server.hpp"

#include <cerrno>
#include <set>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

namespace lb::control {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using local = asio::local::stream_protocol;

// Everybody may ask; who may change is told by who they are.
constexpr mode_t forAll = 0666;
constexpr std::size_t maxPeers = 256;
// Of those, who follow: the others can always ask.
constexpr std::size_t maxFollowers = 128;

nlohmann::json refusal(std::string what, std::string hint = {})
{
    nlohmann::json error{{"what", std::move(what)}};
    if (!hint.empty())
        error["hint"] = std::move(hint);
    return {{"ok", false}, {"error", std::move(error)}};
}

Peer peerOf(local::socket &socket)
{
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return {.uid = static_cast<uid_t>(-1)};
    return {.uid = credentials.uid, .pid = credentials.pid};
}

// One who asks; lives as long as an operation on its socket is under way.
class Session : public std::enable_shared_from_this<Session> {
public:
    // @followers counts those that follow.
    Session(local::socket socket, Handler handler, std::shared_ptr<std::size_t> followers)
        : socket_(std::move(socket)), handler_(std::move(handler)), peer_(peerOf(socket_)),
          followers_(std::move(followers))
    {}
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;
    ~Session()
    {
        if (feed_)
            --*followers_;
    }

    void read()
    {
        asio::async_read_until(socket_, asio::dynamic_buffer(in_, maxRequest), '\n',
                               [self = shared_from_this()](const error_code &code, std::size_t n) {
                                   self->take(code, n);
                               });
    }
    void close()
    {
        error_code ignored;
        socket_.close(ignored);
    }

private:
    void take(const error_code &code, std::size_t n)
    {
        if (code == asio::error::not_found) {
            last_ = true;
            write(refusal("the request is too long"));
        } else if (!code) {
            const auto line = in_.substr(0, n);
            in_.erase(0, n);
            write(answer(line));
        }
    }

    nlohmann::json answer(const std::string &line)
    {
        try {
            auto answer = handler_(nlohmann::json::parse(line), peer_);
            if (answer.feed) {
                if (*followers_ >= maxFollowers)
                    return refusal("too many follow already");
                ++*followers_;
                feed_ = std::move(answer.feed);
            }
            return std::move(answer.first);
        } catch (const nlohmann::json::exception &) {
            return refusal("the request is not understood",
                           R"(one JSON object a line: {"do": "status"})");
        }
    }

    static std::string lineOf(const nlohmann::json &object)
    {
        return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    }

    void write(const nlohmann::json &answer)
    {
        out_ = lineOf(answer);
        asio::async_write(socket_, asio::buffer(out_),
                          [self = shared_from_this()](const error_code &code, std::size_t) {
                              if (code || self->last_)
                                  return;
                              if (self->feed_)
                                  self->follow();
                              else
                                  self->read();
                          });
    }

    void follow()
    {
        waitForEnd();
        feed_->onLine([weak = weak_from_this()] {
            if (const auto self = weak.lock(); self && !self->writing_)
                self->writeNext();
        });
        writeNext();
    }

    // Lines that wait go out together: what is slow is the reader.
    void writeNext()
    {
        constexpr std::size_t enough = std::size_t{64} * 1024;
        out_.clear();
        while (out_.size() < enough) {
            const auto line = feed_->read([](std::uint64_t lost) {
                return lineOf({{"lost", lost}});
            });
            if (!line)
                break;
            out_ += *line;
        }
        writing_ = !out_.empty();
        if (!writing_)
            return;
        asio::async_write(socket_, asio::buffer(out_),
                          [self = shared_from_this()](const error_code &code, std::size_t) {
                              self->writing_ = false;
                              if (code)
                                  self->close();
                              else
                                  self->writeNext();
                          });
    }

    // Who follows has nothing more to say; what is read is that it has gone.
    void waitForEnd()
    {
        in_.resize(in_.size() < maxRequest ? maxRequest : in_.size());
        socket_.async_read_some(asio::buffer(in_),
                                [self = shared_from_this()](const error_code &code, std::size_t) {
                                    if (code)
                                        self->close();
                                    else
                                        self->waitForEnd();
                                });
    }

    local::socket socket_;
    Handler handler_;
    Peer peer_;
    std::string in_{};
    std::string out_{};
    bool last_ = false;
    std::shared_ptr<std::size_t> followers_;
    std::shared_ptr<Feed> feed_{};
    bool writing_ = false; // of the feed
};

} // namespace

bool Peer::mayChange() const
{
    return uid == 0 || uid == ::geteuid();
}

struct Server::Listening : std::enable_shared_from_this<Server::Listening> {
    Listening(asio::io_context &io, std::string where, Handler answers)
        : acceptor(io), path(std::move(where)), handler(std::move(answers))
    {}

    void accept()
    {
        acceptor.async_accept(
            [self = shared_from_this()](const error_code &code, local::socket socket) {
                if (code == asio::error::operation_aborted)
                    return;
                if (!code)
                    self->welcome(std::move(socket));
                self->accept();
            });
    }

    void welcome(local::socket socket)
    {
        std::erase_if(sessions, [](const auto &session) { return session.expired(); });
        if (sessions.size() >= maxPeers)
            return;
        auto session = std::make_shared<Session>(std::move(socket), handler, followers);
        sessions.push_back(session);
        session->read();
    }

    local::acceptor acceptor;
    std::string path;
    Handler handler;
    std::vector<std::weak_ptr<Session>> sessions{};
    std::shared_ptr<std::size_t> followers = std::make_shared<std::size_t>(0);
};

Server::Server(std::shared_ptr<Listening> listening) : listening_(std::move(listening)) {}
Server::Server(Server &&other) noexcept = default;
Server &Server::operator=(Server &&other) noexcept = default;

Server::~Server()
{
    if (!listening_)
        return;
    error_code ignored;
    listening_->acceptor.close(ignored);
    for (const auto &session : listening_->sessions)
        if (const auto open = session.lock())
            open->close();
    ::unlink(listening_->path.c_str());
}

Result<Server> Server::listen(asio::io_context &io, const std::string &folder, Handler handler)
{
    const auto path = socketIn(folder);
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return systemError(ENAMETOOLONG, path);
    auto listening = std::make_shared<Listening>(io, path, std::move(handler));
    auto &acceptor = listening->acceptor;
    ::unlink(path.c_str());
    error_code code;
    acceptor.open(local(), code);
    if (!code)
        acceptor.bind(local::endpoint(path), code);
    if (!code && ::chmod(path.c_str(), forAll) != 0)
        code = error_code(errno, boost::system::system_category());
    if (!code)
        acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code)
        return systemError(code.value(), path);
    listening->accept();
    return Server(std::move(listening));
}

} // namespace lb::control
