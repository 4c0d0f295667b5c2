// SPDX-License-Identifier: GPL-2.0
// Refusals: errno, sentence, and the attribute to blame by name.
#include "netlink/ack.hpp"
#include "netlink/lb.hpp"
#include "wire.hpp"

#include <cerrno>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::netlink;

namespace {

const ServiceKey web{Protocol::tcp, {*Ip::parse("192.0.2.1"), Port{80}}};
const auto request = encode(33, Change::add(ServiceSpec{web, "wrr"}));

// linux/netlink.h: NLMSGERR_ATTR_MSG 1, OFFS 2, MISS_TYPE 5, MISS_NEST 6
Error refusal(const wire::Bytes &attributes, int code = EINVAL)
{
    const auto bytes = wire::ack(1, code, attributes);
    Bytes datagram(bytes);
    return readAck(*takeReply(datagram), request.data()).error();
}

wire::Bytes offset(std::uint32_t value)
{
    return wire::attribute(2, wire::u32(value));
}

} // namespace

BOOST_AUTO_TEST_SUITE(netlink_ack)

BOOST_AUTO_TEST_CASE(success)
{
    const auto bytes = wire::ack(1);
    Bytes datagram(bytes);
    BOOST_TEST(readAck(*takeReply(datagram), request.data()).has_value());
}

BOOST_AUTO_TEST_CASE(an_errno_alone_is_put_into_words)
{
    BOOST_TEST(refusal({}, EEXIST).what == "it exists already");
    BOOST_TEST(refusal({}, EEXIST).code == EEXIST);
    BOOST_TEST(refusal({}, ENOSPC).what == "No space left on device");
}

BOOST_AUTO_TEST_CASE(the_kernels_sentence_is_taken)
{
    const auto error = refusal(wire::attribute(1, wire::text("no such scheduler")), ENOENT);
    BOOST_TEST(error.what == "no such scheduler");
    BOOST_TEST(error.attribute == "");
}

// The request: 16 bytes header, 4 genl, key nest at 20 (36 bytes), scheduler at 56.
BOOST_AUTO_TEST_CASE(the_attribute_to_blame_is_named)
{
    BOOST_TEST(refusal(offset(56)).attribute == "scheduler");
    BOOST_TEST(refusal(offset(20)).attribute == "key");
    BOOST_TEST(refusal(offset(24)).attribute == "key.family");
    BOOST_TEST(refusal(offset(32)).attribute == "key.protocol");
    BOOST_TEST(refusal(offset(40)).attribute == "key.addr");
    BOOST_TEST(refusal(offset(48)).attribute == "key.port");
    BOOST_TEST(refusal(offset(64)).attribute == "");
    BOOST_TEST(refusal(offset(0)).attribute == "");
    BOOST_TEST(refusal(offset(4000000000U)).attribute == "");
}

BOOST_AUTO_TEST_CASE(the_attribute_that_is_missing_is_named)
{
    BOOST_TEST(refusal(wire::attribute(5, wire::u32(2))).attribute == "scheduler");
    const auto inKey = wire::attribute(5, wire::u32(4)) + wire::attribute(6, wire::u32(20));
    BOOST_TEST(refusal(inKey).attribute == "key.port");
    const auto nowhere = wire::attribute(5, wire::u32(4)) + wire::attribute(6, wire::u32(900));
    BOOST_TEST(refusal(nowhere).attribute == "");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_quotes_the_whole_request)
{
    const auto data = request.data();
    const wire::Bytes quoted(data.begin(), data.end());
    const auto bytes = wire::message(2, wire::tlvs, 1,
                                     wire::u32(static_cast<std::uint32_t>(-EINVAL)) + quoted +
                                         wire::attribute(1, wire::text("no")) + offset(56));
    Bytes datagram(bytes);
    const auto error = readAck(*takeReply(datagram), data).error();
    BOOST_TEST(error.what == "no");
    BOOST_TEST(error.attribute == "scheduler");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_is_no_success)
{
    const auto bytes = wire::message(2, 0, 1, {});
    Bytes datagram(bytes);
    BOOST_TEST(readAck(*takeReply(datagram), {}).error().code == EBADMSG);
}

BOOST_AUTO_TEST_SUITE_END()
