// SPDX-License-Identifier: GPL-2.0
// Servers that a reload lacks: they drain as on_removal says, and go when they are idle or had
// their time. The times are arithmetic: the deadline and ten seconds for the module to end what is
// left.
#include "config_written.hpp"
#include "pool/leavers.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::pool;
using namespace std::chrono_literals;
using netlink::ServiceKey;

namespace {

const Leavers::Time begin{100h};
const ServiceKey web{Protocol::tcp, {*Ip::parse("192.0.2.1"), Port{80}}};

Endpoint endpoint(const char *ip)
{
    return {*Ip::parse(ip), Port{80}};
}

plane::Model with(const std::vector<const char *> &ips)
{
    plane::Model model;
    auto &pool = model.services[web];
    pool.scheduler = "rr";
    for (const auto *ip : ips)
        pool.members.push_back({.endpoint = endpoint(ip), .weight = Weight{2}});
    return model;
}

Leavers::Policy like(const config::Leaving &how)
{
    return [how](const ServiceKey &, const Endpoint &) { return how; };
}

// "10.0.0.1:80=2 10.0.0.2:80=0d60": d for draining, with its deadline.
std::string members(plane::Model model, const Leavers &leavers)
{
    leavers.addTo(model);
    std::string all;
    for (const auto &member : model.services.at(web).members) {
        all += fmt::format("{}{}={}", all.empty() ? "" : " ", toString(member.endpoint),
                           member.weight.value);
        if (member.drain)
            all += fmt::format("d{}", member.draining.deadline.value_or(0));
    }
    return all;
}

bool never(const ServiceKey &, const Endpoint &)
{
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_leavers)

BOOST_AUTO_TEST_CASE(who_is_not_wanted_any_more_drains_first)
{
    const auto before = with({"10.0.0.1", "10.0.0.2"}), after = with({"10.0.0.1"});
    const auto leavers = Leavers{}.follow(before, after, like(config::usualRemoval), begin);
    BOOST_TEST(members(after, leavers) == "10.0.0.1:80=2 10.0.0.2:80=0d60");
    const auto none = Leavers{}.follow(before, after, like({}), begin);
    BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(another_reload_does_not_give_more_time)
{
    const auto before = with({"10.0.0.1", "10.0.0.2"}), after = with({"10.0.0.1"});
    const auto first = Leavers{}.follow(before, after, like(config::usualRemoval), begin);
    auto runs = after;
    first.addTo(runs);
    auto second = first.follow(runs, after, like(config::usualRemoval), begin + 50s);
    BOOST_TEST(members(after, second) == "10.0.0.1:80=2 10.0.0.2:80=0d60");
    BOOST_TEST(second.settle(begin + 69s, never).empty());
    BOOST_TEST(second.settle(begin + 70s, never).contains(web));
    BOOST_TEST(members(after, second) == "10.0.0.1:80=2");
}

BOOST_AUTO_TEST_CASE(who_is_wanted_again_stays)
{
    const auto before = with({"10.0.0.1", "10.0.0.2"}), after = with({"10.0.0.1"});
    const auto first = Leavers{}.follow(before, after, like(config::usualRemoval), begin);
    auto runs = after;
    first.addTo(runs);
    const auto again = first.follow(runs, before, like(config::usualRemoval), begin + 1s);
    BOOST_TEST(again.empty());
    BOOST_TEST(members(before, again) == "10.0.0.1:80=2 10.0.0.2:80=2");
    // And of a service that goes, nobody stays.
    BOOST_TEST(first.follow(runs, {}, like(config::usualRemoval), begin).empty());
}

BOOST_AUTO_TEST_CASE(who_has_no_connections_left_goes_at_once)
{
    const auto before = with({"10.0.0.1", "10.0.0.2", "10.0.0.3"}), after = with({"10.0.0.1"});
    auto leavers =
        Leavers{}.follow(before, after, like({.how = config::Leaving::How::drain}), begin);
    const auto idle = [](const ServiceKey &, const Endpoint &end) {
        return end == endpoint("10.0.0.3");
    };
    BOOST_TEST(leavers.settle(begin, idle).contains(web));
    BOOST_TEST(members(after, leavers) == "10.0.0.1:80=2 10.0.0.2:80=0d0");
    // Without a deadline there is no end but that.
    BOOST_TEST(leavers.settle(begin + 1000h, never).empty());
    BOOST_TEST(!leavers.empty());
}

BOOST_AUTO_TEST_CASE(what_another_lbd_has_left_goes_on_leaving)
{
    auto director = with({"10.0.0.1"});
    plane::Member drains{.endpoint = endpoint("10.0.0.2"), .drain = true};
    drains.weight = Weight{0};
    drains.draining = {20, LB_DRAIN_END_RESET};
    director.services[web].members.push_back(drains);
    // Drained by hand: it weighs something, and was never lbd's to remove late.
    plane::Member byHand{.endpoint = endpoint("10.0.0.3"), .drain = true};
    byHand.weight = Weight{1};
    director.services[web].members.push_back(byHand);
    const auto wanted = with({"10.0.0.1"});
    auto leavers = Leavers::found(director, wanted, begin);
    BOOST_TEST(members(wanted, leavers) == "10.0.0.1:80=2 10.0.0.2:80=0d20");
    BOOST_TEST(leavers.settle(begin + 30s, never).contains(web));
}

BOOST_AUTO_TEST_SUITE_END()
