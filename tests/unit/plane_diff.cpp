// SPDX-License-Identifier: GPL-2.0
// From one configuration to another in the fewest steps.
#include "lbctl/script.hpp"
#include "plane/diff.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::plane;
using netlink::ServiceKey;

namespace {

ServiceKey key(std::string_view endpoint)
{
    return {Protocol::tcp, *Endpoint::parse(endpoint)};
}

Member member(std::string_view endpoint, std::uint16_t weight = 1, std::size_t line = 0)
{
    return {*Endpoint::parse(endpoint), Method::nat, Weight{weight}, false, line};
}

Model base()
{
    Model model;
    model.services[key("192.0.2.1:80")] = {"wlc", {member("10.0.0.1:80"), member("10.0.0.2:80")}};
    model.services[key("192.0.2.2:80")] = {"rr", {member("10.0.0.3:80")}};
    model.settings.values[LB_A_SETTINGS_UDP] = 300;
    return model;
}

// Steps as commands, for the eye.
std::vector<std::string> steps(const Model &running, const Model &wanted)
{
    std::vector<std::string> commands;
    for (const auto &step : diff(running, wanted))
        commands.push_back(lbctl::toCommand(step.change));
    return commands;
}

void check(const std::vector<std::string> &found, const std::vector<std::string> &expected)
{
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(plane_diff)

BOOST_AUTO_TEST_CASE(nothing_differs_nothing_is_done)
{
    BOOST_TEST(steps(base(), base()).empty());
    // Where it was written, and in which order, is no difference.
    auto wanted = base();
    auto &pool = wanted.services.at(key("192.0.2.1:80"));
    pool.line = 5;
    std::swap(pool.members[0], pool.members[1]);
    BOOST_TEST(steps(base(), wanted).empty());
}

BOOST_AUTO_TEST_CASE(from_nothing)
{
    check(steps({}, base()), {"service add tcp 192.0.2.1:80 --scheduler wlc",
                              "dest add tcp 192.0.2.1:80 10.0.0.1:80 --method nat --weight 1",
                              "dest add tcp 192.0.2.1:80 10.0.0.2:80 --method nat --weight 1",
                              "service add tcp 192.0.2.2:80 --scheduler rr",
                              "dest add tcp 192.0.2.2:80 10.0.0.3:80 --method nat --weight 1",
                              "settings set udp 300"});
}

BOOST_AUTO_TEST_CASE(to_nothing_destinations_go_with_their_service)
{
    check(steps(base(), {}), {"service del tcp 192.0.2.1:80", "service del tcp 192.0.2.2:80"});
}

BOOST_AUTO_TEST_CASE(one_destination_comes_and_one_goes)
{
    auto wanted = base();
    wanted.services.at(key("192.0.2.1:80")).members[0] = member("10.0.0.9:80", 7);
    check(steps(base(), wanted), {"dest del tcp 192.0.2.1:80 10.0.0.1:80",
                                  "dest add tcp 192.0.2.1:80 10.0.0.9:80 --method nat --weight 7"});
}

BOOST_AUTO_TEST_CASE(a_change_names_only_what_differs)
{
    auto wanted = base();
    auto &pool = wanted.services.at(key("192.0.2.1:80"));
    pool.scheduler = "wrr";
    pool.members[0].weight = Weight{3};
    pool.members[1].drain = true;
    wanted.services.at(key("192.0.2.2:80")).members[0].method = Method::direct;
    check(steps(base(), wanted), {"service set tcp 192.0.2.1:80 --scheduler wrr",
                                  "dest set tcp 192.0.2.1:80 10.0.0.1:80 --weight 3",
                                  "dest set tcp 192.0.2.1:80 10.0.0.2:80 --drain on",
                                  "dest set tcp 192.0.2.2:80 10.0.0.3:80 --method direct"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --scheduler wlc",
                                  "dest set tcp 192.0.2.1:80 10.0.0.1:80 --weight 1",
                                  "dest set tcp 192.0.2.1:80 10.0.0.2:80 --drain off",
                                  "dest set tcp 192.0.2.2:80 10.0.0.3:80 --method nat"});
}

BOOST_AUTO_TEST_CASE(flags_of_the_scheduler_are_a_difference)
{
    auto wanted = base();
    auto &pool = wanted.services.at(key("192.0.2.1:80"));
    pool.schedulerFlags = LB_SCHED_FLAGS_PORT;
    check(steps(base(), wanted), {"service set tcp 192.0.2.1:80 --scheduler-flags port"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --scheduler-flags none"});
    pool.scheduler = "mh";
    check(steps(wanted, base()),
          {"service set tcp 192.0.2.1:80 --scheduler wlc --scheduler-flags none"});
    check(steps({}, wanted), {"service add tcp 192.0.2.1:80 --scheduler mh --scheduler-flags port",
                              "dest add tcp 192.0.2.1:80 10.0.0.1:80 --method nat --weight 1",
                              "dest add tcp 192.0.2.1:80 10.0.0.2:80 --method nat --weight 1",
                              "service add tcp 192.0.2.2:80 --scheduler rr",
                              "dest add tcp 192.0.2.2:80 10.0.0.3:80 --method nat --weight 1",
                              "settings set udp 300"});
}

BOOST_AUTO_TEST_CASE(a_tunnel_and_an_mss_clamp_are_differences)
{
    auto wanted = base();
    auto &pool = wanted.services.at(key("192.0.2.1:80"));
    pool.mssClamp = LB_MSS_CLAMP_AUTO;
    pool.members[0].method = Method::tunnel;
    pool.members[0].tunnel = {TunnelType::gue, Port{6080}, TunnelChecksum::normal};
    check(steps(base(), wanted),
          {"service set tcp 192.0.2.1:80 --mss-clamp auto",
           "dest set tcp 192.0.2.1:80 10.0.0.1:80 --method tunnel --tunnel-type gue "
           "--tunnel-port 6080 --tunnel-checksum normal"});
    check(steps(wanted, base()),
          {"service set tcp 192.0.2.1:80 --mss-clamp off",
           "dest set tcp 192.0.2.1:80 10.0.0.1:80 --method nat --tunnel-type ipip "
           "--tunnel-port 0 --tunnel-checksum none"});
}

BOOST_AUTO_TEST_CASE(persistence_is_a_difference)
{
    auto wanted = base();
    auto &persistence = wanted.services.at(key("192.0.2.1:80")).persistence;
    persistence.timeout = 300;
    check(steps(base(), wanted), {"service set tcp 192.0.2.1:80 --persist 300"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --persist 0"});
    const auto whole = wanted;
    persistence.prefix = 24;
    check(steps(base(), wanted),
          {"service set tcp 192.0.2.1:80 --persist 300 --persist-prefix 24"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --persist 0"});
    check(steps(wanted, whole), {"service set tcp 192.0.2.1:80 --persist-prefix 32"});
    check(steps(whole, wanted), {"service set tcp 192.0.2.1:80 --persist-prefix 24"});
    auto calls = whole;
    calls.services.at(key("192.0.2.1:80")).persistence.engine = LB_PERSIST_ENGINE_SIP;
    check(steps(whole, calls), {"service set tcp 192.0.2.1:80 --persist-engine sip"});
    check(steps(calls, whole), {"service set tcp 192.0.2.1:80 --persist-engine none"});
    check(steps(calls, base()), {"service set tcp 192.0.2.1:80 --persist 0"});
}

BOOST_AUTO_TEST_CASE(timeouts_are_a_difference)
{
    auto wanted = base();
    wanted.services.at(key("192.0.2.1:80")).timeouts = {{LB_A_SETTINGS_TCP_ESTABLISHED, 28800},
                                                        {LB_A_SETTINGS_TCP_FIN_WAIT, 90}};
    check(steps(base(), wanted),
          {"service set tcp 192.0.2.1:80 --timeout established=8h,fin-wait=90s"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --timeout none"});
    check(steps(wanted, wanted), {});
}

BOOST_AUTO_TEST_CASE(slow_start_is_a_difference_and_bounds_change_together)
{
    auto wanted = base();
    wanted.services.at(key("192.0.2.1:80")).slowStart = 60;
    wanted.services.at(key("192.0.2.1:80")).members[0].upper = 9;
    check(steps(base(), wanted), {"service set tcp 192.0.2.1:80 --slow-start 60",
                                  "dest set tcp 192.0.2.1:80 10.0.0.1:80 --upper 9 --lower 0"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --slow-start 0",
                                  "dest set tcp 192.0.2.1:80 10.0.0.1:80 --upper 0 --lower 0"});
}

BOOST_AUTO_TEST_CASE(a_deadline_is_a_difference_but_not_how_much_of_it_is_left)
{
    auto wanted = base();
    auto &web = wanted.services.at(key("192.0.2.1:80"));
    web.orphans = LB_ORPHANS_RESCHEDULE;
    web.members[0].drain = true;
    web.members[0].draining = {60, LB_DRAIN_END_RESET};
    check(steps(base(), wanted),
          {"service set tcp 192.0.2.1:80 --orphans reschedule",
           "dest set tcp 192.0.2.1:80 10.0.0.1:80 --drain on --deadline 60 --then reset"});
    check(steps(wanted, base()), {"service set tcp 192.0.2.1:80 --orphans default",
                                  "dest set tcp 192.0.2.1:80 10.0.0.1:80 --drain off"});
    auto later = wanted;
    later.services.at(key("192.0.2.1:80")).members[0].draining.deadline = 9;
    check(steps(later, wanted), {});
}

BOOST_AUTO_TEST_CASE(a_service_is_another_under_the_other_protocol)
{
    Model tcp;
    tcp.services[key("192.0.2.1:53")] = {"rr", {}};
    Model udp;
    udp.services[{Protocol::udp, *Endpoint::parse("192.0.2.1:53")}] = {"rr", {}};
    check(steps(tcp, udp),
          {"service del tcp 192.0.2.1:53", "service add udp 192.0.2.1:53 --scheduler rr"});
}

BOOST_AUTO_TEST_CASE(every_step_knows_its_line)
{
    Model wanted;
    wanted.services[key("192.0.2.1:80")] = {
        "wlc", {member("10.0.0.1:80", 2, 11), member("10.0.0.7:80", 1, 12)}, 10};
    std::vector<std::size_t> lines;
    for (const auto &step : diff(base(), wanted))
        lines.push_back(step.line);
    // removed: 10.0.0.2 and the second service; then changed, then added
    const std::vector<std::size_t> expected{0, 0, 11, 12};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_named_stay)
{
    Model wanted;
    wanted.settings.values[LB_A_SETTINGS_UDP] = 300;
    wanted.settings.values[LB_A_SETTINGS_CONN_MAX] = 5;
    wanted.settingLines[LB_A_SETTINGS_CONN_MAX] = 3;
    Model running;
    running.settings = base().settings;
    check(steps(running, wanted), {"settings set conn-max 5"});
    BOOST_TEST(diff(running, wanted).front().line == 3u);
    BOOST_TEST(steps(running, {}).empty());
}

BOOST_AUTO_TEST_CASE(one_packet_scheduling_is_changed_by_itself)
{
    const auto key = netlink::ServiceKey{Protocol::udp, *Endpoint::parse("192.0.2.1:53")};
    Model without;
    without.services[key] = {"rr", {}};
    auto with = without;
    with.services[key].onePacket = true;
    check(steps(without, with), {"service set udp 192.0.2.1:53 --one-packet on"});
    check(steps(with, without), {"service set udp 192.0.2.1:53 --one-packet off"});
    check(steps(with, with), {});
    check(steps({}, with), {"service add udp 192.0.2.1:53 --scheduler rr --one-packet on"});
}

BOOST_AUTO_TEST_SUITE_END()
