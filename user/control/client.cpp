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

Result<nlohmann::json> ask(const std::string &folder, const nlohmann::json &request)
{
    namespace asio = boost::asio;
    const auto path = socketIn(folder);
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return systemError(ENAMETOOLONG, path);

    asio::io_context io;
    asio::local::stream_protocol::socket socket(io);
    boost::system::error_code code;
    socket.connect(path, code);
    if (code == boost::system::errc::no_such_file_or_directory ||
        code == boost::system::errc::connection_refused)
        return Error{.code = ECONNREFUSED,
                     .what = fmt::format("no lbd answers at {}", path),
                     .hint = "lbd start"};
    if (code)
        return systemError(code.value(), path);
    asio::write(socket, asio::buffer(request.dump() + '\n'), code);
    std::string answer;
    if (!code)
        asio::read_until(socket, asio::dynamic_buffer(answer), '\n', code);
    if (code)
        return Error{.code = EPIPE, .what = fmt::format("lbd ended while it was asked")};
    auto parsed = nlohmann::json::parse(answer, nullptr, false);
    if (!parsed.is_object())
        return Error{.code = EPROTO, .what = "lbd's answer is not understood"};
    if (parsed.value("ok", false))
        return parsed;
    const auto error = parsed.value("error", nlohmann::json::object());
    return Error{.code = EPERM,
                 .what = error.value("what", "lbd has refused"),
                 .hint = error.value("hint", "")};
}

} // namespace lb::control
