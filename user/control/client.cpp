// SPDX-License-Identifier: GPL-2.0
#include "client.hpp"

#include <cerrno>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lb::control {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using nlohmann::json;

Error ended()
{
    return Error{.code = EPIPE, .what = "lbd ended while it was asked"};
}

class Connection {
public:
    Result<void> open(const std::string &path)
    {
        if (path.size() >= sizeof(sockaddr_un::sun_path))
            return systemError(ENAMETOOLONG, path);
        error_code code;
        socket_.connect(path, code);
        if (code == boost::system::errc::no_such_file_or_directory ||
            code == boost::system::errc::connection_refused)
            return Error{.code = ECONNREFUSED,
                         .what = fmt::format("no lbd answers at {}", path),
                         .hint = "lbd start"};
        if (code)
            return systemError(code.value(), path);
        return {};
    }

    // The answer; what lbd refuses is an error.
    Result<json> ask(const json &request)
    {
        error_code code;
        asio::write(socket_, asio::buffer(request.dump() + '\n'), code);
        if (code)
            return ended();
        auto answer = read();
        if (!answer || answer->value("ok", false))
            return answer;
        const auto error = answer->value("error", json::object());
        return Error{.code = EPERM,
                     .what = error.value("what", "lbd has refused"),
                     .hint = error.value("hint", "")};
    }

    // One line, which is an object.
    Result<json> read()
    {
        error_code code;
        const auto size = asio::read_until(socket_, asio::dynamic_buffer(text_), '\n', code);
        if (code)
            return ended();
        auto parsed = json::parse(text_.substr(0, size), nullptr, false);
        text_.erase(0, size);
        if (!parsed.is_object())
            return Error{.code = EPROTO, .what = "lbd's answer is not understood"};
        return parsed;
    }

private:
    asio::io_context io_{};
    asio::local::stream_protocol::socket socket_{io_};
    std::string text_{}; // that came and was not taken yet
};

} // namespace

Result<json> ask(const std::string &folder, const json &request)
{
    return askAt(socketIn(folder), request);
}

Result<json> askAt(const std::string &socket, const json &request)
{
    Connection connection;
    if (const auto opened = connection.open(socket); !opened)
        return opened.error();
    return connection.ask(request);
}

Result<void> follow(const std::string &socket, const json &request,
                    const std::function<bool(const json &)> &visit)
{
    Connection connection;
    if (auto opened = connection.open(socket); !opened)
        return opened;
    if (const auto answer = connection.ask(request); !answer)
        return answer.error();
    while (true) {
        const auto line = connection.read();
        if (!line)
            return line.error();
        if (!visit(*line))
            return {};
    }
}

} // namespace lb::control
