// SPDX-License-Identifier: GPL-2.0
// What is said of a configuration that does not fit the network it is in. The network is a table of
// answers.
#include "config/check.hpp"
#include "config_written.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::config;

namespace {

Machine someNetwork()
{
    return {.hasAddress = [](const Ip &ip) { return ip == *Ip::parse("192.0.2.1"); },
            .gatewayTo = [](const Ip &ip) -> std::optional<Ip> {
                if (ip == *Ip::parse("10.9.0.5"))
                    return *Ip::parse("192.0.2.254");
                return {};
            }};
}

std::string said(const std::string &text)
{
    Written written(text);
    const auto model = modelOf(written.tree, written.report);
    checkNetwork(model, someNetwork(), written.report);
    return written.said();
}

std::string server(const std::string &name, const std::string &method, const std::string &real)
{
    return "virtual_server " + name + " {\nlb_algo rr\nlb_kind " + method +
           "\nprotocol TCP\nreal_server " + real + " 80 {\n}\n}\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_network)

BOOST_AUTO_TEST_CASE(an_address_that_no_interface_has)
{
    BOOST_TEST(said(server("192.0.2.1 80", "NAT", "10.0.0.1")) == "");
    const auto missing = said(server("192.0.2.9 80", "NAT", "10.0.0.1") +
                              server("192.0.2.9 443", "NAT", "10.0.0.1"));
    BOOST_TEST(missing.find("192.0.2.9") != std::string::npos);
    // Once is enough.
    BOOST_TEST(missing.find("no interface") == missing.rfind("no interface"));
    BOOST_TEST(said(server("fwmark 5", "NAT", "10.0.0.1")) == "");
    BOOST_TEST(
        said("virtual_server_group g {\n192.0.2.8 80\n}\n" + server("group g", "NAT", "10.0.0.1"))
            .find("192.0.2.8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_address_that_vrrp_brings)
{
    BOOST_TEST(said("vrrp_instance a {\ninterface eth0\nvirtual_router_id 5\n"
                    "virtual_ipaddress {\n192.0.2.9/24\n}\n"
                    "virtual_ipaddress_excluded {\n192.0.2.10\n}\n}\n" +
                    server("192.0.2.9 80", "NAT", "10.0.0.1") +
                    server("192.0.2.10 80", "NAT", "10.0.0.1")) == "");
}

BOOST_AUTO_TEST_CASE(direct_routing_ends_at_a_gateway)
{
    const auto far = said(server("192.0.2.1 80", "DR", "10.9.0.5"));
    BOOST_TEST(far.find("10.9.0.5") != std::string::npos);
    BOOST_TEST(far.find("192.0.2.254") != std::string::npos);
    BOOST_TEST(said(server("192.0.2.1 80", "DR", "10.0.0.1")) == "");
    BOOST_TEST(said(server("192.0.2.1 80", "TUN", "10.9.0.5")) == "");
}

BOOST_AUTO_TEST_SUITE_END()
