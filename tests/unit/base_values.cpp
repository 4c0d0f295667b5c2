// SPDX-License-Identifier: GPL-2.0
// Addresses, ports, weights and words: what is accepted, what is refused and with which words.
#include "base/closest.hpp"
#include "base/duration.hpp"
#include "base/endpoint.hpp"
#include "base/number.hpp"
#include "base/types.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;

namespace {

// The value as text again, or "what | hint" of the refusal.
template <typename T>
std::string parsed(const Result<T> &result)
{
    if (!result)
        return result.error().what + " | " + result.error().hint;
    return std::string(toString(*result));
}

std::string ip(std::string_view text)
{
    return parsed(Ip::parse(text));
}

std::string target(std::string_view text)
{
    const auto result = Target::parse(text);
    if (!result)
        return result.error().what + " | " + result.error().hint;
    return toString(result->ip) +
           (result->port ? " port " + std::to_string(result->port->value) : "");
}

std::string pattern(std::string_view text)
{
    const auto result = Pattern::parse(text);
    if (!result)
        return result.error().what + " | " + result.error().hint;
    return toString(result->prefix) +
           (result->port ? " port " + std::to_string(result->port->value) : "");
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_values)

BOOST_AUTO_TEST_CASE(addresses_are_read_and_printed_canonically)
{
    BOOST_TEST(ip("192.0.2.1") == "192.0.2.1");
    BOOST_TEST(ip("255.255.255.255") == "255.255.255.255");
    BOOST_TEST(ip("2001:DB8:0:0::1") == "2001:db8::1");
    BOOST_TEST(ip("::") == "::");
    BOOST_TEST(ip("::ffff:192.0.2.1") == "::ffff:192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_wrong_address_says_what_is_wrong)
{
    BOOST_TEST(ip("") == "an address is missing | ");
    BOOST_TEST(ip("10.0.0.300") == "'10.0.0.300' is not an address | 300 is not between 0 and 255");
    BOOST_TEST(ip("10.0.0") == "'10.0.0' is not an address | an IPv4 address has four numbers");
    BOOST_TEST(ip("10..0.1") == "'10..0.1' is not an address | a number is missing between dots");
    BOOST_TEST(ip("10.0.0.") == "'10.0.0.' is not an address | a number is missing between dots");
    BOOST_TEST(ip("010.0.0.1") == "'010.0.0.1' is not an address | 010 has a leading zero");
    BOOST_TEST(ip("www.example.org") ==
               "'www.example.org' is not an address | names are looked up only with --resolve");
    BOOST_TEST(ip("fe80::1%eth0") ==
               "'fe80::1%eth0' is not an address | an address with an interface (%) is not "
               "supported here");
    BOOST_TEST(ip("2001::db8::1") == "'2001::db8::1' is not an address | ");
}

BOOST_AUTO_TEST_CASE(address_bytes_are_in_network_order)
{
    const auto v4 = Ip::parse("192.0.2.1");
    const std::vector<int> expected{192, 0, 2, 1};
    BOOST_TEST(std::vector<int>(v4->bytes().begin(), v4->bytes().end()) == expected,
               boost::test_tools::per_element());
    BOOST_TEST(Ip::parse("2001:db8::1")->bytes().size() == 16U);
    BOOST_TEST(Ip::parse("2001:db8::1")->bytes()[1] == 0x01);
    BOOST_TEST(Ip::parse("2001:db8::1")->bytes()[15] == 1);
    BOOST_TEST(!Ip::fromBytes(Family::inet, Ip::parse("::1")->bytes()));
}

BOOST_AUTO_TEST_CASE(prefixes)
{
    BOOST_TEST(parsed(Prefix::parse("192.0.2.0/24")) == "192.0.2.0/24");
    BOOST_TEST(parsed(Prefix::parse("192.0.2.7")) == "192.0.2.7/32");
    BOOST_TEST(parsed(Prefix::parse("2001:db8::/32")) == "2001:db8::/32");
    BOOST_TEST(parsed(Prefix::parse("::1")) == "::1/128");
    BOOST_TEST(parsed(Prefix::parse("192.0.2.0/33")) ==
               "the prefix length of '192.0.2.0/33': 33 is too large | at most 32");
    BOOST_TEST(parsed(Prefix::parse("::/x")) ==
               "the prefix length of '::/x': 'x' is not a number | from 0 to 128");
}

BOOST_AUTO_TEST_CASE(endpoints)
{
    BOOST_TEST(parsed(Endpoint::parse("192.0.2.1:80")) == "192.0.2.1:80");
    BOOST_TEST(parsed(Endpoint::parse("[2001:db8::1]:53")) == "[2001:db8::1]:53");
    BOOST_TEST(parsed(Endpoint::parse("192.0.2.1")) ==
               "'192.0.2.1' has no port | write 192.0.2.1:80");
    BOOST_TEST(parsed(Endpoint::parse("2001:db8::1")) ==
               "'2001:db8::1' has no port | write [2001:db8::1]:80");
    BOOST_TEST(parsed(Endpoint::parse("192.0.2.1:")) == "a port is missing after the colon | ");
    BOOST_TEST(parsed(Endpoint::parse("192.0.2.1:65536")) ==
               "port 65536 is too large | at most 65535");
    BOOST_TEST(parsed(Endpoint::parse("192.0.2.1:http")) ==
               "port 'http' is not a number | from 0 to 65535");
    BOOST_TEST(parsed(Endpoint::parse("[2001:db8::1:53")) ==
               "'[2001:db8::1:53' lacks the closing ] | ");
    BOOST_TEST(parsed(Endpoint::parse("[2001:db8::1]53")) ==
               "'[2001:db8::1]53' has '53' after the ] | a port follows as ]:80");
}

BOOST_AUTO_TEST_CASE(targets_may_lack_the_port)
{
    BOOST_TEST(target("10.0.0.1") == "10.0.0.1");
    BOOST_TEST(target("10.0.0.1:8080") == "10.0.0.1 port 8080");
    BOOST_TEST(target("2001:db8::1") == "2001:db8::1");
    BOOST_TEST(target("[2001:db8::1]") == "2001:db8::1");
    BOOST_TEST(target("[2001:db8::1]:80") == "2001:db8::1 port 80");
    BOOST_TEST(target("2001:db8::1:http") ==
               "'2001:db8::1:http' is not an address | an IPv6 address with a port is written "
               "[2001:db8::1]:80");
}

BOOST_AUTO_TEST_CASE(patterns_of_clients)
{
    BOOST_TEST(pattern("10.0.0.0/8") == "10.0.0.0/8");
    BOOST_TEST(pattern("10.0.0.0/8:4000") == "10.0.0.0/8 port 4000");
    BOOST_TEST(pattern("10.1.2.3:4000") == "10.1.2.3/32 port 4000");
    BOOST_TEST(pattern("2001:db8::/32") == "2001:db8::/32");
    BOOST_TEST(pattern("[2001:db8::/32]:4000") == "2001:db8::/32 port 4000");
    BOOST_TEST(pattern("[2001:db8::]/32:4000") == "2001:db8::/32 port 4000");
}

BOOST_AUTO_TEST_CASE(numbers_have_a_range)
{
    BOOST_TEST(*parseNumber("0", 0, 10) == 0U);
    BOOST_TEST(*parseNumber("18446744073709551615", 0, UINT64_MAX) == UINT64_MAX);
    for (const auto *text : {"", "-1", "+1", "1x", " 1", "0x10", "1.5"})
        BOOST_TEST(!parseNumber(text, 0, 10), text);
    BOOST_TEST(parseNumber("18446744073709551616", 0, 10).error().what ==
               "18446744073709551616 is too large");
    BOOST_TEST(parseNumber("0", 1, 10).error().hint == "at least 1");
}

BOOST_AUTO_TEST_CASE(weights)
{
    BOOST_TEST(Weight::parse("0")->value == 0);
    BOOST_TEST(Weight::parse("65535")->value == 65535);
    BOOST_TEST(Weight::parse("65536").error().what == "weight 65536 is too large");
}

BOOST_AUTO_TEST_CASE(protocols_and_methods_by_name)
{
    BOOST_TEST(parsed(parseProtocol("tcp")) == "tcp");
    BOOST_TEST(parsed(parseProtocol("udp")) == "udp");
    BOOST_TEST(static_cast<int>(*parseProtocol("udp")) == 17);
    BOOST_TEST(parsed(parseProtocol("sctp")) == "sctp");
    BOOST_TEST(static_cast<int>(*parseProtocol("sctp")) == 132); // RFC 9260, 1
    BOOST_TEST(toString(static_cast<Protocol>(50)).empty());
    BOOST_TEST(parsed(parseProtocol("tpc")) == "'tpc' is not a protocol | did you mean 'tcp'?");
    BOOST_TEST(parsed(parseMethod("nat")) == "nat");
    BOOST_TEST(parsed(parseMethod("direct")) == "direct");
    BOOST_TEST(parsed(parseMethod("tunnel")) == "tunnel");
    BOOST_TEST(parsed(parseMethod("bypass")) ==
               "'bypass' is not a method | one of nat direct tunnel");
    BOOST_TEST(parsed(parseConnMethod("bypass")) == "bypass");
    BOOST_TEST(parsed(parseMethod("tunel")) == "'tunel' is not a method | did you mean 'tunnel'?");
    BOOST_TEST(parsed(parseMethod("DR")) == "'DR' is not a method | it is called 'direct' here");
    BOOST_TEST(parsed(parseMethod("masq")) == "'masq' is not a method | it is called 'nat' here");
}

BOOST_AUTO_TEST_CASE(the_closest_word_is_suggested)
{
    const std::vector<std::string_view> words{"rr", "wrr", "lc", "wlc"};
    BOOST_TEST(closest("wwr", words) == "wrr");
    BOOST_TEST(closest("wlcc", words) == "wlc");
    BOOST_TEST(closest("clw", words) == "");
    BOOST_TEST(suggest("maglev", words) == "one of rr wrr lc wlc");
    const std::vector<std::string_view> verbs{"add", "list"};
    BOOST_TEST(closest("lsit", verbs) == "list"); // two neighbours swapped are one slip
}

BOOST_AUTO_TEST_CASE(durations_have_units)
{
    for (const auto &[text, seconds] :
         {std::pair{"90", 90U}, {"90s", 90U}, {"15m", 900U}, {"8h", 28800U}, {"31d", 2678400U}}) {
        const auto parsed = parseDuration(text, 1, 2678400);
        BOOST_TEST_REQUIRE(!parsed.has_error(), text);
        BOOST_TEST(*parsed == seconds);
    }
    for (const auto *text : {"", "s", "1.5h", "-1", "1 h", "1w", "h1", "99999999999", "0", "32d"})
        BOOST_TEST(parseDuration(text, 1, 2678400).has_error(), text);
    BOOST_TEST(showDuration(90) == "90s");
    BOOST_TEST(showDuration(900) == "15m");
    BOOST_TEST(showDuration(28800) == "8h");
    BOOST_TEST(showDuration(86400) == "1d");
    BOOST_TEST(showDuration(86401) == "86401s");
}

BOOST_AUTO_TEST_SUITE_END()
