// SPDX-License-Identifier: GPL-2.0
// The conversation with the kernel, its side spelt out beforehand: dumps that are interrupted,
// transactions that are refused. Sequence numbers begin at 1 on a new socket.
#include "netlink/lb.hpp"
#include "wire.hpp"

#include <cerrno>

#include <linux/genetlink.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::netlink;

namespace {

constexpr int number = 33;

wire::Bytes key(std::uint8_t lastByte)
{
    return wire::attribute(1, wire::u16(2)) + wire::attribute(2, wire::u8(6)) +
           wire::attribute(3, {192, 0, 2, lastByte}) + wire::attribute(4, wire::be16(80));
}

wire::Bytes service(std::uint32_t sequence, std::uint8_t lastByte, int flags = 0)
{
    return wire::generic(number, wire::multi | flags, sequence, LB_CMD_SERVICE_GET,
                         wire::nest(1, key(lastByte)) + wire::attribute(2, wire::text("rr")));
}

Change removal(std::uint8_t lastByte)
{
    return Change::remove(ServiceKey{
        Protocol::tcp,
        {*Ip::fromBytes(Family::inet, std::vector<std::uint8_t>{192, 0, 2, lastByte}), Port{80}}});
}

// A director whose kernel has said all that it is going to say.
class Conversation {
public:
    Conversation()
    {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
        kernel_.reset(ends[0]);
        director_.emplace(Socket(Fd(ends[1])), FamilyId{number, {}});
    }
    Director &director() { return *director_; }
    void says(const wire::Bytes &datagram) const
    {
        BOOST_REQUIRE(::send(kernel_.get(), datagram.data(), datagram.size(), 0) ==
                      static_cast<ssize_t>(datagram.size()));
    }
    // What the director has sent, one message at a time.
    [[nodiscard]] std::vector<Reply> heard()
    {
        std::vector<Reply> messages;
        ssize_t size = 0;
        while ((size = ::recv(kernel_.get(), heard_.data() + used_, heard_.size() - used_,
                              MSG_DONTWAIT)) > 0) {
            Bytes datagram(heard_.data() + used_, static_cast<std::size_t>(size));
            used_ += static_cast<std::size_t>(size);
            while (const auto message = takeReply(datagram))
                messages.push_back(*message);
        }
        return messages;
    }

private:
    Fd kernel_;
    std::optional<Director> director_;
    std::vector<std::uint8_t> heard_ = std::vector<std::uint8_t>(1U << 20);
    std::size_t used_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(netlink_director)

BOOST_AUTO_TEST_CASE(a_dump_of_several_datagrams)
{
    Conversation talk;
    talk.says(service(1, 1) + service(1, 2));
    talk.says(service(1, 3));
    talk.says(wire::done(1));
    const auto services = talk.director().services();
    BOOST_REQUIRE(services);
    BOOST_TEST(services->size() == 3U);
    BOOST_TEST(toString((*services)[2].key) == "tcp 192.0.2.3:80");
}

BOOST_AUTO_TEST_CASE(an_interrupted_dump_begins_anew)
{
    Conversation talk;
    talk.says(service(1, 1) + service(1, 2, wire::interrupted));
    talk.says(wire::done(1));
    talk.says(service(2, 9) + wire::done(2));
    const auto services = talk.director().services();
    BOOST_REQUIRE(services);
    BOOST_TEST(services->size() == 1U);
    BOOST_TEST(toString(services->front().key) == "tcp 192.0.2.9:80");
    BOOST_TEST(talk.heard().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_dump_that_is_always_interrupted_ends_with_an_error)
{
    Conversation talk;
    for (std::uint32_t sequence = 1; sequence <= 20; sequence++)
        talk.says(wire::done(sequence, wire::interrupted));
    const auto services = talk.director().services();
    BOOST_TEST(services.error().what == "the configuration kept changing while it was read");
}

BOOST_AUTO_TEST_CASE(answers_to_something_else_are_ignored)
{
    Conversation talk;
    talk.says(wire::ack(77, EPERM));
    talk.says(wire::ack(1));
    BOOST_TEST(talk.director().apply(removal(1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_transaction_is_begun_and_committed)
{
    Conversation talk;
    talk.says(wire::generic(number, 0, 1, LB_CMD_TXN_BEGIN, wire::attribute(2, wire::u32(7))) +
              wire::ack(1));
    talk.says(wire::generic(number, 0, 2, LB_CMD_TXN_COMMIT,
                            wire::attribute(2, wire::u32(7)) + wire::attribute(3, wire::u32(0)) +
                                wire::attribute(6, wire::u32(5))) +
              wire::ack(2));
    const auto generation = talk.director().commit({});
    BOOST_REQUIRE(generation);
    BOOST_TEST(*generation == 5U);
    const auto heard = talk.heard();
    BOOST_REQUIRE(heard.size() == 2U);
    BOOST_TEST(heard[0].command == LB_CMD_TXN_BEGIN);
    BOOST_TEST(heard[1].command == LB_CMD_TXN_COMMIT);
    BOOST_TEST(heard[1].attributes.u32(2).value() == 7U);
}

BOOST_AUTO_TEST_CASE(a_staged_command_that_is_refused_is_found_by_its_sequence)
{
    Conversation talk;
    talk.says(wire::generic(number, 0, 1, LB_CMD_TXN_BEGIN, wire::attribute(2, wire::u32(7))) +
              wire::ack(1));
    // The commands are 2, 3 and 4; the attribute at 20 is the key.
    talk.says(wire::ack(3, EINVAL,
                        wire::attribute(1, wire::text("bad")) + wire::attribute(2, wire::u32(20))));
    talk.says(wire::ack(5)); // the abort
    const std::vector<Change> changes{removal(1), removal(2), removal(3)};
    const auto error = talk.director().commit(changes).error();
    BOOST_TEST(error.what == "bad");
    BOOST_TEST(error.attribute == "key");
    BOOST_TEST(error.index.value() == 1U);

    const auto heard = talk.heard();
    BOOST_REQUIRE(heard.size() == 5U);
    for (const auto i : {1U, 2U, 3U}) {
        BOOST_TEST(heard[i].command == LB_CMD_SERVICE_DEL);
        BOOST_TEST(heard[i].attributes.u32(LB_A_SERVICE_TXN).value() == 7U);
        BOOST_TEST((heard[i].header.nlmsg_flags & NLM_F_ACK) == 0);
    }
    BOOST_TEST(heard[4].command == LB_CMD_TXN_ABORT);
}

BOOST_AUTO_TEST_CASE(a_refused_commit_is_asked_why)
{
    Conversation talk;
    talk.says(wire::generic(number, 0, 1, LB_CMD_TXN_BEGIN, wire::attribute(2, wire::u32(7))) +
              wire::ack(1));
    talk.says(wire::ack(2, EEXIST));
    talk.says(wire::generic(number, 0, 3, LB_CMD_TXN_GET,
                            wire::attribute(5, wire::text("the service is there"))) +
              wire::ack(3));
    talk.says(wire::ack(4));
    const auto error = talk.director().commit({}).error();
    BOOST_TEST(error.code == EEXIST);
    BOOST_TEST(error.what == "the service is there");
    BOOST_TEST(talk.heard().back().command == LB_CMD_TXN_ABORT);
}

BOOST_AUTO_TEST_CASE(a_refused_commit_says_which_command_and_attribute)
{
    const std::vector<Change> changes{removal(1), removal(2)};
    const auto told =
        wire::attribute(4, wire::u32(1)) + wire::attribute(7, wire::u32(LB_A_SERVICE_KEY));
    const auto error = explainCommit({.code = ESRCH}, Attributes(told), changes);
    BOOST_TEST(error.index.value() == 1U);
    BOOST_TEST(error.attribute == "key");

    // What a kernel may say that knows more than we.
    const auto strange = wire::attribute(4, wire::u32(2)) + wire::attribute(7, wire::u32(99));
    BOOST_TEST(!explainCommit({.code = ESRCH}, Attributes(strange), changes).index);
}

BOOST_AUTO_TEST_CASE(a_commit_may_want_a_generation)
{
    Conversation talk;
    talk.says(wire::generic(number, 0, 1, LB_CMD_TXN_BEGIN, wire::attribute(2, wire::u32(7))) +
              wire::ack(1));
    talk.says(wire::ack(2, ESTALE, wire::attribute(1, wire::text("it has changed"))));
    talk.says(wire::generic(number, 0, 3, LB_CMD_TXN_GET, wire::attribute(3, wire::u32(0))) +
              wire::ack(3));
    talk.says(wire::ack(4));
    const auto error = talk.director().commit({}, 12).error();
    BOOST_TEST(error.code == ESTALE);
    BOOST_TEST(error.what == "it has changed");
    BOOST_TEST(!error.index);
    BOOST_TEST(talk.heard().at(1).attributes.u32(LB_A_TXN_GENERATION).value() == 12U);
}

BOOST_AUTO_TEST_CASE(settings_are_staged_like_everything_else)
{
    const auto ask = encode(number, Change::set(Settings{.values = {{LB_A_SETTINGS_UDP, 300}}}), 7);
    const Attributes attributes(ask.data().subspan(NLMSG_HDRLEN + GENL_HDRLEN));
    BOOST_TEST(attributes.u32(LB_A_SETTINGS_UDP).value() == 300U);
    BOOST_TEST(attributes.u32(LB_A_SETTINGS_TXN).value() == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
