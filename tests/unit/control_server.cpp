// SPDX-License-Identifier: GPL-2.0
// Questions over lbd's socket: answered one by one, also the mistaken ones.
#include "control/client.hpp"
#include "control/server.hpp"

#include <cerrno>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace lb;
using nlohmann::json;
namespace asio = boost::asio;

namespace {

// One that echoes what it is asked, in a folder of its own.
struct Listening {
    Listening()
    {
        std::filesystem::create_directories(folder);
        auto made =
            control::Server::listen(io, folder, [](const json &request, const control::Peer &peer) {
                if (request.value("do", "") == "fail")
                    return json{{"ok", false}, {"error", {{"what", "no"}, {"hint", "never"}}}};
                return json{{"ok", true}, {"asked", request.at("do")}, {"uid", peer.uid}};
            });
        BOOST_REQUIRE(made);
        server = std::move(*made);
        thread = std::thread([this] { io.run(); });
    }
    ~Listening()
    {
        asio::post(io, [this] {
            server.reset();
            work.reset();
        });
        thread.join();
        std::filesystem::remove_all(folder);
    }
    Listening(const Listening &) = delete;
    Listening &operator=(const Listening &) = delete;

    std::string folder =
        (std::filesystem::temp_directory_path() / fmt::format("lbd-control-{}", ::getpid()))
            .string();
    asio::io_context io{};
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
    std::optional<control::Server> server{};
    std::thread thread{};
};

// What is answered to these bytes, up to the end of the line.
std::string answerTo(const Listening &listening, const std::string &bytes)
{
    asio::io_context io;
    asio::local::stream_protocol::socket socket(io);
    socket.connect(control::socketIn(listening.folder));
    asio::write(socket, asio::buffer(bytes));
    std::string line;
    asio::read_until(socket, asio::dynamic_buffer(line), '\n');
    return line;
}

} // namespace

BOOST_AUTO_TEST_SUITE(control_server)

BOOST_AUTO_TEST_CASE(a_question_is_answered_and_it_is_known_who_asks)
{
    const Listening listening;
    for (int i = 0; i < 3; i++) {
        const auto answer = control::ask(listening.folder, {{"do", "status"}});
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->at("asked") == "status");
        BOOST_TEST(answer->at("uid") == ::getuid());
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_error_with_its_words)
{
    const Listening listening;
    const auto answer = control::ask(listening.folder, {{"do", "fail"}});
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().what == "no");
    BOOST_TEST(answer.error().hint == "never");
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused_and_the_next_one_is_served)
{
    const Listening listening;
    using namespace std::string_literals;
    for (const auto &bytes : {"\n"s, "status\n"s, "{\"do\":\n"s, "[1,2]\n"s, "{}\n"s,
                              "{\"do\":7}\n"s, "\xff\xfe\x00\n"s})
        BOOST_TEST(answerTo(listening, bytes).starts_with("{\"error\":"), bytes);
    BOOST_TEST(answerTo(listening, std::string(control::maxRequest + 1, 'x')).find("too long") !=
               std::string::npos);
    BOOST_TEST(answerTo(listening, "{\"do\":\"health\"}\n").find("health") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_nobody_is_that_is_said)
{
    std::string folder;
    {
        const Listening listening;
        folder = listening.folder;
        BOOST_TEST(std::filesystem::exists(control::socketIn(folder)));
    }
    BOOST_TEST(!std::filesystem::exists(control::socketIn(folder)));
    const auto answer = control::ask(folder, {{"do", "status"}});
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().code == ECONNREFUSED);
    BOOST_TEST(answer.error().hint == "lbd start");
}

BOOST_AUTO_TEST_SUITE_END()
