// SPDX-License-Identifier: GPL-2.0
// Servers come and go, a quorum is lost and gained, the sorry server stands in: as
// keepalived.conf(5) says of quorum, hysteresis, sorry_server and inhibit_on_failure.
#include "pool/pool.hpp"

#include "config_written.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::pool;

namespace {

using enum News::Kind;

Pool make(const std::string &lines, const std::string &real = "", std::vector<Known> known = {})
{
    config::Written written(
        "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlb_algo rr\nlb_kind NAT\n" + lines +
        "\nreal_server 10.0.0.1 80 {\nweight 3\n" + real +
        "\n}\nreal_server 10.0.0.2 80 {\nweight 2\n}\n}\n");
    return Pool(virtualsOf(config::modelOf(written.tree, written.report)).at(0), known);
}

// "10.0.0.1:80=3 ...": who is there, with which weight.
std::string members(const Pool &pool)
{
    std::string all;
    for (const auto &member : pool.service(pool.server().keys.front()).members)
        all += fmt::format("{}{}={}", all.empty() ? "" : " ", toString(member.endpoint),
                           member.weight.value);
    return all;
}

void check(const std::vector<News> &news, const std::vector<News::Kind> &expected)
{
    std::vector<int> got, wanted;
    for (const auto &one : news)
        got.push_back(static_cast<int>(one.kind));
    for (const auto kind : expected)
        wanted.push_back(static_cast<int>(kind));
    BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_pool)

BOOST_AUTO_TEST_CASE(who_fails_goes_and_comes_back)
{
    auto pool = make("");
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
    check(pool.set(0, false), {serverDown});
    BOOST_TEST(members(pool) == "10.0.0.2:80=2");
    BOOST_TEST(pool.set(0, false).empty());
    check(pool.set(0, true), {serverUp});
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
}

BOOST_AUTO_TEST_CASE(inhibited_it_stays_with_weight_0)
{
    auto pool = make("", "inhibit_on_failure");
    static_cast<void>(pool.set(0, false));
    static_cast<void>(pool.set(1, false));
    BOOST_TEST(members(pool) == "10.0.0.1:80=0");
}

BOOST_AUTO_TEST_CASE(drained_it_stays_with_weight_0_and_a_deadline)
{
    auto pool = make("", "on_failure drain 30 reset");
    const auto first = [&] { return pool.service(pool.server().keys.front()).members.at(0); };
    BOOST_TEST(!first().drain);
    static_cast<void>(pool.set(0, false));
    BOOST_TEST(members(pool) == "10.0.0.1:80=0 10.0.0.2:80=2");
    BOOST_TEST(first().drain);
    BOOST_TEST(first().draining.deadline.value() == 30U);
    BOOST_TEST(first().draining.end == LB_DRAIN_END_RESET);
    static_cast<void>(pool.set(0, true));
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
    BOOST_TEST(!first().drain);
}

BOOST_AUTO_TEST_CASE(who_stands_aside_alive_keeps_its_connections)
{
    auto pool = make("quorum 5\non_failure cut\nsorry_server 10.0.0.9 80");
    static_cast<void>(pool.set(0, false));
    BOOST_TEST(members(pool) == "10.0.0.9:80=1 10.0.0.1:80=0 10.0.0.2:80=0");
    const auto all = pool.service(pool.server().keys.front()).members;
    BOOST_TEST(all.at(1).draining.deadline.value() == 0U); // dead
    BOOST_TEST(all.at(2).drain);
    BOOST_TEST(!all.at(2).draining.deadline.has_value());
}

BOOST_AUTO_TEST_CASE(without_any_server_the_quorum_is_lost)
{
    auto pool = make("");
    check(pool.set(0, false), {serverDown});
    check(pool.set(1, false), {serverDown, quorumLost});
    BOOST_TEST(!pool.hasQuorum());
    check(pool.set(1, true), {serverUp, quorumGained});
}

BOOST_AUTO_TEST_CASE(below_the_quorum_the_sorry_server_stands_in_alone)
{
    auto pool = make("quorum 3\nsorry_server 10.0.0.9 8080");
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
    check(pool.set(0, false), {serverDown, quorumLost, sorryIn});
    // One is up, and not enough.
    BOOST_TEST(members(pool) == "10.0.0.9:8080=1");
    BOOST_TEST(pool.up(1));
    check(pool.set(0, true), {serverUp, quorumGained, sorryOut});
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
}

BOOST_AUTO_TEST_CASE(without_a_sorry_server_those_that_are_up_go_on)
{
    auto pool = make("quorum 3");
    check(pool.set(0, false), {serverDown, quorumLost});
    BOOST_TEST(members(pool) == "10.0.0.2:80=2");
}

BOOST_AUTO_TEST_CASE(hysteresis_keeps_a_quorum_and_keeps_it_away)
{
    // Lost below 4 - 2, gained from 4 + 2 on (5 is all there is).
    auto pool = make("quorum 3\nhysteresis 1");
    check(pool.set(0, false), {serverDown}); // 2 is still 3 - 1
    check(pool.set(1, false), {serverDown, quorumLost});
    check(pool.set(0, true), {serverUp}); // 3 is not yet 3 + 1
    BOOST_TEST(pool.threshold() == 4);
    check(pool.set(1, true), {serverUp, quorumGained}); // 5
    BOOST_TEST(pool.threshold() == 2);
}

BOOST_AUTO_TEST_CASE(weights_that_a_probe_asks_for_count)
{
    auto pool = make("quorum 3");
    check(pool.weigh(0, 9), {weightChanged});
    BOOST_TEST(members(pool) == "10.0.0.1:80=9 10.0.0.2:80=2");
    check(pool.weigh(0, 0), {weightChanged, quorumLost});
    BOOST_TEST(members(pool) == "10.0.0.1:80=0 10.0.0.2:80=2");
    check(pool.weigh(0, {}), {weightChanged, quorumGained});
    BOOST_TEST(pool.weigh(0, 3).empty());
}

BOOST_AUTO_TEST_CASE(the_sorry_server_may_be_one_of_the_others)
{
    auto pool = make("quorum 3\nsorry_server 10.0.0.2 80");
    static_cast<void>(pool.set(0, false));
    BOOST_TEST(members(pool) == "10.0.0.2:80=1");
    static_cast<void>(pool.set(0, true));
    BOOST_TEST(members(pool) == "10.0.0.1:80=3 10.0.0.2:80=2");
}

BOOST_AUTO_TEST_CASE(what_is_known_at_the_start_is_no_news)
{
    auto pool = make("quorum 3\nsorry_server 10.0.0.9 80", "", {{.up = false}, {.up = true}});
    BOOST_TEST(!pool.hasQuorum());
    BOOST_TEST(members(pool) == "10.0.0.9:80=1");
    check(pool.set(0, true), {serverUp, quorumGained, sorryOut});
}

BOOST_AUTO_TEST_SUITE_END()
