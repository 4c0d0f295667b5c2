// SPDX-License-Identifier: GPL-2.0
// The socket's side of lbd: takes lines, hands what they ask to a handler together with who asks,
// sends its answer, and after it the lines of a feed if there is one. What can be asked is for
// the handler.
#pragma once

#include "../base/error.hpp"
#include "feed.hpp"
#include "socket.hpp"

#include <functional>
#include <memory>

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

namespace lb::control {

struct Peer {
    uid_t uid = 0;
    pid_t pid = 0; // for logs: it may have ended

    // Who runs lbd, and root.
    [[nodiscard]] bool mayChange() const;
};

// With a feed, the connection is for its lines from then on; it ends with the reader's side.
struct Answer {
    Answer(nlohmann::json object) : first(std::move(object)) {} // an answer is mostly this
    Answer(nlohmann::json object, std::shared_ptr<Feed> lines)
        : first(std::move(object)), feed(std::move(lines))
    {}

    nlohmann::json first;
    std::shared_ptr<Feed> feed{};
};

// Always gives an answer; whatever it throws of nlohmann's is answered as a bad request.
using Handler = std::function<Answer(const nlohmann::json &request, const Peer &peer)>;

class Server {
public:
    // In @folder, which is there. A socket that a dead lbd left is replaced.
    static Result<Server> listen(boost::asio::io_context &io, const std::string &folder,
                                 Handler handler);
    Server(Server &&other) noexcept;
    Server &operator=(Server &&other) noexcept;
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;
    // Nobody is answered any more, and the socket is gone.
    ~Server();

private:
    struct Listening;
    explicit Server(std::shared_ptr<Listening> listening);
    std::shared_ptr<Listening> listening_;
};

} // namespace lb::control
