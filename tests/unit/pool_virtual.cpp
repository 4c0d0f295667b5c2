// SPDX-License-Identifier: GPL-2.0
// What virtual servers leave open is filled in as keepalived.conf(5) says: services and
// destinations as lbctl would add them.
#include "config_written.hpp"
#include "lbctl/script.hpp"
#include "pool/virtual.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::pool;

namespace {

std::vector<Virtual> virtuals(const std::string &text)
{
    config::Written written(text);
    return virtualsOf(config::modelOf(written.tree, written.report));
}

// Everything of one virtual server as commands.
std::vector<std::string> commands(const std::string &text)
{
    std::vector<std::string> all;
    for (const auto &server : virtuals(text))
        for (const auto &key : server.keys) {
            all.push_back(
                lbctl::toCommand(netlink::Change::add(additionOf(key, policyOf(server, key)))));
            for (const auto &real : server.servers)
                all.push_back(
                    lbctl::toCommand(netlink::Change::add(additionOf(key, memberOf(real, key)))));
        }
    return all;
}

void check(const std::vector<std::string> &found, const std::vector<std::string> &expected)
{
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_virtual)

BOOST_AUTO_TEST_CASE(what_is_not_said_is_udp_wlc_nat_and_weight_1)
{
    check(commands("virtual_server 192.0.2.1 53 {\nreal_server 10.0.0.1 {\n}\n}\n"),
          {"service add udp 192.0.2.1:53 --scheduler wlc",
           "dest add udp 192.0.2.1:53 10.0.0.1:53 --method nat --weight 1"});
}

BOOST_AUTO_TEST_CASE(what_is_said_is_there)
{
    check(commands("virtual_server 2001:db8::1 443 {\nlb_algo mh\nmh-port\nlb_kind TUN\n"
                   "protocol TCP\npersistence_timeout 50\npersistence_granularity 64\n"
                   "real_server 2001:db8::11 443 {\nweight 7\nuthreshold 100\nlthreshold 50\n}\n"
                   "real_server 2001:db8::12 443 {\nlvs_method DR\n}\n}\n"),
          {"service add tcp [2001:db8::1]:443 --scheduler mh --scheduler-flags port --persist 50 "
           "--persist-prefix 64",
           "dest add tcp [2001:db8::1]:443 [2001:db8::11]:443 --method tunnel --weight 7 --upper "
           "100 --lower 50",
           "dest add tcp [2001:db8::1]:443 [2001:db8::12]:443 --method direct --weight 1"});
}

BOOST_AUTO_TEST_CASE(only_nat_has_a_port_of_its_own)
{
    const std::string head = "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlb_algo rr\nlb_kind ";
    const std::string real = "\nreal_server 10.0.0.1 8080 {\n}\n}\n";
    BOOST_TEST(virtuals(head + "NAT" + real)[0].servers[0].member.endpoint.port.value == 8080);
    BOOST_TEST(virtuals(head + "DR" + real)[0].servers[0].member.endpoint.port.value == 80);
    BOOST_TEST(virtuals(head + "TUN" + real)[0].servers[0].member.endpoint.port.value == 80);
}

BOOST_AUTO_TEST_CASE(a_service_for_all_ports_is_persistent)
{
    check(commands("virtual_server 192.0.2.1 {\nlb_algo rr\nlb_kind DR\nprotocol TCP\n"
                   "real_server 10.0.0.1 {\n}\n}\n"),
          {"service add tcp 192.0.2.1:0 --scheduler rr --persist 360",
           "dest add tcp 192.0.2.1:0 10.0.0.1:0 --method direct --weight 1"});
}

BOOST_AUTO_TEST_CASE(a_group_is_a_service_for_each_of_its_addresses_and_marks)
{
    check(commands("virtual_server_group web {\n192.0.2.254-255 80\n192.0.2.9 443\nfwmark 5\n}\n"
                   "virtual_server group web {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n"
                   "real_server 10.0.0.1 {\n}\n}\n"),
          {"service add tcp 192.0.2.254:80 --scheduler rr",
           "dest add tcp 192.0.2.254:80 10.0.0.1:80 --method nat --weight 1",
           "service add tcp 192.0.2.255:80 --scheduler rr",
           "dest add tcp 192.0.2.255:80 10.0.0.1:80 --method nat --weight 1",
           "service add tcp 192.0.2.9:443 --scheduler rr",
           "dest add tcp 192.0.2.9:443 10.0.0.1:443 --method nat --weight 1",
           "service add fwmark 5 --scheduler rr",
           "dest add fwmark 5 10.0.0.1:0 --method nat --weight 1"});
}

BOOST_AUTO_TEST_CASE(what_lb_has_of_its_own)
{
    check(commands("virtual_server 192.0.2.1 80 {\nlb_algo wlc\nlb_kind NAT\nprotocol TCP\n"
                   "slow_start 30\ntimeout established 900\nmss_clamp auto\norphans reset\n"
                   "real_server 10.0.0.1 80 {\n}\n}\n"),
          {"service add tcp 192.0.2.1:80 --scheduler wlc --mss-clamp auto "
           "--timeout established=15m --slow-start 30 --orphans reset",
           "dest add tcp 192.0.2.1:80 10.0.0.1:80 --method nat --weight 1"});
}

BOOST_AUTO_TEST_CASE(a_mark_is_of_the_family_of_its_servers)
{
    check(commands("virtual_server fwmark 7 {\nlb_algo rr\nlb_kind DR\n"
                   "real_server 2001:db8::11 80 {\n}\n}\n"),
          {"service add fwmark6 7 --scheduler rr",
           "dest add fwmark6 7 [2001:db8::11]:0 --method direct --weight 1"});
}

BOOST_AUTO_TEST_CASE(a_quorum_that_could_never_be_is_what_there_is)
{
    const auto server = virtuals("virtual_server 192.0.2.1 80 {\nprotocol TCP\nquorum 9\n"
                                 "hysteresis 3\nreal_server 10.0.0.1 80 {\nweight 2\n}\n}\n")[0];
    BOOST_TEST(server.quorum == 2);
    BOOST_TEST(server.hysteresis == 0);
}

BOOST_AUTO_TEST_SUITE_END()
