// SPDX-License-Identifier: GPL-2.0
// What anybody may say over lbd's socket: each line is answered by one line, which is JSON.
#include "control/server.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

using namespace lb;
using nlohmann::json;
namespace asio = boost::asio;
using local = asio::local::stream_protocol;

namespace {

// Takes requests apart as lbd does.
json answer(const json &request, const control::Peer &peer)
{
    const auto what = request.value("do", "");
    if (what != "commit")
        return {{"ok", false}, {"what", what}, {"peer", peer.mayChange()}};
    return {{"ok", true},
            {"file", request.value("file", std::string("none"))},
            {"confirm", request.value("confirm", std::uint32_t{0})}};
}

struct Listening {
    Listening()
    {
        std::filesystem::create_directories(folder);
        auto made = control::Server::listen(io, folder, answer);
        fuzz::require(made.has_value(), "a socket to listen at");
        server = std::move(*made);
    }
    ~Listening()
    {
        server.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    Listening(const Listening &) = delete;
    Listening &operator=(const Listening &) = delete;

    std::string folder =
        (std::filesystem::temp_directory_path() / ("lbd-fuzz-" + std::to_string(::getpid())))
            .string();
    asio::io_context io{};
    std::optional<control::Server> server{};
};

// All that is answered to this; small enough for what the socket holds.
std::string answersTo(Listening &listening, std::string_view input)
{
    boost::system::error_code code;
    local::socket client(listening.io);
    client.connect(local::endpoint(control::socketIn(listening.folder)));
    client.non_blocking(true);
    asio::write(client, asio::buffer(input.data(), input.size()), code);
    client.shutdown(local::socket::shutdown_send, code);
    std::string all;
    std::array<char, 4096> piece{};
    while (true) {
        listening.io.restart();
        listening.io.poll();
        const auto size = client.read_some(asio::buffer(piece), code);
        if (code == asio::error::would_block)
            continue;
        if (code)
            return all;
        all.append(piece.data(), size);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    static Listening listening;
    const auto input = fuzz::textOf(bytes, size);
    auto all = answersTo(listening, input);
    fuzz::require(std::ranges::count(all, '\n') == std::ranges::count(input, '\n'),
                  "each line is answered by one");
    while (!all.empty()) {
        const auto end = all.find('\n');
        fuzz::require(json::parse(all.substr(0, end)).is_object(), "an answer is an object");
        all.erase(0, end + 1);
    }
    return 0;
}
