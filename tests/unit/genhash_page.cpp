// SPDX-License-Identifier: GPL-2.0
// genhash: its words, its request and what it prints of a page. What is expected was printed by
// keepalived 2.2.7's genhash.
#include "genhash/page.hpp"
#include "genhash/run.hpp"
#include "genhash/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::genhash;

namespace {

Result<Ask> read(std::vector<std::string> words)
{
    return readWords(words);
}

std::string complaint(std::vector<std::string> words)
{
    const auto ask = readWords(words);
    return ask ? "none" : ask.error().what;
}

struct Printed {
    std::string text;
    Page::Told told;
};

Printed print(bool verbose, const std::vector<std::string_view> &pieces)
{
    Printed printed;
    Page page(verbose, [&](std::string_view text) { printed.text += text; });
    for (const auto piece : pieces)
        page.take(piece);
    printed.told = page.end();
    return printed;
}

constexpr const char *helloMd5 = "5d41402abc4b2a76b9719d911017c592\n";

} // namespace

BOOST_AUTO_TEST_SUITE(genhash_page)

BOOST_AUTO_TEST_CASE(words_short_long_and_cut_short)
{
    const auto ask = read({"-S", "-I", "-v", "-s", "192.0.2.1", "-p", "443", "-u", "/x", "-V",
                           "www.example.org", "-P", "1.0c", "-m", "7", "-t", "9"});
    BOOST_REQUIRE(ask);
    BOOST_TEST((ask->tls && ask->sni && ask->verbose));
    BOOST_TEST(ask->server == "192.0.2.1");
    BOOST_TEST(ask->port.value == 443);
    BOOST_TEST(ask->url == "/x");
    BOOST_TEST(ask->host.value() == "www.example.org");
    BOOST_TEST((ask->version == config::HttpVersion::v10Close));
    BOOST_TEST(ask->mark == 7U);
    BOOST_TEST(ask->timeout.count() == 9);

    const auto longer = read({"--serv", "::1", "--port=80", "--url", "", "--use-virtualhost=a",
                              "--protocol", "1.1", "--fwmark=0", "--timeout=1", "--use-ssl"});
    BOOST_REQUIRE(longer);
    BOOST_TEST(longer->server == "::1");
    BOOST_TEST(longer->tls);
    BOOST_TEST(!longer->sni);
}

BOOST_AUTO_TEST_CASE(complaints)
{
    BOOST_TEST(complaint({}) == "");
    BOOST_TEST(complaint({"-x"}) == "");
    BOOST_TEST(complaint({"-v", "-h"}) == "");
    BOOST_TEST(complaint({"-h", "-x"}) == "Unknown option -x");
    BOOST_TEST(complaint({"-v", "-xy"}) == "Unknown option -x\nUnknown option -y");
    BOOST_TEST(complaint({"-v", "--use-s"}) == "Unknown option --use-s");
    BOOST_TEST(complaint({"-v", "--verbose=1"}) == "Unknown option --verbose=1");
    BOOST_TEST(complaint({"-v", "-s"}) == "Missing parameter for option -s");
    BOOST_TEST(complaint({"-v", "--server"}) == "Missing parameter for option --server");
    BOOST_TEST(complaint({"-x", "-p", "z"}) == "Unknown option -x\ninvalid port number 'z'");
    BOOST_TEST(complaint({"-p", "z", "-x"}) == "invalid port number 'z'");
    BOOST_TEST(complaint({"-p", "65536", "-v"}) == "invalid port number '65536'");
    BOOST_TEST(complaint({"-m", "x", "-v"}) == "invalid fwmark 'x'");
    BOOST_TEST(complaint({"-t", "1.5", "-v"}) == "invalid timeout '1.5'");
    BOOST_TEST(complaint({"-P", "2", "-v"}) == "invalid HTTP protocol version '2'");
    BOOST_TEST(complaint({"-s", "::1", "-p", "1", "-u", "/", "x", "y"}) ==
               "Unexpected argument(s): x y");
    BOOST_TEST(complaint({"-s", "::1", "-v"}) == "--port is missing\n--url is missing");
}

BOOST_AUTO_TEST_CASE(the_request)
{
    const auto request = [](std::vector<std::string> more) {
        std::vector<std::string> words{"-s", "127.0.0.1", "-p", "80", "-u", "/x"};
        words.insert(words.end(), more.begin(), more.end());
        return requestOf(*readWords(words));
    };
    BOOST_TEST(request({}) ==
               "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 127.0.0.1:80\r\n\r\n");
    BOOST_TEST(request({"-s", "::1"}) ==
               "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: [::1]:80\r\n\r\n");
    BOOST_TEST(request({"-P", "1.0c"}) == "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\n"
                                          "Connection: close\r\nHost: 127.0.0.1:80\r\n\r\n");
    BOOST_TEST(request({"-P", "1.1", "-V", "a.b"}) ==
               "GET /x HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\n"
               "Connection: close\r\nHost: a.b\r\n\r\n");
    BOOST_TEST(request({"-V", ""}) ==
               "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: \r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_page_at_once_and_in_pieces)
{
    const auto whole = print(true, {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"});
    BOOST_TEST(whole.text ==
               "-----------------------[    HTTP Header Buffer    ]-----------------------\n"
               "0000  48 54 54 50 2f 31 2e 31 - 20 32 30 30 20 4f 4b 0d   HTTP/1.1 200 OK.\n"
               "0016  0a 43 6f 6e 74 65 6e 74 - 2d 4c 65 6e 67 74 68 3a   .Content-Length:\n"
               "0032  20 35 0d 0a 58 3a 20 79 - 0d 0a 0d 0a                5..X: y....    \n"
               "-----------------------[ HTTP Header Ascii Buffer ]-----------------------\n"
               "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\n\n"
               "-----------------------[        HTML Buffer        ]-----------------------\n"
               "0000  68 65 6c 6c 6f          -                           hello           \n"
               "\n"
               "-----------------------[    HTML hash resulting    ]-----------------------\n"
               "0000  5d 41 40 2a bc 4b 2a 76 - b9 71 9d 91 10 17 c5 92   ]A@*.K*v.q......\n"
               "-----------------------[ HTML hash final resulting ]-----------------------\n"
               "5d41402abc4b2a76b9719d911017c592\n");
    BOOST_TEST(whole.told.page);
    BOOST_TEST(whole.told.complete.has_value());
    BOOST_TEST(whole.told.status == 200U);
    BOOST_TEST(!whole.told.content);

    const auto pieces =
        print(true, {"HTTP/1.1 200 OK\r\nContent-Le", "ngth: 10\r\n\r\nhel", "lo", "abcdefgh"});
    BOOST_TEST(pieces.text ==
               "-----------------------[    HTTP Header Buffer    ]-----------------------\n"
               "-----------------------[    HTTP Header Buffer    ]-----------------------\n"
               "0000  48 54 54 50 2f 31 2e 31 - 20 32 30 30 20 4f 4b 0d   HTTP/1.1 200 OK.\n"
               "0016  0a 43 6f 6e 74 65 6e 74 - 2d 4c 65 6e 67 74 68 3a   .Content-Length:\n"
               "0032  20 31 30 0d 0a 0d 0a    -                            10....         \n"
               "-----------------------[ HTTP Header Ascii Buffer ]-----------------------\n"
               "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n\n"
               "-----------------------[        HTML Buffer        ]-----------------------\n"
               "0000  68 65 6c                -                           hel             \n"
               "0000  6c 6f                   -                           lo              \n"
               "0000  61 62 63 64 65          -                           abcde           \n"
               "\n"
               "-----------------------[    HTML hash resulting    ]-----------------------\n"
               "0000  6b 2c a1 ef 75 13 57 e9 - bf 4a d0 b5 2b 6d ea d9   k,..u.W..J..+m..\n"
               "-----------------------[ HTML hash final resulting ]-----------------------\n"
               "6b2ca1ef751357e9bf4ad0b52b6dead9\n");

    BOOST_TEST(print(false, {"HTTP/1.0 200 OK\r\n\r\nhe", "llo"}).text == helloMd5);
    BOOST_TEST(print(false, {"HTTP/1.0 200 OK\r\ncontent-length:5\r\n\r\nhello123"}).text ==
               helloMd5);
}

BOOST_AUTO_TEST_CASE(chunks_are_hashed_as_they_came_and_the_difference_is_told)
{
    const auto printed = print(
        false, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"});
    BOOST_TEST(printed.text == "79e9489e3bd3f0cb0158215341de046d\n");
    BOOST_REQUIRE(printed.told.content.has_value());
    BOOST_TEST(toString(*printed.told.content) + "\n" == helloMd5);
}

BOOST_AUTO_TEST_CASE(what_is_no_page)
{
    for (const std::string_view answer : {"garbage", "", "HTTP/1.0 200 OK\n\nhello"}) {
        std::vector<std::string_view> pieces;
        if (!answer.empty())
            pieces.push_back(answer);
        const auto printed = print(false, pieces);
        BOOST_TEST(printed.text == "");
        BOOST_TEST(!printed.told.page);
    }
    BOOST_TEST(print(true, {}).text ==
               "\n"
               "-----------------------[    HTML hash resulting    ]-----------------------\n"
               "0000  d4 1d 8c d9 8f 00 b2 04 - e9 80 09 98 ec f8 42 7e   ..............B~\n"
               "-----------------------[ HTML hash final resulting ]-----------------------\n");

    // keepalived says nothing of these two.
    const auto cut = print(false, {"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nshort"});
    BOOST_TEST(cut.text == "4f09daa9d95bcb166a302407a0e0babe\n");
    BOOST_TEST(cut.told.complete.error().what ==
               "the answer ended in the middle, after 5 bytes of its body");
    BOOST_TEST(print(false, {"HTTP/1.0 404 Not\r\n\r\nx"}).told.status == 404U);
}

BOOST_AUTO_TEST_CASE(it_ends_where_the_answer_does)
{
    Page page(false, [](std::string_view) {});
    BOOST_TEST(!page.done());
    page.take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    BOOST_TEST(!page.done());
    page.take("lo");
    BOOST_TEST(page.done());
}

BOOST_AUTO_TEST_CASE(its_names)
{
    BOOST_TEST(isGenhash("genhash"));
    BOOST_TEST(isGenhash("/usr/bin/genhash"));
    BOOST_TEST(!isGenhash("lbctl"));
    std::string said;
    const Streams streams{.out = [](std::string_view) {},
                          .fail = [&](std::string_view text) { said += text; }};
    BOOST_TEST(run("genhash", std::vector<std::string>{"-v", "-x"}, streams) == 1);
    BOOST_TEST(said.starts_with("Unknown option -x\nUsage: genhash COMMAND [OPTIONS]\n"));
}

BOOST_AUTO_TEST_SUITE_END()
