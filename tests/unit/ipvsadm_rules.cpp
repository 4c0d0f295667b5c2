// SPDX-License-Identifier: GPL-2.0
// A file of ipvsadm's rules: what it adds up to, and how what is wrong is named.
#include "ipvsadm/rules.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::ipvsadm;

BOOST_AUTO_TEST_SUITE(ipvsadm_rules)

BOOST_AUTO_TEST_CASE(lines_add_up)
{
    const auto rules = readRules("f", "# saved\n"
                                      "-A -t 192.0.2.1:80 -s rr\n"
                                      "\n"
                                      "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1 -m -w 2\n"
                                      "-a -t 192.0.2.1:80 -r 10.0.0.2 -m\n"
                                      "-e -t 192.0.2.1:80 -r 10.0.0.2 -g -w 7\r\n"
                                      "-d -t 192.0.2.1:80 -r 10.0.0.1\n"
                                      "-A -f 5\n"
                                      "-D -f 5\n"
                                      "--set 900 0 0");
    BOOST_TEST_REQUIRE(rules.has_value(), rules.error().text);
    const auto model = applied(*rules, {});
    BOOST_TEST_REQUIRE(model.has_value(), model.error().text);
    BOOST_TEST_REQUIRE(model->services.size() == 1U);
    const auto &pool = model->services.begin()->second;
    BOOST_TEST(pool.scheduler == "rr");
    BOOST_TEST_REQUIRE(pool.members.size() == 1U);
    BOOST_TEST(toString(pool.members[0].endpoint) == "10.0.0.2:80");
    BOOST_TEST(pool.members[0].weight.value == 7);
    BOOST_TEST(pool.members[0].line == 6U);
    BOOST_TEST(model->settings.values.size() == 1U);
}

BOOST_AUTO_TEST_CASE(everything_wrong_is_named)
{
    const auto rules = readRules("f", "-A -t 192.0.2.1:80\n"
                                      "-A -t 192.0.2.1:81 -w 3\n"
                                      "  -a -t 192.0.2.1:80 -r 10.0.0.1 -w many\n");
    BOOST_TEST_REQUIRE(!rules.has_value());
    BOOST_TEST(rules.error().status == failStatus);
    BOOST_TEST(rules.error().text ==
               "f:2:1: Illegal 'weight' option with the 'add-service' command\n"
               "    -A -t 192.0.2.1:81 -w 3\n"
               "    ^^^^^^^^^^^^^^^^^^^^^^^\n"
               "f:3:37: illegal weight specified\n"
               "      -a -t 192.0.2.1:80 -r 10.0.0.1 -w many\n"
               "                                        ^^^^\n"
               "nothing was changed");
}

BOOST_AUTO_TEST_CASE(a_line_that_the_lines_above_do_not_allow_is_named)
{
    const auto rules = readRules("f", "-A -t 192.0.2.1:80\n-A -t 192.0.2.1:80\n");
    BOOST_TEST_REQUIRE(rules.has_value());
    const auto model = applied(*rules, {});
    BOOST_TEST_REQUIRE(!model.has_value());
    BOOST_TEST(model.error().text.starts_with("f:2:1: Service already exists\n"));
}

// Reading and adding up take a time that grows with the file, not with its square: at ten times
// the lines less than thirty times the work would be fine, minutes would not.
BOOST_AUTO_TEST_CASE(ten_thousand_destinations_of_one_service)
{
    std::string text = "-A -t 192.0.2.1:80\n";
    for (int i = 0; i < 10'000; i++)
        text += "-a -t 192.0.2.1:80 -r 10.1." + std::to_string(i / 250) + "." +
                std::to_string(i % 250 + 1) + "\n";
    const auto rules = readRules("f", text);
    BOOST_TEST_REQUIRE(rules.has_value());
    BOOST_TEST(applied(*rules, {})->services.begin()->second.members.size() == 10'000U);
}

BOOST_AUTO_TEST_SUITE_END()
