// SPDX-License-Identifier: GPL-2.0
// Real servers: what is done to a machine, what is undone, and what a check finds.
#include "lbctl/commands.hpp"
#include "lbctl/run.hpp"
#include "realserver/check.hpp"
#include "realserver/machine.hpp"
#include "realserver/plan.hpp"
#include "realserver/state.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::realserver;

namespace {

const Ip vip = *Ip::parse("192.0.2.1");
const Ip other = *Ip::parse("192.0.2.2");
const Ip vip6 = *Ip::parse("2001:db8:f::1");

// A server as Debian installs it.
Machine plain()
{
    Machine machine{.links = {{.name = "lo", .index = 1, .up = true, .loopback = true, .arp = true},
                              {.name = "eth0", .index = 2, .up = true, .arp = true},
                              {.name = "tunl0", .index = 3},
                              {.name = "sit0", .index = 4},
                              {.name = "ip6tnl0", .index = 5, .onlyIpv6 = true}},
                    .addresses = {{.device = "lo", .ip = *Ip::parse("127.0.0.1"), .length = 8},
                                  {.device = "eth0", .ip = *Ip::parse("10.0.0.11"), .length = 24}}};
    for (const auto &link : machine.links)
        machine.settings[confPath(link.name, "rp_filter")] = 2;
    for (const auto *device : {"all", "lo", "eth0", "tunl0"})
        for (const auto *name : {"arp_ignore", "arp_announce"})
            machine.settings[confPath(device, name)] = 0;
    machine.settings[confPath("all", "rp_filter")] = 0;
    return machine;
}

std::vector<std::string> words(const Result<Plan> &plan)
{
    std::vector<std::string> list;
    if (!plan)
        return {toString(plan.error())};
    for (const auto &action : plan->actions)
        list.push_back(toString(action));
    return list;
}

// As the kernel would have it.
void follow(Machine &machine, const Result<Plan> &plan)
{
    BOOST_REQUIRE(plan);
    for (const auto &action : plan->actions) {
        if (const auto *setting = std::get_if<Setting>(&action.step))
            machine.settings[setting->path] = action.undo ? setting->before : setting->value;
        if (const auto *up = std::get_if<LinkUp>(&action.step))
            for (auto &link : machine.links)
                if (link.name == up->device)
                    link.up = !action.undo;
        if (const auto *inside = std::get_if<AnyInside>(&action.step))
            for (auto &link : machine.links)
                if (link.name == inside->device)
                    link.onlyIpv6 = action.undo;
        if (const auto *local = std::get_if<Local>(&action.step)) {
            std::erase_if(machine.addresses, [&](const Address &address) {
                return address.ip == local->ip && address.device == local->device;
            });
            if (!action.undo)
                machine.addresses.push_back(
                    {.device = local->device,
                     .ip = local->ip,
                     .length = static_cast<std::uint8_t>(local->ip.bytes().size() * 8),
                     .hostScope = true,
                     .deprecated = true});
        }
    }
}

using Words = std::vector<std::string>;

// What is not right, by its names.
Words found(const Wish &wish, const Machine &machine, std::optional<Port> port = {})
{
    Words list;
    for (const auto &finding : examine(wish, port, machine)) {
        const bool explained = !finding.why.empty() && !finding.mend.empty();
        BOOST_TEST(explained == (finding.mark != Mark::right), finding.what);
        if (finding.mark != Mark::right)
            list.push_back((finding.mark == Mark::note ? "note " : "") + finding.thing + ": " +
                           finding.what);
    }
    return list;
}

Machine served(const Wish &wish)
{
    auto machine = plain();
    follow(machine, planUp({}, wish, machine));
    machine.wayBack[wish.vip] = "eth0";
    machine.listeners = {{.ip = *Ip::parse("0.0.0.0"), .port = {80}, .stream = true},
                         {.ip = *Ip::parse("::"), .port = {443}, .stream = true}};
    return machine;
}

} // namespace

BOOST_AUTO_TEST_SUITE(realserver_plan)

BOOST_AUTO_TEST_CASE(direct_first_silence_then_the_address)
{
    auto machine = plain();
    const auto plan = planUp({}, {.vip = vip}, machine);
    BOOST_TEST(words(plan) == (Words{"net.ipv4.conf.all.arp_ignore = 1",
                                     "net.ipv4.conf.all.arp_announce = 2", "192.0.2.1/32 on lo"}));
    follow(machine, plan);
    BOOST_TEST(words(planUp(plan->next, {.vip = vip}, machine)) == Words{});
    BOOST_TEST(words(planUp({}, {.vip = vip6}, plain())) == Words{"2001:db8:f::1/128 on lo"});
    BOOST_TEST(words(planUp({}, {.vip = vip, .interface = "eth0"}, plain())) ==
               (Words{"net.ipv4.conf.eth0.arp_ignore = 1", "net.ipv4.conf.eth0.arp_announce = 2",
                      "192.0.2.1/32 on lo"}));
}

BOOST_AUTO_TEST_CASE(down_undoes_what_up_did_in_reverse)
{
    auto machine = plain();
    const auto up = planUp({}, {.vip = vip}, machine);
    follow(machine, up);
    const auto down = planDown(up->next, vip, machine);
    BOOST_TEST(words(down) ==
               (Words{"192.0.2.1/32 on lo is gone", "net.ipv4.conf.all.arp_announce = 0",
                      "net.ipv4.conf.all.arp_ignore = 0"}));
    BOOST_TEST((down->next == State{}));
    follow(machine, down);
    BOOST_TEST((machine.settings == plain().settings));
    BOOST_TEST(words(planDown(down->next, vip, machine)) == Words{});
}

BOOST_AUTO_TEST_CASE(what_was_there_before_stays)
{
    auto machine = plain();
    machine.settings[confPath("all", "arp_ignore")] = 8;
    machine.settings[confPath("all", "arp_announce")] = 1;
    machine.addresses.push_back({.device = "lo", .ip = vip, .length = 32});
    const auto up = planUp({}, {.vip = vip}, machine);
    BOOST_TEST(words(up) == Words{"net.ipv4.conf.all.arp_announce = 2"});
    follow(machine, up);
    BOOST_TEST(words(planDown(up->next, vip, machine)) ==
               Words{"net.ipv4.conf.all.arp_announce = 1"});
}

BOOST_AUTO_TEST_CASE(what_somebody_changed_since_stays)
{
    auto machine = plain();
    const auto up = planUp({}, {.vip = vip}, machine);
    follow(machine, up);
    machine.settings[confPath("all", "arp_ignore")] = 2;
    std::erase_if(machine.addresses, [](const Address &address) { return address.ip == vip; });
    BOOST_TEST(words(planDown(up->next, vip, machine)) ==
               Words{"net.ipv4.conf.all.arp_announce = 0"});
}

BOOST_AUTO_TEST_CASE(what_another_address_needs_stays)
{
    auto machine = plain();
    const auto first = planUp({}, {.vip = vip}, machine);
    follow(machine, first);
    const auto second = planUp(first->next, {.vip = other}, machine);
    BOOST_TEST(words(second) == Words{"192.0.2.2/32 on lo"});
    follow(machine, second);
    const auto less = planDown(second->next, vip, machine);
    BOOST_TEST(words(less) == Words{"192.0.2.1/32 on lo is gone"});
    follow(machine, less);
    BOOST_TEST(words(planDown(less->next, other, machine)) ==
               (Words{"192.0.2.2/32 on lo is gone", "net.ipv4.conf.all.arp_announce = 0",
                      "net.ipv4.conf.all.arp_ignore = 0"}));

    // The second relied on what the first had set elsewhere: it gets its own, before that goes.
    auto lan = plain();
    const auto all = planUp({}, {.vip = vip}, lan);
    follow(lan, all);
    const auto one = planUp(all->next, {.vip = other, .interface = "eth0"}, lan);
    follow(lan, one);
    const auto left = planDown(one->next, vip, lan);
    follow(lan, left);
    BOOST_TEST(effective(lan, "eth0", "arp_ignore") == 1);
    BOOST_TEST(effective(lan, "eth0", "arp_announce") == 2);
}

BOOST_AUTO_TEST_CASE(a_tunnel_has_the_address_on_its_device)
{
    const Wish wish{.vip = vip, .method = Method::tunnel};
    auto machine = plain();
    machine.settings[confPath("tunl0", "rp_filter")] = 1;
    const auto up = planUp({}, wish, machine);
    BOOST_TEST(
        words(up) ==
        (Words{"net.ipv4.conf.all.arp_ignore = 1", "net.ipv4.conf.all.arp_announce = 2",
               "net.ipv4.conf.tunl0.rp_filter = 2", "tunl0 is up", "192.0.2.1/32 on tunl0"}));
    follow(machine, up);
    BOOST_TEST(words(planDown(up->next, vip, machine)) ==
               (Words{"192.0.2.1/32 on tunl0 is gone", "tunl0 is down",
                      "net.ipv4.conf.tunl0.rp_filter = 1", "net.ipv4.conf.all.arp_announce = 0",
                      "net.ipv4.conf.all.arp_ignore = 0"}));

    // The larger of the two counts: 2 on the device overrules a strict `all`.
    auto strict = plain();
    strict.settings[confPath("all", "rp_filter")] = 1;
    strict.settings[confPath("tunl0", "rp_filter")] = 0;
    follow(strict, planUp({}, wish, strict));
    BOOST_TEST(effective(strict, "tunl0", "rp_filter") == 2);
    BOOST_TEST(strict.setting(confPath("all", "rp_filter")) == 1);
}

BOOST_AUTO_TEST_CASE(tunnels_by_family_and_type)
{
    BOOST_TEST(words(planUp({}, {.vip = vip6, .method = Method::tunnel}, plain())) ==
               (Words{"sit0 is up", "2001:db8:f::1/128 on lo"}));
    BOOST_TEST(words(planUp({}, {.vip = vip6, .method = Method::tunnel, .outer = Family::inet6},
                            plain())) == (Words{"ip6tnl0 is up", "2001:db8:f::1/128 on lo"}));
    auto loud = plain();
    loud.settings[confPath("all", "arp_ignore")] = 1;
    loud.settings[confPath("all", "arp_announce")] = 2;
    BOOST_TEST(
        words(planUp({}, {.vip = vip, .method = Method::tunnel, .outer = Family::inet6}, loud)) ==
        (Words{"ip6tnl0 takes IPv4 and IPv6 out", "ip6tnl0 is up", "192.0.2.1/32 on ip6tnl0"}));
    const Wish gue{.vip = vip, .method = Method::tunnel, .tunnel = TunnelType::gue, .port = {6080}};
    BOOST_TEST(words(planUp({}, gue, loud)) ==
               (Words{"tunl0 is up", "GUE in IPv4 on port 6080", "192.0.2.1/32 on tunl0"}));
    BOOST_TEST((modulesFor(gue, loud) == Words{"fou"}));
    loud.receivers.emplace();
    BOOST_TEST((modulesFor(gue, loud) == Words{}));
    loud.receivers->insert({.port = {6080}});
    BOOST_TEST(words(planUp({}, gue, loud)) == (Words{"tunl0 is up", "192.0.2.1/32 on tunl0"}));
    loud.links.resize(2);
    BOOST_TEST((modulesFor(gue, loud) == Words{"ipip"}));
    BOOST_TEST(words(planUp({}, gue, loud)).front().starts_with("there is no device tunl0"));
}

BOOST_AUTO_TEST_CASE(another_way_than_before_replaces_it)
{
    auto machine = plain();
    const auto direct = planUp({}, {.vip = vip}, machine);
    follow(machine, direct);
    const auto tunnel = planUp(direct->next, {.vip = vip, .method = Method::tunnel}, machine);
    follow(machine, tunnel);
    BOOST_TEST(tunnel->next.wishes.size() == 1U);
    BOOST_TEST(found({.vip = vip, .method = Method::tunnel}, [&] {
                   machine.wayBack[vip] = "eth0";
                   machine.listeners = {{.ip = vip, .port = {80}, .stream = true}};
                   return machine;
               }()) == Words{});
    follow(machine, planDown(tunnel->next, vip, machine));
    BOOST_TEST((machine.settings == plain().settings));
    BOOST_TEST(machine.addresses.size() == plain().addresses.size());
}

BOOST_AUTO_TEST_CASE(values_that_mean_nothing_are_replaced)
{
    auto machine = plain();
    machine.settings[confPath("all", "arp_ignore")] = 5;
    machine.settings[confPath("eth0", "arp_announce")] = 3;
    const auto up = planUp({}, {.vip = vip, .interface = "eth0"}, machine);
    follow(machine, up);
    BOOST_TEST(effective(machine, "eth0", "arp_ignore") == 1);
    BOOST_TEST(effective(machine, "eth0", "arp_announce") == 2);
}

BOOST_AUTO_TEST_CASE(refusals)
{
    BOOST_TEST(words(planUp({}, {.vip = vip, .interface = "eth9"}, plain())) ==
               Words{"there is no interface 'eth9' ('ip link' shows those that there are)"});
    auto director = plain();
    director.addresses.push_back({.device = "eth0", .ip = vip, .length = 24});
    BOOST_TEST(words(planUp({}, {.vip = vip}, director))
                   .front()
                   .starts_with("192.0.2.1 is on eth0, where the LAN is told of it (is this the "
                                "director?"));
    for (const auto *bad : {"0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
                            "fe80::1", "ff02::1"})
        BOOST_TEST(!checkVip(*Ip::parse(bad)), bad);
    BOOST_TEST(checkVip(vip).has_value());
    BOOST_TEST(checkVip(vip6).has_value());
}

BOOST_AUTO_TEST_CASE(a_state_comes_back_from_its_file)
{
    State state{.wishes = {{.vip = vip,
                            .method = Method::tunnel,
                            .interface = "eth0",
                            .tunnel = TunnelType::gue,
                            .port = {6080},
                            .outer = Family::inet6},
                           {.vip = vip6}},
                .done = {LinkUp{"lo"}, AnyInside{"ip6tnl0"},
                         Receiver{.port = {6080}, .family = Family::inet6},
                         Setting{.path = confPath("eth0.7", "arp_ignore"), .value = 1, .before = 0},
                         Local{.device = "lo", .ip = vip6}}};
    const auto again = readState(toJson(state));
    BOOST_REQUIRE(again);
    BOOST_TEST((*again == state));
    for (const auto *bad : {"", "{}", "[]", R"({"real-servers":[{}],"done":[]})",
                            R"({"real-servers":[],"done":[{"what":"address"}]})"})
        BOOST_TEST(!readState(bad), bad);
    BOOST_TEST(sysctlName(confPath("eth0", "arp_ignore")) == "net.ipv4.conf.eth0.arp_ignore");
    BOOST_TEST(sysctlName(confPath("eth0.7", "arp_ignore")) == "net/ipv4/conf/eth0.7/arp_ignore");
}

BOOST_AUTO_TEST_CASE(a_check_is_content_with_what_up_made)
{
    for (const Wish &wish :
         {Wish{.vip = vip}, Wish{.vip = vip6}, Wish{.vip = vip, .interface = "eth0"},
          Wish{.vip = vip, .method = Method::tunnel}, Wish{.vip = vip6, .method = Method::tunnel},
          Wish{.vip = vip, .method = Method::tunnel, .outer = Family::inet6}})
        BOOST_TEST(found(wish, served(wish)) == Words{}, optionsOf(wish));
}

BOOST_AUTO_TEST_CASE(a_check_finds_each_thing_that_is_broken)
{
    const Wish wish{.vip = vip};
    const auto broken = [&](auto &&destroy, const Wish &as) {
        auto machine = served(as);
        destroy(machine);
        return found(as, machine);
    };
    const auto set = [](std::string_view device, std::string_view name, int value) {
        return [=](Machine &machine) { machine.settings[confPath(device, name)] = value; };
    };
    BOOST_TEST(broken([](Machine &m) { m.addresses.resize(2); }, wish) ==
               Words{"address: 192.0.2.1 is on no interface that keeps it to itself"});
    BOOST_TEST(broken([](Machine &m) { m.addresses.back().length = 24; }, wish) ==
               Words{"address: 192.0.2.1/24 on lo"});
    BOOST_TEST(
        broken(
            [](Machine &m) { m.addresses.push_back({.device = "eth0", .ip = vip, .length = 24}); },
            wish) == Words{"address: 192.0.2.1 is on eth0"});
    BOOST_TEST(broken([](Machine &m) { m.links.front().up = false; }, wish) ==
               Words{"address: 192.0.2.1/32 on lo, which is down"});
    BOOST_TEST(broken(set("all", "arp_ignore", 0), wish) ==
               Words{"arp-ignore: eth0 answers who asks for 192.0.2.1 "
                     "(net.ipv4.conf.all.arp_ignore = 0, net.ipv4.conf.eth0.arp_ignore = 0; the "
                     "larger counts)"});
    BOOST_TEST(broken(set("eth0", "arp_ignore", 4), wish).size() == 1U);
    BOOST_TEST(broken(set("eth0", "arp_ignore", 2), wish) == Words{});
    BOOST_TEST(broken(set("all", "arp_announce", 1), wish).size() == 1U);
    BOOST_TEST(broken(set("eth0", "arp_announce", 3), wish).size() == 1U);
    BOOST_TEST(broken([](Machine &m) { m.wayBack[vip] = ""; }, wish) ==
               Words{"route: answers from 192.0.2.1 have no route"});
    BOOST_TEST(broken([](Machine &m) { m.listeners.clear(); }, wish) ==
               Words{"listening: nothing listens on 192.0.2.1"});
    BOOST_TEST(broken([](Machine &m) { m.settings["net/ipv4/ip_forward"] = 1; }, wish) ==
               Words{"note forwarding: net.ipv4.ip_forward = 1"});
    BOOST_TEST(found(wish, served(wish), Port{8080}) ==
               Words{"listening: nothing listens on 192.0.2.1:8080"});
    BOOST_TEST(found(wish, served(wish), Port{443}) == Words{}); // by the wildcard of IPv6
    BOOST_TEST(found({.vip = vip6}, served({.vip = vip6}), Port{80}).size() == 1U);

    const Wish lan{.vip = vip, .interface = "eth0"};
    BOOST_TEST(broken(
                   [&](Machine &m) {
                       set("eth0", "rp_filter", 1)(m);
                       m.wayBack[vip] = "eth1";
                   },
                   lan)
                   .size() == 1U);
    BOOST_TEST(broken(set("eth0", "rp_filter", 1), lan) == Words{}); // answers leave by it

    BOOST_TEST(broken([](Machine &m) { m.addresses.back().deprecated = false; }, {.vip = vip6}) ==
               Words{"note address: 2001:db8:f::1/128 on lo, preferred"});
    BOOST_TEST(
        broken([](Machine &m) { m.addresses.back().unusable = true; }, {.vip = vip6}).size() == 1U);

    const Wish tunnel{.vip = vip, .method = Method::tunnel};
    BOOST_TEST(broken(set("tunl0", "rp_filter", 1), tunnel).size() == 1U);
    BOOST_TEST(broken(set("all", "rp_filter", 1), tunnel) == Words{});
    BOOST_TEST(broken([](Machine &m) { m.links[2].up = false; }, tunnel) ==
               (Words{"address: 192.0.2.1/32 on tunl0, which is down", "tunnel: tunl0 is down"}));
    BOOST_TEST(broken([](Machine &m) { m.addresses.back().device = "lo"; }, tunnel) ==
               Words{"rp-filter: tunl0 drops clients' packets: it has no address"});
    Wish gue = tunnel;
    gue.tunnel = TunnelType::gue;
    gue.port = {6080};
    BOOST_TEST(found(gue, served(tunnel)) == Words{"gue: no GUE is received on port 6080"});
}

BOOST_AUTO_TEST_CASE(sockets_that_listen)
{
    // Of a machine with sshd on 0.0.0.0:22, something on 127.0.0.1:8125 and a connection.
    constexpr const char *tcp =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
        "   1: 0100007F:1FBD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
        "   2: 0B00000A:0016 0200000A:D431 01 00000000:00000000 00:00000000 00000000     0\n";
    const auto four = readListeners(tcp, Family::inet, true);
    BOOST_REQUIRE(four.size() == 2U);
    BOOST_TEST(toString(four[0].ip) == "0.0.0.0");
    BOOST_TEST(four[0].port.value == 22);
    BOOST_TEST(toString(four[1].ip) == "127.0.0.1");
    BOOST_TEST(four[1].port.value == 8125);
    const auto six = readListeners(
        "   0: B80D01200000000000000000BB000000:0050 00000000000000000000000000000000:0000 0A\n"
        "   1: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A\n",
        Family::inet6, true);
    BOOST_REQUIRE(six.size() == 2U);
    BOOST_TEST(toString(six[0].ip) == "2001:db8::bb");
    BOOST_TEST(readListeners("nonsense\n1: xyz:12 0 0A\n", Family::inet, true).empty());
}

BOOST_AUTO_TEST_CASE(words_of_the_command)
{
    const auto said = [](std::vector<std::string> line) {
        std::string text;
        line.insert(line.begin(), "realserver");
        BOOST_TEST((lbctl::run(line, {.out = [](std::string_view) {},
                                      .fail = [&](std::string_view part) { text += part; }}) ==
                    lbctl::Exit::usage));
        return text;
    };
    BOOST_TEST(said({"up"}) == "lbctl: realserver up: VIP is missing (usage: lbctl realserver up "
                               "VIP... [OPTION...])\n");
    BOOST_TEST(said({"up", "192.0.2.256"}).find("'192.0.2.256' is not an address") !=
               std::string::npos);
    BOOST_TEST(said({"up", "127.0.0.1"}).find("cannot be a virtual address") != std::string::npos);
    BOOST_TEST(said({"up", "192.0.2.1", "--method", "nat"}).find("its gateway") !=
               std::string::npos);
    BOOST_TEST(said({"up", "192.0.2.1", "--outer", "inet6"}).find("goes with --method tunnel") !=
               std::string::npos);
    BOOST_TEST(
        said({"up", "192.0.2.1", "-m", "tunnel", "--tunnel-type", "gue"}).find("go together") !=
        std::string::npos);
    BOOST_TEST(said({"check", "192.0.2.1", "--port", "0"}).find("0 is too small") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
