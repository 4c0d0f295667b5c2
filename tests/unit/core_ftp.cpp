// SPDX-License-Identifier: GPL-2.0
// Commands and replies as RFC 959, RFC 1123 and RFC 2428 write them, and as an attacker does.
#include <array>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/ftp.h"
}

namespace {

struct Said {
    std::vector<int> addr;
    int port;
    std::string text; // what would be rewritten
    bool operator==(const Said &) const = default;
};

Said told(const ftp_line &line, const ftp_said &said, bool reply)
{
    return {{said.addr, said.addr + said.addr_len},
            said.port,
            reply ? std::string(line.text + said.at, said.len) : std::string()};
}

// All that is announced in a stream that comes in pieces, each a segment.
std::vector<Said> hear(const std::vector<std::string_view> &segments, bool replies)
{
    std::vector<Said> all;
    ftp_line line{};
    ftp_said said{};
    u32 pos = UINT32_MAX - 10;
    for (const auto segment : segments) {
        for (const char byte : segment) {
            if (ftp_line_add(&line, byte, pos++)) {
                if (replies ? ftp_reply(&line, &said) : ftp_command(&line, &said))
                    all.push_back(told(line, said, replies));
                ftp_line_end(&line);
            }
        }
        if (replies && ftp_reply(&line, &said)) {
            all.push_back(told(line, said, replies));
            line.skip = true;
        }
    }
    return all;
}

std::optional<Said> command(std::string_view text)
{
    const auto all = hear({text, "\r\n"}, false);
    return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<Said> reply(std::string_view text)
{
    const auto all = hear({text, "\r\n"}, true);
    return all.empty() ? std::nullopt : std::optional(all.front());
}

const std::vector<int> v6{0x10, 0x80, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0x0c, 0x41, 0x7a};

} // namespace

BOOST_AUTO_TEST_SUITE(core_ftp)

BOOST_AUTO_TEST_CASE(port_names_an_address_and_a_port)
{
    const Said want{{132, 235, 1, 2}, 24 * 256 + 131, ""};
    BOOST_TEST((command("PORT 132,235,1,2,24,131") == want));
    BOOST_TEST((command("port 132,235,1,2,24,131") == want));
    BOOST_TEST((command("PoRt  132,235,001,2,24,131 ") == want));
    BOOST_TEST((hear({"PORT 132,235,1,2,24,131\n"}, false).at(0) == want));
}

BOOST_AUTO_TEST_CASE(eprt_as_in_rfc_2428)
{
    BOOST_TEST((command("EPRT |1|132.235.1.2|6275|") == Said{{132, 235, 1, 2}, 6275, ""}));
    BOOST_TEST((command("EPRT |2|1080::8:800:200C:417A|5282|") == Said{v6, 5282, ""}));
    BOOST_TEST((command("eprt ~2~1080:0:0:0:8:800:200c:417a~5282~") == Said{v6, 5282, ""}));
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_of_every_form)
{
    const auto address = [](const std::string &text) {
        const auto said = command("EPRT |2|" + text + "|5282|");
        return said ? said->addr : std::vector<int>();
    };
    const std::vector<int> none;
    std::vector<int> one(16);
    BOOST_TEST(address("::") == one);
    one[15] = 1;
    BOOST_TEST(address("::1") == one);
    BOOST_TEST(address("0:0:0:0:0:0:0:1") == one);
    BOOST_TEST(address("0:0:0::0:0:1") == one);
    std::swap(one[1], one[15]);
    BOOST_TEST(address("1::") == one);
    BOOST_TEST(address("1:0:0:0:0:0:0::") == one);
    for (const auto *text : {"", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                             "1:2:3:4:5:6:7:8::", "1::2::3", "12345::", "1::g", "::ffff:1.2.3.4"})
        BOOST_TEST(address(text) == none, text);
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint_is_none)
{
    for (const auto *text : {"PORT",
                             "PORT ",
                             "PORT132,235,1,2,24,131",
                             "PORT 132,235,1,2,24",
                             "PORT 1,2,3,4,5,6,7",
                             "PORT 256,1,1,1,1,1",
                             "PORT 1,1,1,1,1,256",
                             "PORT 1,2,3,4,0,0",
                             "PORT 1,2,3,4,5,0006",
                             "PORT -1,2,3,4,5,6",
                             "PORT 1,,3,4,5,6",
                             "XPORT 1,2,3,4,5,6",
                             "PORTS 1,2,3,4,5,6",
                             "SITE PORT 1,2,3,4,5,6",
                             "EPRT |1|1.2.3.4|0|",
                             "EPRT |1|1.2.3.4|65536|",
                             "EPRT |1|1.2.3.4|6275",
                             "EPRT |3|1.2.3.4|6275|",
                             "EPRT |2|1.2.3.4|6275|",
                             "EPRT |1|::1|6275|",
                             "EPRT 1|1.2.3.4|6275|",
                             "EPRT |1!1.2.3.4|6275|",
                             "EPRT",
                             "EPRT |1|1.2.3|6275|",
                             "EPRT |1|1.2.3.4.5|6275|",
                             "EPRT |1|1.2.3.4|999999|"})
        BOOST_TEST(!command(text), text);
}

BOOST_AUTO_TEST_CASE(passive_replies_with_and_without_parentheses)
{
    const Said want{{132, 235, 1, 2}, 24 * 256 + 131, "132,235,1,2,24,131"};
    BOOST_TEST((reply("227 Entering Passive Mode (132,235,1,2,24,131).") == want));
    BOOST_TEST((reply("227 Entering Passive Mode. 132,235,1,2,24,131") == want));
    BOOST_TEST((reply("227 =132,235,1,2,24,131") == want));
    BOOST_TEST((reply("227 Session 7, mode 12 (132,235,1,2,24,131)") == want));
    BOOST_TEST((reply("229 Entering Extended Passive Mode (|||6446|)") == Said{{}, 6446, "6446"}));
    BOOST_TEST((reply("229 ok (!!!6446!)") == Said{{}, 6446, "6446"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_passive_reply_is_none)
{
    for (const auto *text :
         {"227", "227 ", "227-Entering (1,2,3,4,5,6)", "2270 (1,2,3,4,5,6)", " 227 (1,2,3,4,5,6)",
          "200 227 (1,2,3,4,5,6)", "227 (1,2,3,4,5)", "227 (1,2,3,4,5,6000)", "227 (1,2,3,4,0,0)",
          "229 (1,2,3,4,5,6)", "229 (|||0|)", "229 (|||65536|)", "229 (||6446|)", "229 |||6446|",
          "229 (|1||6446|)", "229 (|||6446)", "229 (|||6446|", "229 (", "228 (|||6446|)"})
        BOOST_TEST(!reply(text), text);
}

BOOST_AUTO_TEST_CASE(text_within_a_longer_reply_is_no_reply)
{
    const auto count = [](std::string_view text) { return hear({text}, true).size(); };
    BOOST_TEST(count("211-Status of\r\n227 Entering (10,0,0,11,24,131)\r\n211 End\r\n") == 0U);
    BOOST_TEST(count("211-Status\r\n212 no end\r\n 211 none\r\n229 (|||6446|)\r\n211 End\r\n"
                     "229 (|||6446|)\r\n") == 1U);
    BOOST_TEST(count("227-Entering\r\n227 (10,0,0,11,24,131)\r\n") == 1U);
}

BOOST_AUTO_TEST_CASE(lines_may_come_in_any_pieces)
{
    const std::string text = "USER a\r\nPORT 1,2,3,4,5,6\r\nEPRT |1|1.2.3.4|6275|\r\nQUIT\r\n";
    for (std::size_t i = 0; i <= text.size(); i++)
        BOOST_TEST(
            hear({std::string_view(text).substr(0, i), std::string_view(text).substr(i)}, false)
                .size() == 2U);
    const std::string answer = "200 a\r\n227 (1,2,3,4,5,6).\r\n229 (|||6446|)\r\n226 done\r\n";
    for (std::size_t i = 0; i <= answer.size(); i++)
        BOOST_TEST(
            (hear({std::string_view(answer).substr(0, i), std::string_view(answer).substr(i)},
                  true) ==
             std::vector<Said>{{{1, 2, 3, 4}, 5 * 256 + 6, "1,2,3,4,5,6"}, {{}, 6446, "6446"}}));
}

BOOST_AUTO_TEST_CASE(a_line_that_was_lost_is_not_guessed_at)
{
    ftp_line line{};
    ftp_said said{};
    ftp_line_lose(&line);
    for (const char byte : std::string_view("PORT 1,2,3,4,5,6\r"))
        BOOST_TEST(!ftp_line_add(&line, byte, 0));
    BOOST_TEST(!ftp_command(&line, &said));
    ftp_line_end(&line);
    for (const char byte : std::string_view("PORT 1,2,3,4,5,6\r"))
        BOOST_TEST(!ftp_line_add(&line, byte, 7));
    BOOST_TEST(ftp_command(&line, &said));
    BOOST_TEST(line.begin == 7U);
}

BOOST_AUTO_TEST_CASE(of_a_long_line_the_beginning_counts)
{
    const std::string text(70, 'x');
    BOOST_TEST(reply("227 " + text + " (1,2,3,4,5,6)" + text).has_value());
    BOOST_TEST(!reply("227 " + text + text + " (1,2,3,4,5,6)"));
    BOOST_TEST(!command("PORT 1,2,3,4,5,6" + std::string(200, ' ')));
}

BOOST_AUTO_TEST_CASE(noise_is_read_and_nothing_else)
{
    // Half of it from the alphabet of endpoints; the sanitizers judge.
    std::mt19937 random(7);
    const std::string_view letters = "0123456789,|.:()- \r\n27PORTEF";
    for (int i = 0; i < 20000; i++) {
        std::string text(random() % 160, '\0');
        for (auto &byte : text)
            byte = random() % 8 ? letters[random() % letters.size()] : static_cast<char>(random());
        hear({i % 2 ? "227 " : "229 (|||", text}, true);
        hear({i % 2 ? "PORT " : "EPRT |2|", text}, false);
    }
}

BOOST_AUTO_TEST_CASE(endpoints_are_written_as_they_are_read)
{
    char text[FTP_NUMBERS_MAX];
    const u8 low[] = {1, 0, 10, 9}, high[] = {255, 255, 255, 255};
    BOOST_TEST(ftp_write(text, low, 6275) == 15U);
    BOOST_TEST(text == "1,0,10,9,24,131");
    BOOST_TEST(ftp_write(text, high, 65535) == 23U);
    BOOST_TEST(text == "255,255,255,255,255,255");
    BOOST_TEST(ftp_write(text, nullptr, 65535) == 5U);
    BOOST_TEST(text == "65535");
    BOOST_TEST(ftp_write(text, nullptr, 7) == 1U);
    BOOST_TEST(text == "7");
}

BOOST_AUTO_TEST_SUITE_END()
