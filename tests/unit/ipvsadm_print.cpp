// SPDX-License-Identifier: GPL-2.0
// Lists of ipvsadm's, as its 1.31 formats them (the widths of its titles and lines). That the real
// one prints the same is tested in the lab, where both run: tests/net/scenarios/47-lbctl-ipvsadm.sh.
#include "ipvsadm/live.hpp"
#include "ipvsadm/print.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::ipvsadm;

namespace {

const Endpoint vip = *Endpoint::parse("192.0.2.1:80");

View web()
{
    View view{{.key = {Protocol::tcp, vip}, .scheduler = "wlc"}, {}};
    view.dests.push_back({.endpoint = *Endpoint::parse("10.0.0.12:8080"),
                          .method = Method::nat,
                          .weight = {3},
                          .templates = 4,
                          .upper = 100,
                          .lower = 50});
    view.dests.push_back({.endpoint = *Endpoint::parse("10.0.0.11:80"), .method = Method::direct});
    return view;
}

std::string printed(const View &view, Form form)
{
    Names names(true);
    std::string text = title(form);
    print(text, view, {.form = form, .numeric = true}, names);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ipvsadm_print)

BOOST_AUTO_TEST_CASE(the_usual_list)
{
    BOOST_TEST(versionLine() == "IP Virtual Server version 1.2.1 (size=4096)\n");
    BOOST_TEST(printed(web(), Form::plain) ==
               "Prot LocalAddress:Port Scheduler Flags\n"
               "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
               "TCP  192.0.2.1:80 wlc\n"
               "  -> 10.0.0.12:8080               Masq    3      0          0         \n"
               "  -> 10.0.0.11:80                 Route   1      0          0         \n");
}

BOOST_AUTO_TEST_CASE(counters)
{
    auto view = web();
    view.dests.resize(1);
    view.service.sinceZero = {1, 22, 333, 99'999'999, 100'000'000};
    view.dests[0].sinceZero = {0, 1'000'000'000, 100'000'000'000, 100'000'000'000'000, 7};
    BOOST_TEST(printed(view, Form::stats) ==
               "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
               "  -> RemoteAddress:Port\n"
               "TCP  192.0.2.1:80                        1       22      333 99999999  100000K\n"
               "  -> 10.0.0.12:8080                      0    1000M     100G     100T        7\n");
    BOOST_TEST(largeNumber(123'456'789, true) == " 123456789");
    BOOST_TEST(largeNumber(12, true) == "       12");
}

BOOST_AUTO_TEST_CASE(bounds_templates_and_tunnels)
{
    BOOST_TEST(printed(web(), Form::thresholds) ==
               "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
               "  -> RemoteAddress:Port\n"
               "TCP  192.0.2.1:80 wlc\n"
               "  -> 10.0.0.12:8080               100        50         0          0         \n"
               "  -> 10.0.0.11:80                 0          0          0          0         \n");
    BOOST_TEST(printed(web(), Form::persistentConn) ==
               "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
               "  -> RemoteAddress:Port\n"
               "TCP  192.0.2.1:80 wlc\n"
               "  -> 10.0.0.12:8080               3         4           0          0         \n"
               "  -> 10.0.0.11:80                 1         0           0          0         \n");
    auto view = web();
    view.dests[0].method = Method::tunnel;
    view.dests[0].tunnel = {TunnelType::gue, Port{6080}, TunnelChecksum::remote};
    BOOST_TEST(
        printed(view, Form::tunInfo) ==
        "Prot LocalAddress:Port Scheduler Flags\n"
        "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n"
        "TCP  192.0.2.1:80 wlc\n"
        "  -> 10.0.0.12:8080               Tunnel  gue:6080:r+c  3      0          0         \n"
        "  -> 10.0.0.11:80                 Route   n/a           1      0          0         \n");
}

BOOST_AUTO_TEST_CASE(flags_and_rules)
{
    View view{{.key = {Protocol::tcp, vip}, .scheduler = "sh"}, {}};
    view.service.schedulerFlags = LB_SCHED_FLAGS_FALLBACK | LB_SCHED_FLAGS_PORT;
    view.service.persistence = {.timeout = 500, .prefix = 24};
    Names names(true);
    std::string line;
    printServiceLine(line, view.service, {}, names);
    BOOST_TEST(line ==
               "TCP  192.0.2.1:80 sh (sh-fallback,sh-port) persistent 500 mask 255.255.255.0\n");
    BOOST_TEST(printed(view, Form::rule) ==
               "-A -t 192.0.2.1:80 -s sh -p 500 -M 255.255.255.0 -b sh-fallback,sh-port\n");

    View mark{{.key = netlink::ServiceKey::ofFwmark(Family::inet6, 7), .scheduler = "rr"}, {}};
    mark.dests.push_back({.endpoint = *Endpoint::parse("[2001:db8::1]:0"),
                          .method = Method::tunnel,
                          .tunnel = {TunnelType::gre, {}, TunnelChecksum::normal}});
    BOOST_TEST(printed(mark, Form::rule) == "-A -f 7 -6 -s rr\n"
                                            "-a -f 7 -6 -r [2001:db8::1]:0 -i -w 1 --tun-type gre "
                                            "--tun-csum\n");
}

BOOST_AUTO_TEST_CASE(whole_rules_tell_what_ipvsadm_leaves_out)
{
    View mark{
        {.key = netlink::ServiceKey::ofFwmark(Family::inet, 3'000'000'000), .scheduler = "rr"}, {}};
    mark.dests.push_back({.endpoint = *Endpoint::parse("10.0.0.11:0"),
                          .method = Method::direct,
                          .upper = 100,
                          .lower = 50});
    Names names(true);
    std::string text;
    printRule(text, mark, names, Saying::whole);
    BOOST_TEST(text == "-A -f 3000000000 -s rr\n"
                       "-a -f 3000000000 -r 10.0.0.11:0 -g -w 1 -x 100 -y 50\n");
    BOOST_TEST(printed(mark, Form::rule) == "-A -f -1294967296 -s rr\n"
                                            "-a -f -1294967296 -r 10.0.0.11:0 -g -w 1\n");
}

// Lines as ip_vs's file has them.
BOOST_AUTO_TEST_CASE(connections_of_ip_vs)
{
    const auto conn = readConn("TCP C6336402 0FA0 C0000201 0050 0A00000B 1F90 ESTABLISHED     899");
    BOOST_REQUIRE(conn);
    BOOST_TEST(conn->protocol == 6);
    BOOST_TEST(toString(conn->client) == "198.51.100.2:4000");
    BOOST_TEST(toString(conn->service) == "192.0.2.1:80");
    BOOST_TEST(toString(conn->dest) == "10.0.0.11:8080");
    BOOST_TEST(conn->state == LB_STATE_ESTABLISHED);
    BOOST_TEST(conn->expiresMs == 899'000U);

    const auto six = readConn("UDP 2001:0db8:000c:0000:0000:0000:0000:0002 0FA0 "
                              "2001:0db8:000f:0000:0000:0000:0000:0001 0035 "
                              "2001:0db8:0000:0000:0000:0000:0000:0011 0035 UDP             299");
    BOOST_REQUIRE(six);
    BOOST_TEST(toString(six->client) == "[2001:db8:c::2]:4000");
    BOOST_TEST(six->state == LB_STATE_UDP);
    BOOST_TEST(*stateOf(Protocol::sctp, "ESTABLISHED") == LB_STATE_SCTP_ESTABLISHED);

    for (const auto *line :
         {"Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
          "TCP C6336400 0000 C0000201 0050 0A00000B 0050 NONE            299", // a template
          "IP  C6336402 0000 00000007 0000 0A00000B 0000 NONE            299", // of a mark
          "ESP C6336402 01F4 C0000201 01F4 0A00000B 01F4 NONE            299",
          "TCP C6336402 0FA0 C0000201 0050 0A00000B 0050 UDP             299",
          "TCP C6336402 0FA0 C0000201 0050 0A00000B 0050 ESTABLISHED", "TCP", ""})
        BOOST_TEST(!readConn(line));
}

BOOST_AUTO_TEST_CASE(connections)
{
    Names names(true);
    std::string text = connectionsTitle(false);
    netlink::Connection conn{.protocol = 6,
                             .client = *Endpoint::parse("198.51.100.1:4000"),
                             .service = vip,
                             .dest = *Endpoint::parse("10.0.0.11:80"),
                             .state = LB_STATE_FIN_WAIT,
                             .expiresMs = 119'999};
    print(text, conn, false, names);
    BOOST_TEST(text ==
               "IPVS connection entries\n"
               "pro expire state       source             virtual            destination\n"
               "TCP 01:59  FIN_WAIT    198.51.100.1:4000  192.0.2.1:80       10.0.0.11:80\n");
}

// 192.0.2.1 is more than 2^31 above 10.0.0.1, so that their difference is negative: ipvsadm lists
// it first.
BOOST_AUTO_TEST_CASE(addresses_far_apart_are_the_other_way_round)
{
    std::vector<View> views;
    for (const auto *address : {"10.0.0.1:80", "192.0.2.1:80", "10.0.0.1:79"})
        views.push_back({{.key = {Protocol::tcp, *Endpoint::parse(address)}}, {}});
    sort(views);
    BOOST_TEST(toString(views[0].service.key.endpoint) == "192.0.2.1:80");
    BOOST_TEST(toString(views[1].service.key.endpoint) == "10.0.0.1:79");
    BOOST_TEST(toString(views[2].service.key.endpoint) == "10.0.0.1:80");
}

BOOST_AUTO_TEST_SUITE_END()
