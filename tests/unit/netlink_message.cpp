// SPDX-License-Identifier: GPL-2.0
// Requests byte by byte. Expected bytes are from linux/netlink.h, genetlink.h and the numbers
// that the spec gives its commands and attributes (counted from 1 in its order).
#include "netlink/lb.hpp"
#include "wire.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::netlink;
using wire::hex;

namespace {

constexpr std::uint16_t family = 0x0021;

const ServiceKey web{Protocol::tcp, {*Ip::parse("192.0.2.1"), Port{80}}};
const ServiceKey dns{Protocol::udp, {*Ip::parse("2001:db8::1"), Port{53}}};

// family 2, protocol 6, address, port 80 in network order: 8 + 8 + 8 + 8 bytes
const auto webKey = hex("06 00 01 00 02 00 00 00"
                        "05 00 02 00 06 00 00 00"
                        "08 00 03 00 c0 00 02 01"
                        "06 00 04 00 00 50 00 00");

void check(const Message &message, const wire::Bytes &expected)
{
    const auto data = message.data();
    BOOST_TEST(std::vector<int>(data.begin(), data.end()) ==
                   std::vector<int>(expected.begin(), expected.end()),
               boost::test_tools::per_element());
}

template <typename... Parts>
wire::Bytes request(int command, const Parts &...parts)
{
    // NLM_F_REQUEST is 1; sequence and port id are 0 until it is sent.
    return wire::generic(family, 1, 0, command, (wire::Bytes{} + ... + parts));
}

} // namespace

BOOST_AUTO_TEST_SUITE(netlink_message)

BOOST_AUTO_TEST_CASE(service_new)
{
    auto message = encode(family, Change::add(ServiceSpec{web, "wrr"}));
    check(message, hex("40 00 00 00 21 00 01 00 00 00 00 00 00 00 00 00"
                       "02 01 00 00"
                       "24 00 01 80") + // key: 36 bytes, nested
                       webKey +
                       hex("08 00 02 00 77 72 72 00")); // scheduler "wrr" and its NUL
}

BOOST_AUTO_TEST_CASE(service_set_and_del)
{
    check(encode(family, Change::set(ServiceSpec{web, {}})), request(3, wire::nest(1, webKey)));
    check(encode(family, Change::remove(web)), request(4, wire::nest(1, webKey)));
}

BOOST_AUTO_TEST_CASE(a_service_of_ipv6)
{
    check(encode(family, Change::remove(dns)),
          request(4, wire::nest(1, hex("06 00 01 00 0a 00 00 00"
                                       "05 00 02 00 11 00 00 00"
                                       "14 00 03 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"
                                       "06 00 04 00 00 35 00 00"))));
}

BOOST_AUTO_TEST_CASE(dest_new)
{
    const Endpoint real{*Ip::parse("10.0.0.1"), Port{8080}};
    check(encode(family, Change::add(DestSpec{web, real, Method::tunnel, Weight{258}, true})),
          request(6, wire::nest(1, webKey),
                  hex("06 00 02 00 02 00 00 00"     // family
                      "08 00 03 00 0a 00 00 01"     // address
                      "06 00 04 00 1f 90 00 00"     // port 8080, network order
                      "05 00 05 00 02 00 00 00"     // tunnel
                      "08 00 06 00 02 01 00 00"     // weight 258
                      "05 00 07 00 01 00 00 00"))); // drain
}

BOOST_AUTO_TEST_CASE(dest_set_names_only_what_changes)
{
    const Endpoint real{*Ip::parse("10.0.0.1"), Port{80}};
    const auto identity = wire::nest(1, webKey) + hex("06 00 02 00 02 00 00 00"
                                                      "08 00 03 00 0a 00 00 01"
                                                      "06 00 04 00 00 50 00 00");
    DestSpec spec{.service = web, .endpoint = real};
    spec.drain = false;
    check(encode(family, Change::set(spec)), request(7, identity, hex("05 00 07 00 00 00 00 00")));
    check(encode(family, Change::remove(web, real)), request(8, identity));
}

BOOST_AUTO_TEST_CASE(staged_commands_carry_the_transaction)
{
    const Endpoint real{*Ip::parse("10.0.0.1"), Port{80}};
    const auto service = encode(family, Change::remove(web), 7);
    check(service, request(4, wire::nest(1, webKey), hex("08 00 08 00 07 00 00 00")));
    const auto dest = encode(family, Change::remove(web, real), 7);
    BOOST_TEST(dest.data()[dest.data().size() - 6] == 13); // a destination's txn
    check(encode(family, Change::flush(), 7), request(10, hex("08 00 08 00 07 00 00 00")));
}

BOOST_AUTO_TEST_CASE(connection_filters)
{
    ConnectionFilter filter{.protocol = Protocol::tcp,
                            .client = *Pattern::parse("198.51.100.0/24:4000"),
                            .service = *Target::parse("192.0.2.1:80"),
                            .dest = *Target::parse("2001:db8::2"),
                            .method = Method::direct,
                            .state = LB_STATE_TIME_WAIT};
    Message message({.type = family, .command = LB_CMD_CONN_GET});
    encode(message, filter);
    check(message, request(11, hex("06 00 02 00 02 00 00 00"
                                   "05 00 03 00 06 00 00 00"
                                   "08 00 04 00 c6 33 64 00"
                                   "05 00 05 00 18 00 00 00"
                                   "06 00 06 00 0f a0 00 00"
                                   "08 00 07 00 c0 00 02 01"
                                   "06 00 08 00 00 50 00 00"
                                   "06 00 09 00 0a 00 00 00"
                                   "14 00 0a 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02"
                                   "05 00 0c 00 01 00 00 00"
                                   "05 00 0d 00 05 00 00 00")));
}

BOOST_AUTO_TEST_CASE(a_request_never_outgrows_its_buffer)
{
    Message message({.type = family, .command = 1});
    BOOST_CHECK_THROW(message.string(1, std::string(600, 'x')), std::length_error);
}

BOOST_AUTO_TEST_CASE(attributes_are_read_by_number)
{
    const auto bytes = wire::attribute(1, wire::u8(5)) + wire::attribute(2, wire::be16(80)) +
                       wire::attribute(3, wire::u64(1ULL << 40)) +
                       wire::attribute(4, wire::text("wlc")) +
                       wire::nest(5, wire::attribute(1, wire::u32(9))) + wire::attribute(6, {});
    const Attributes attributes(bytes);
    BOOST_TEST(attributes.u8(1).value() == 5);
    BOOST_TEST(attributes.port(2)->value == 80);
    BOOST_TEST(attributes.u64(3).value() == 1ULL << 40);
    BOOST_TEST(attributes.string(4).value() == "wlc");
    BOOST_TEST(attributes.nest(5)->u32(1).value() == 9U);
    BOOST_TEST(attributes.has(6));
    BOOST_TEST(!attributes.has(7));
    BOOST_TEST(!attributes.u32(1)); // one byte is no u32
}

BOOST_AUTO_TEST_CASE(attributes_that_are_cut_short_are_not_read)
{
    const auto whole = wire::attribute(1, wire::u32(5)) + wire::attribute(2, wire::u32(6));
    for (std::size_t size = 0; size < whole.size(); size++) {
        // Its own allocation: a read behind the end is a fault.
        const wire::Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_TEST(Attributes(cut).has(1) == (size >= 8));
        BOOST_TEST(!Attributes(cut).has(2));
    }
    BOOST_TEST(!Attributes(hex("03 00 01 00")).has(1)); // shorter than its own header
    BOOST_TEST(!Attributes(hex("00 00 01 00")).has(1));
}

BOOST_AUTO_TEST_CASE(a_datagram_is_taken_apart)
{
    const auto bytes = wire::generic(family, 0, 1, 5, {}) + wire::done(1);
    Bytes datagram(bytes);
    const auto first = takeReply(datagram);
    BOOST_TEST(first->command == 5);
    const auto second = takeReply(datagram);
    BOOST_TEST(second->header.nlmsg_type == NLMSG_DONE);
    BOOST_TEST(!takeReply(datagram));
    Bytes cut(bytes.data(), 19); // the message says 20
    BOOST_TEST(!takeReply(cut));
}

BOOST_AUTO_TEST_CASE(a_destination_is_decoded)
{
    const auto bytes =
        wire::nest(1, webKey) + wire::attribute(2, wire::u16(2)) +
        wire::attribute(3, hex("0a 00 00 01")) + wire::attribute(4, wire::be16(8080)) +
        wire::attribute(5, wire::u8(1)) + wire::attribute(6, wire::u32(3)) +
        wire::attribute(7, wire::u8(1)) + wire::attribute(8, wire::u32(11)) +
        wire::attribute(9, wire::u32(12)) + wire::attribute(10, {}) +
        wire::nest(11, wire::attribute(2, wire::u64(1)) + wire::attribute(6, wire::u64(5)));
    const auto dest = decodeDest(Attributes(bytes));
    BOOST_REQUIRE(dest);
    BOOST_TEST(toString(dest->service) == "tcp 192.0.2.1:80");
    BOOST_TEST(toString(dest->endpoint) == "10.0.0.1:8080");
    BOOST_TEST((dest->method == Method::direct));
    BOOST_TEST(dest->weight.value == 3);
    BOOST_TEST(dest->drain);
    BOOST_TEST(dest->active == 11U);
    BOOST_TEST(dest->inactive == 12U);
    BOOST_TEST(dest->local);
    BOOST_TEST(dest->stats.conns == 1U);
    BOOST_TEST(dest->stats.outBytes == 5U);
    BOOST_TEST(!dest->keyOnly);
    BOOST_TEST(decodeDest(Attributes(hex(""))).error().what ==
               "the module's answer lacks a service's key");
}

BOOST_AUTO_TEST_SUITE_END()
