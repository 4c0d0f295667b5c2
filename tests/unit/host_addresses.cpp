// SPDX-License-Identifier: GPL-2.0
// Addresses of this machine: kept by interface, and read from the kernel, which has 127.0.0.1.
#include "host/addresses.hpp"
#include "host/route.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::host;

BOOST_AUTO_TEST_SUITE(host_addresses)

BOOST_AUTO_TEST_CASE(an_address_is_there_as_long_as_an_interface_has_it)
{
    Addresses addresses;
    const auto ip = *Ip::parse("192.0.2.1");
    BOOST_TEST(!addresses.has(ip));
    BOOST_TEST(addresses.add(ip, 1));
    BOOST_TEST(!addresses.add(ip, 2));
    BOOST_TEST(!addresses.add(ip, 2)); // as the kernel tells of a changed lifetime
    BOOST_TEST(!addresses.remove(ip, 1));
    BOOST_TEST(addresses.has(ip));
    BOOST_TEST(addresses.remove(ip, 2));
    BOOST_TEST(!addresses.remove(ip, 2));
    BOOST_TEST(!addresses.has(ip));
}

BOOST_AUTO_TEST_CASE(the_kernels_are_read)
{
    const auto addresses = Addresses::read();
    BOOST_REQUIRE(addresses);
    BOOST_TEST(addresses->has(*Ip::parse("127.0.0.1")));
    BOOST_TEST(!addresses->has(*Ip::parse("192.0.2.1")));
}

BOOST_AUTO_TEST_CASE(nobody_stands_between_this_machine_and_itself)
{
    const auto route = routeTo(*Ip::parse("127.0.0.1"));
    BOOST_REQUIRE(route);
    BOOST_TEST(!route->gateway.has_value());
    BOOST_TEST(route->interface > 0);
}

BOOST_AUTO_TEST_SUITE_END()
