// SPDX-License-Identifier: GPL-2.0
// Mail, as text and to a server that is in this test. What keepalived 2.2.7 sent in the same
// cases was read off its connection to a server.
#include "notify/mail.hpp"
#include "notify/names.hpp"
#include "notify/smtp.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::notify;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

const std::chrono::system_clock::time_point monday{std::chrono::seconds(1795425857)};

Message someMessage()
{
    return {.from = "lb@example.org",
            .to = {"admin@example.org", "second@example.org"},
            .subject = "[lbtest] Virtualserver [192.0.2.1]:tcp:80 - UP",
            .body = "=> Starting with quorum up 1+0=1 <= 1 <=\n\n",
            .written = monday};
}

std::string sends(Dialogue &dialogue, std::string_view line)
{
    const auto answer = dialogue.on(line);
    return answer ? *answer : "error: " + answer.error().what;
}

// A server that answers by a list, and says what it was told, a line for each connection.
class Server {
public:
    Server(asio::io_context &context, std::vector<std::vector<std::string>> answers)
        : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          answers_(std::move(answers))
    {
        asio::co_spawn(context, serve(), asio::detached);
    }

    [[nodiscard]] Port port() const { return Port{acceptor_.local_endpoint().port()}; }
    [[nodiscard]] const std::vector<std::string> &heard() const { return heard_; }

private:
    asio::awaitable<void> serve()
    {
        for (const auto &answers : answers_) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            std::string all, buffer;
            bool data = false;
            boost::system::error_code code;
            for (const auto &answer : answers) {
                // Before the greeting nothing is read; the mail is, to its end.
                if (&answer != &answers.front()) {
                    const std::string end = data ? "\r\n.\r\n" : "\r\n";
                    const auto length = co_await asio::async_read_until(
                        socket, asio::dynamic_buffer(buffer), end, asio::use_awaitable);
                    all += buffer.substr(0, length);
                    buffer.erase(0, length);
                }
                data = answer.starts_with("354");
                co_await asio::async_write(socket, asio::buffer(answer + "\r\n"),
                                           asio::use_awaitable);
            }
            heard_.push_back(all);
        }
        acceptor_.close();
    }

    tcp::acceptor acceptor_;
    std::vector<std::vector<std::string>> answers_;
    std::vector<std::string> heard_{};
};

const std::vector<std::string> willing{"220 hello", "250 hi", "250 ok", "250 ok",
                                       "354 go",    "250 ok", "221 bye"};

config::Mail settings(Port port, std::string server = "127.0.0.1")
{
    return {
        .to = {"a@b"}, .from = "l@b", .server = std::move(server), .port = port, .helloName = "me"};
}

config::VirtualServer serverOf(config::VirtualName name, Protocol protocol)
{
    config::VirtualServer server;
    server.name = std::move(name);
    server.protocol = protocol;
    return server;
}

const Mail::Limits quick{.waiting = 3, .tries = 3, .firstDelay = 1ms, .mostDelay = 2ms};

} // namespace

BOOST_AUTO_TEST_SUITE(notify_mail)

BOOST_AUTO_TEST_CASE(the_dialogue_is_keepaliveds)
{
    Dialogue dialogue("localhost", someMessage());
    BOOST_TEST(sends(dialogue, "220 sink ESMTP") == "HELO localhost\r\n");
    BOOST_TEST(sends(dialogue, "250 ok") == "MAIL FROM:<lb@example.org>\r\n");
    BOOST_TEST(sends(dialogue, "250 ok") == "RCPT TO:<admin@example.org>\r\n");
    BOOST_TEST(sends(dialogue, "251 elsewhere") == "RCPT TO:<second@example.org>\r\n");
    BOOST_TEST(sends(dialogue, "250 ok") == "DATA\r\n");
    BOOST_TEST(sends(dialogue, "354 go") ==
               "Date: Mon, 23 Nov 2026 09:24:17 +0000\r\nFrom: lb@example.org\r\n"
               "Subject: [lbtest] Virtualserver [192.0.2.1]:tcp:80 - UP\r\n"
               "X-Mailer: lbd\r\nTo: admin@example.org, second@example.org\r\n\r\n"
               "=> Starting with quorum up 1+0=1 <= 1 <=\r\n\r\n.\r\n");
    BOOST_TEST(!dialogue.accepted());
    BOOST_TEST(sends(dialogue, "250 ok") == "QUIT\r\n");
    BOOST_TEST(dialogue.accepted());
    BOOST_TEST(!dialogue.done());
    BOOST_TEST(sends(dialogue, "221 bye") == "");
    BOOST_TEST(dialogue.done());
}

BOOST_AUTO_TEST_CASE(an_answer_may_have_several_lines)
{
    Dialogue dialogue("x", someMessage());
    BOOST_TEST(sends(dialogue, "220-hello") == "");
    BOOST_TEST(sends(dialogue, "220") == "HELO x\r\n");
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_told)
{
    Dialogue dialogue("x", someMessage());
    BOOST_TEST(sends(dialogue, "554 go away") == "error: the greeting was answered '554 go away'");
    for (const auto *line : {"", "22", "2x0 hello", "hello", "+20 x"})
        BOOST_TEST(sends(dialogue, line) ==
                   fmt::format("error: the answer to the greeting is no SMTP: '{}'", line));
    sends(dialogue, "220 x");
    sends(dialogue, "250 x");
    const auto answer = dialogue.on("451 later");
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().code == 451);
    BOOST_TEST(answer.error().what == "MAIL FROM was answered '451 later'");
}

BOOST_AUTO_TEST_CASE(no_text_becomes_a_header_or_ends_the_mail)
{
    auto message = someMessage();
    message.subject = "a\r\nBcc: x@y";
    message.body = ".\n..\nx\r\n.y";
    const auto data = dataOf(message);
    BOOST_TEST(data.find("Subject: a  Bcc: x@y\r\n") != std::string::npos);
    BOOST_TEST(data.ends_with("\r\n\r\n..\r\n...\r\nx\r\n..y\r\n.\r\n"));
    message.to = {"Ann <a@b>", "c@d>\r\nDATA"};
    Dialogue dialogue("x y\r\n", message);
    BOOST_TEST(sends(dialogue, "220 x") == "HELO xy\r\n");
    sends(dialogue, "250 x");
    BOOST_TEST(sends(dialogue, "250 x") == "RCPT TO:<a@b>\r\n");
    BOOST_TEST(sends(dialogue, "250 x") == "RCPT TO:<c@dDATA>\r\n");
}

BOOST_AUTO_TEST_CASE(subjects_are_keepaliveds)
{
    const auto web = serverOf(*Endpoint::parse("192.0.2.1:80"), Protocol::tcp);
    const auto mark = serverOf(config::Mark{5}, Protocol::tcp);
    const auto group = serverOf(config::GroupName{"g"}, Protocol::tcp);
    const auto six = serverOf(*Endpoint::parse("[2001:db8:f::1]:80"), Protocol::udp);
    config::RealServer real, real6;
    real.ip = *Ip::parse("10.0.0.11");
    real.port = Port{80};
    real6.ip = *Ip::parse("2001:db8::11"); // with the port of its virtual server
    BOOST_TEST(virtualLine(web, State::up) == "VS [192.0.2.1]:tcp:80 UP\n");
    BOOST_TEST(virtualLine(six, State::down) == "VS [2001:db8:f::1]:udp:80 DOWN\n");
    BOOST_TEST(virtualLine(group, State::up) == "VS [g]:0 UP\n");
    BOOST_TEST(virtualLine(mark, State::up) == "VS FWM 5 UP\n");
    BOOST_TEST(realLine(web, real, State::down) ==
               "RS [10.0.0.11]:tcp:80 [192.0.2.1]:tcp:80 DOWN\n");
    BOOST_TEST(realLine(six, real6, State::up) ==
               "RS [2001:db8::11]:udp:80 [2001:db8:f::1]:udp:80 UP\n");
    BOOST_TEST(realLine(group, real, State::up) == "RS [10.0.0.11]:tcp:80 [g]:0 UP\n");
    BOOST_TEST(realLine(mark, real, State::up) == "RS [10.0.0.11]:none:0 FWM 5 UP\n");
    BOOST_TEST(virtualSubject("lbtest", mark, State::down) ==
               "[lbtest] Virtualserver FWM 5 - DOWN");
    BOOST_TEST(realSubject("lbtest", web, real, State::down) ==
               "[lbtest] Realserver [10.0.0.11]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - "
               "DOWN");
}

BOOST_AUTO_TEST_CASE(mail_is_handed_over_in_order)
{
    asio::io_context context;
    Server server(context, {willing, willing});
    Mail mail(context.get_executor(), settings(server.port()), "host",
              [](const std::string &line) { BOOST_ERROR(line); });
    mail.send("one", "body\n");
    mail.send("two", "body\n");
    BOOST_TEST(mail.waiting() == 2U);
    context.run();
    BOOST_TEST(mail.sent() == 2U);
    BOOST_TEST(mail.waiting() == 0U);
    BOOST_REQUIRE(server.heard().size() == 2U);
    BOOST_TEST(server.heard()[0].starts_with("HELO me\r\nMAIL FROM:<l@b>\r\nRCPT TO:<a@b>\r\n"
                                             "DATA\r\nDate: "));
    BOOST_TEST(server.heard()[0].find("Subject: one\r\n") != std::string::npos);
    BOOST_TEST(server.heard()[1].find("Subject: two\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_has_a_name)
{
    asio::io_context context;
    Server server(context, {willing});
    Mail mail(context.get_executor(), settings(server.port(), "localhost"), "host",
              [](const std::string &line) { BOOST_ERROR(line); });
    mail.send("one", "");
    context.run();
    BOOST_TEST(mail.sent() == 1U);
}

BOOST_AUTO_TEST_CASE(what_fails_for_now_is_tried_again)
{
    asio::io_context context;
    std::vector<std::string> log;
    Server server(context, {{"421 later"}, {"220 x", "250 x", "451 later"}, willing});
    Mail mail(
        context.get_executor(), settings(server.port()), "host",
        [&](const std::string &line) { log.push_back(line); }, quick);
    mail.send("one", "");
    context.run();
    BOOST_TEST(mail.sent() == 1U);
    BOOST_TEST(mail.dropped() == 0U);
    BOOST_REQUIRE(log.size() == 1U); // once
    BOOST_TEST(log[0].ends_with(": the greeting was answered '421 later'"));
}

BOOST_AUTO_TEST_CASE(what_fails_for_ever_or_too_often_is_given_up)
{
    asio::io_context context;
    std::vector<std::string> log;
    Server server(
        context,
        {{"220 x", "250 x", "250 x", "550 who?"}, {"421 1"}, {"421 2"}, {"421 3"}, willing});
    Mail mail(
        context.get_executor(), settings(server.port()), "host",
        [&](const std::string &line) { log.push_back(line); }, quick);
    mail.send("one", "");
    mail.send("two", "");
    mail.send("three", "");
    mail.send("four", "");
    context.run();
    BOOST_TEST(mail.sent() == 1U);
    BOOST_TEST(mail.dropped() == 3U);
    BOOST_REQUIRE(log.size() == 4U);
    BOOST_TEST(log[0].starts_with("mail 'four' to 127.0.0.1:"));
    BOOST_TEST(log[0].ends_with(": given up, 3 wait already"));
    BOOST_TEST(log[1].ends_with("RCPT TO was answered '550 who?': given up"));
    BOOST_TEST(log[2].ends_with("answered '421 1'"));
    BOOST_TEST(log[3].ends_with("answered '421 3': given up"));
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_holds_up_nothing)
{
    asio::io_context context;
    std::vector<std::string> log;
    tcp::acceptor silent(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    auto limits = quick;
    limits.answer = 20ms;
    limits.tries = 1;
    Mail mail(
        context.get_executor(), settings(Port{silent.local_endpoint().port()}), "host",
        [&](const std::string &line) { log.push_back(line); }, limits);
    mail.send("one", "");
    context.run();
    BOOST_TEST(mail.dropped() == 1U);
    BOOST_REQUIRE(log.size() == 1U);
    BOOST_TEST(log[0].ends_with(": it takes too long: given up"));
}

BOOST_AUTO_TEST_CASE(without_a_server_nothing_is_sent)
{
    asio::io_context context;
    Mail mail(context.get_executor(), config::Mail{.to = {"a@b"}}, "host", {});
    mail.send("one", "");
    BOOST_TEST(mail.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(it_ends_while_mail_waits)
{
    asio::io_context context;
    tcp::acceptor silent(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    {
        Mail mail(context.get_executor(), settings(Port{silent.local_endpoint().port()}), "host",
                  {});
        mail.send("one", "");
        mail.send("two", "");
        context.poll();
    }
    context.run(); // to its end: nothing waits any longer
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
