// SPDX-License-Identifier: GPL-2.0
// Messages of RFC 3261 (24.2) and RFC 4475 (3.1.1.1), and what is none.
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/sip.h"
}

namespace {

// On the heap and as long as it says, so that reading beyond it is seen.
std::string callId(std::string_view text)
{
    const std::vector<char> message(text.begin(), text.end());
    u32 length = 0;
    const char *id = sip_call_id(message.data(), static_cast<u32>(message.size()), &length);
    return id != nullptr ? std::string(id, length) : "none";
}

const std::string invite = "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
                           "Max-Forwards: 70\r\n"
                           "To: Bob <sip:bob@biloxi.com>\r\n"
                           "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
                           "Call-ID: a84b4c76e66710\r\n"
                           "CSeq: 314159 INVITE\r\n"
                           "Content-Length: 0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(core_sip)

BOOST_AUTO_TEST_CASE(requests_and_answers_have_one)
{
    BOOST_TEST(callId(invite) == "a84b4c76e66710");
    BOOST_TEST(callId("SIP/2.0 180 Ringing\r\nCall-ID: a84b4c76e66710@pc33.atlanta.com\r\n\r\n") ==
               "a84b4c76e66710@pc33.atlanta.com");
}

BOOST_AUTO_TEST_CASE(names_are_of_any_case_and_may_be_short)
{
    BOOST_TEST(callId("OPTIONS sip:a SIP/2.0\r\ncaLL-iD: 1@a\r\n\r\n") == "1@a");
    BOOST_TEST(callId("OPTIONS sip:a SIP/2.0\r\ni: 2@a\r\n\r\n") == "2@a");
    BOOST_TEST(callId("OPTIONS sip:a SIP/2.0\r\nI:3@a\r\n\r\n") == "3@a");
    BOOST_TEST(callId("OPTIONS sip:a SIP/2.0\r\nCall-ID \t:\t4@a \r\n\r\n") == "4@a");
}

BOOST_AUTO_TEST_CASE(values_may_be_folded)
{
    BOOST_TEST(callId("INVITE sip:v SIP/2.0\r\n"
                      "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
                      "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n"
                      "  ;\r\n  tag = 98asjd8\r\n"
                      "MaX-fOrWaRdS: 0068\r\n"
                      "Call-ID: wsinv.ndaksdj@192.0.2.1\r\n"
                      "Content-Length   : 150\r\n\r\n") == "wsinv.ndaksdj@192.0.2.1");
    BOOST_TEST(callId("INVITE sip:v SIP/2.0\r\nCall-ID:\r\n  5@a\r\nCSeq: 1 INVITE\r\n\r\n") ==
               "5@a");
    BOOST_TEST(callId("INVITE sip:v SIP/2.0\r\nX: y\r\n i: no\r\ni: 6@a\r\n\r\n") == "6@a");
}

BOOST_AUTO_TEST_CASE(empty_lines_before_a_message_are_passed)
{
    BOOST_TEST(callId("\r\n\r\n" + invite) == "a84b4c76e66710");
    BOOST_TEST(callId("\r\n\r\n") == "none");
}

BOOST_AUTO_TEST_CASE(the_body_and_the_first_line_have_none)
{
    BOOST_TEST(callId("INVITE sip:v SIP/2.0\r\nTo: a\r\n\r\nCall-ID: 7@a\r\n\r\n") == "none");
    BOOST_TEST(callId("Call-ID: 8@a\r\n\r\n") == "none");
}

BOOST_AUTO_TEST_CASE(what_is_no_word_is_refused)
{
    for (const auto *bad : {"", " ", "a b", "a\x1b[31m", "a;b", "a,b", "a\x80"}) {
        const auto id =
            callId("INVITE sip:v SIP/2.0\r\nCall-ID: " + std::string(bad) + "\r\nTo: a\r\n\r\n");
        BOOST_TEST(id == (std::string_view(bad) == "a b" ? "a" : "none"), bad);
    }
}

BOOST_AUTO_TEST_CASE(a_cut_message_gives_the_whole_one_or_none)
{
    for (std::size_t length = 0; length < invite.size(); length++) {
        const auto id = callId(std::string_view(invite).substr(0, length));
        BOOST_TEST((id == "none" || id == "a84b4c76e66710"), length);
    }
}

BOOST_AUTO_TEST_SUITE_END()
