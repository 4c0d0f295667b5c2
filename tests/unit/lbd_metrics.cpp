// SPDX-License-Identifier: GPL-2.0
// The names of what is exported: that they are right, and that the documentation has them all.
#include "lbd/metrics.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include <boost/test/unit_test.hpp>

using namespace lb;

BOOST_AUTO_TEST_SUITE(lbd_metrics)

BOOST_AUTO_TEST_CASE(the_documentation_names_exactly_what_is_exported)
{
    const auto *top = std::getenv("LB_TOP");
    BOOST_REQUIRE(top != nullptr);
    std::ifstream file(std::string(top) + "/Documentation/metrics.md");
    BOOST_REQUIRE(file.good());
    std::set<std::string> documented;
    const std::regex row(R"(^\| `([a-z0-9_]+)` \| .+ \|$)");
    std::smatch match;
    for (std::string line; std::getline(file, line);)
        if (std::regex_match(line, match, row))
            BOOST_TEST(documented.insert(match[1]).second, match[1]);
    std::set<std::string> exported;
    for (const auto &family : lbd::families())
        BOOST_TEST(exported.emplace(family.name).second, family.name);
    BOOST_TEST(documented == exported, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_are_as_prometheus_wants_them)
{
    const std::regex name("[a-zA-Z_:][a-zA-Z0-9_:]*");
    for (const auto &family : lbd::families()) {
        const std::string text(family.name);
        BOOST_TEST(std::regex_match(text, name), text);
        BOOST_TEST((family.type == "counter" || family.type == "gauge"), text);
        BOOST_TEST(!family.help.empty(), text);
        // Our own counters say what they are; those of exporters are as they have them.
        if (text.starts_with("lbd_"))
            BOOST_TEST((family.type == "counter") == text.ends_with("_total"), text);
    }
}

// The names of node_exporter's collector ipvs, and of what keepalived_exporter tells of LVS.
BOOST_AUTO_TEST_CASE(dashboards_of_exporters_go_on)
{
    const auto all = lbd::families();
    for (const auto *name :
         {"node_ipvs_connections_total", "node_ipvs_incoming_packets_total",
          "node_ipvs_outgoing_packets_total", "node_ipvs_incoming_bytes_total",
          "node_ipvs_outgoing_bytes_total", "node_ipvs_backend_connections_active",
          "node_ipvs_backend_connections_inactive", "node_ipvs_backend_weight", "keepalived_up",
          "keepalived_lvs_vip_in_packets", "keepalived_lvs_vip_out_packets",
          "keepalived_lvs_vip_in_bytes", "keepalived_lvs_vip_out_bytes", "keepalived_lvs_vip_conn",
          "keepalived_lvs_rs_in_packets", "keepalived_lvs_rs_out_packets",
          "keepalived_lvs_rs_in_bytes", "keepalived_lvs_rs_out_bytes", "keepalived_lvs_rs_conn"})
        BOOST_TEST((std::ranges::find(all, name, &lbd::Family::name) != all.end()), name);
}

BOOST_AUTO_TEST_SUITE_END()
