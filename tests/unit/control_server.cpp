// SPDX-License-Identifier: GPL-2.0
// Questions over lbd's socket: answered one by one, also the mistaken ones.
#include "control/client.hpp"
#include "control/server.hpp"

#include <cerrno>
#include <filesystem>
#include <future>
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
        auto made = control::Server::listen(
            io, folder, [this](const json &request, const control::Peer &peer) -> control::Answer {
                if (request.value("do", "") == "follow") {
                    feed = std::make_shared<control::Feed>(request.value("most", std::size_t{10}));
                    for (int i = 0; i < request.value("lines", 0); i++)
                        feed->write(lineOf(i));
                    return {json{{"ok", true}}, feed};
                }
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
    static std::string lineOf(int number) { return json{{"number", number}}.dump() + '\n'; }

    std::shared_ptr<control::Feed> feed{}; // of the last that follows; the loop's
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

BOOST_AUTO_TEST_CASE(who_follows_gets_what_is_there_and_what_comes)
{
    Listening listening;
    std::vector<int> seen;
    const auto done = control::follow(
        control::socketIn(listening.folder), {{"do", "follow"}, {"lines", 3}},
        [&](const json &line) {
            seen.push_back(line.at("number").get<int>());
            if (seen.size() == 3)
                asio::post(listening.io, [&] { listening.feed->write(Listening::lineOf(3)); });
            return seen.size() < 4;
        });
    BOOST_TEST(done.has_value());
    BOOST_TEST(seen == (std::vector<int>{0, 1, 2, 3}));
    // Others are answered meanwhile and afterwards.
    BOOST_TEST(control::ask(listening.folder, {{"do", "status"}}).has_value());
}

BOOST_AUTO_TEST_CASE(who_is_slow_is_told_how_much_it_lost_and_holds_nobody_up)
{
    constexpr int lines = 200000; // more than a socket and a queue hold
    Listening listening;
    asio::io_context io;
    asio::local::stream_protocol::socket socket(io);
    socket.connect(control::socketIn(listening.folder));
    asio::write(socket, asio::buffer(std::string("{\"do\":\"follow\",\"most\":100}\n")));
    std::string text;
    asio::read_until(socket, asio::dynamic_buffer(text), '\n');
    text.clear();

    std::promise<void> written;
    asio::post(listening.io, [&] {
        for (int i = 0; i < lines; i++)
            listening.feed->write(Listening::lineOf(i));
        written.set_value();
    });
    written.get_future().wait();
    BOOST_TEST(control::ask(listening.folder, {{"do", "status"}}).has_value());

    std::uint64_t read = 0, lost = 0;
    int last = -1;
    while (read + lost < lines) {
        const auto size = asio::read_until(socket, asio::dynamic_buffer(text), '\n');
        const auto line = json::parse(text.substr(0, size));
        text.erase(0, size);
        if (line.contains("lost")) {
            lost += line["lost"].get<std::uint64_t>();
            continue;
        }
        read++;
        BOOST_REQUIRE(line.at("number").get<int>() > last); // in their order
        last = line["number"].get<int>();
    }
    BOOST_TEST(lost > 0U);
    BOOST_TEST(read >= 100U);
    BOOST_TEST(read + lost == static_cast<std::uint64_t>(lines));

    // And is told of what comes then.
    asio::post(listening.io, [&] { listening.feed->write(Listening::lineOf(lines)); });
    const auto size = asio::read_until(socket, asio::dynamic_buffer(text), '\n');
    BOOST_TEST(json::parse(text.substr(0, size)).at("number") == lines);
}

BOOST_AUTO_TEST_CASE(who_hangs_up_is_forgotten)
{
    Listening listening;
    {
        asio::io_context io;
        asio::local::stream_protocol::socket socket(io);
        socket.connect(control::socketIn(listening.folder));
        asio::write(socket, asio::buffer(std::string("{\"do\":\"follow\"}\n")));
        std::string text;
        asio::read_until(socket, asio::dynamic_buffer(text), '\n');
    }
    // The session was the feed's other owner.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    bool alone = false;
    while (!alone && std::chrono::steady_clock::now() < limit) {
        std::promise<bool> answer;
        asio::post(listening.io, [&] { answer.set_value(listening.feed.use_count() == 1); });
        alone = answer.get_future().get();
    }
    BOOST_TEST(alone);
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
