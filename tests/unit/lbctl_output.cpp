// SPDX-License-Identifier: GPL-2.0
// Tables, JSON, rates and event lines.
#include "lbctl/json.hpp"
#include "lbctl/monitor.hpp"
#include "lbctl/rates.hpp"
#include "lbctl/view.hpp"
#include "netlink/names.hpp"
#include "netlink/setting.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace lb;
using namespace lb::lbctl;
using nlohmann::json;

namespace {

using Align = Table::Align;

const netlink::ServiceKey web{Protocol::tcp, {*Ip::parse("192.0.2.1"), Port{80}}};

netlink::Service service()
{
    return {.key = web,
            .scheduler = "wrr",
            .dests = 2,
            .active = 12,
            .inactive = 3,
            .stats = {1, 2, 3, 4, 5}};
}

netlink::Destination dest(std::string_view endpoint)
{
    return {.service = web, .endpoint = *Endpoint::parse(endpoint), .weight = {7}, .active = 1000};
}

// The names of a set's attributes that are among @object's keys must be all its keys.
void checkKeys(const json &object, const netlink::AttributeSet &set,
               std::vector<std::string> absent)
{
    std::vector<std::string> expected;
    for (const auto name : set.names)
        if (!name.empty() && name != "pad" && std::ranges::find(absent, name) == absent.end())
            expected.emplace_back(name);
    std::vector<std::string> found;
    for (const auto &[key, value] : object.items())
        found.push_back(key);
    std::ranges::sort(expected);
    std::ranges::sort(found);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbctl_output)

BOOST_AUTO_TEST_CASE(a_table_aligns_words_left_and_numbers_right)
{
    std::string text;
    Table table([&](std::string_view part) { text += part; },
                {Align::left, Align::right, Align::left}, {{"Name", "Count", "Note"}});
    table.row({"a", "5"});
    table.row({"longer", "1234567", "yes"});
    table.finish();
    BOOST_TEST(text == "Name      Count  Note\n"
                       "a             5\n"
                       "longer  1234567  yes\n");
}

BOOST_AUTO_TEST_CASE(an_empty_table_is_its_heading)
{
    std::string text;
    Table table([&](std::string_view part) { text += part; }, {Align::left, Align::right},
                {{"Name", "Count"}});
    table.finish();
    BOOST_TEST(text == "Name  Count\n");
}

BOOST_AUTO_TEST_CASE(a_long_table_is_written_as_it_comes)
{
    std::size_t lines = 0;
    Table table([&](std::string_view part) { lines += part == "\n" ? 1 : 0; }, {Align::left},
                {{"Name"}});
    for (int i = 0; i < 20000; i++)
        table.row({"x"});
    BOOST_TEST(lines == 20001U); // before finish()
    table.row({"wider than its column"});
    table.finish();
    BOOST_TEST(lines == 20002U);
}

BOOST_AUTO_TEST_CASE(services_with_their_destinations)
{
    std::string text;
    Context context({.out = [&](std::string_view part) { text += part; }}, {});
    auto draining = dest("10.0.0.2:8080");
    draining.drain = true;
    draining.local = true;
    const std::vector<ServiceView> views{{service(), {dest("10.0.0.1:8080"), draining}}};
    printServices(context, views, false);
    BOOST_TEST(text ==
               "Service             Scheduler  Weight  Active  Inactive\n"
               "  -> Destination    Method\n"
               "tcp 192.0.2.1:80    wrr                    12         3\n"
               "  -> 10.0.0.1:8080  nat             7    1000         0\n"
               "  -> 10.0.0.2:8080  nat             7    1000         0  draining, local\n");
    text.clear();
    printServices(context, views, true);
    BOOST_TEST(text == "Service           Scheduler  Dests  Active  Inactive\n"
                       "tcp 192.0.2.1:80  wrr            2      12         3\n");
}

BOOST_AUTO_TEST_CASE(json_of_a_service_has_the_specs_keys)
{
    const auto object = json::parse(toJson(service()));
    checkKeys(object, netlink::serviceSet, {"txn", "generation"});
    checkKeys(object["key"], netlink::keySet, {"fwmark"});
    checkKeys(object["stats"], netlink::statsSet, {});
    checkKeys(object["rates"], netlink::ratesSet, {});
    BOOST_TEST(object["key"]["family"] == "inet");
    BOOST_TEST(object["key"]["protocol"] == "tcp");
    BOOST_TEST(object["key"]["addr"] == "192.0.2.1");
    BOOST_TEST(object["key"]["port"] == 80);
    BOOST_TEST(object["scheduler"] == "wrr");
    BOOST_TEST(object["sched-flags"] == json::array());
    BOOST_TEST(object["timeouts"] == json::object());
    BOOST_TEST(object["active"] == 12);
    BOOST_TEST(object["stats"]["in-packets"] == 2);
    BOOST_TEST(object["stats"]["out-bytes"] == 5);
}

BOOST_AUTO_TEST_CASE(json_of_a_destination_has_the_specs_keys)
{
    const auto object = json::parse(toJson(dest("10.0.0.1:8080")));
    checkKeys(object, netlink::destSet, {"txn", "generation", "lax-port"});
    BOOST_TEST(object["method"] == "nat");
    BOOST_TEST(object["drain"] == false);
    BOOST_TEST(object["service"]["addr"] == "192.0.2.1");
    BOOST_TEST(object["tunnel-type"].is_null());

    auto wrapped = dest("10.0.0.1:80");
    wrapped.method = Method::tunnel;
    wrapped.tunnel = {TunnelType::gue, Port{6080}, TunnelChecksum::remote};
    const auto tunnel = json::parse(toJson(wrapped));
    BOOST_TEST(tunnel["tunnel-type"] == "gue");
    BOOST_TEST(tunnel["tunnel-port"] == 6080);
    BOOST_TEST(tunnel["tunnel-checksum"] == "remote");
}

BOOST_AUTO_TEST_CASE(json_of_a_connection_has_the_specs_keys)
{
    const netlink::Connection conn{.protocol = 6,
                                   .client = *Endpoint::parse("198.51.100.7:4000"),
                                   .service = web.endpoint,
                                   .dest = *Endpoint::parse("[2001:db8::2]:80"),
                                   .method = Method::tunnel,
                                   .state = LB_STATE_FIN_WAIT,
                                   .flags = LB_CONN_FLAGS_NO_OUTPUT | LB_CONN_FLAGS_ORPHAN,
                                   .expiresMs = 1500};
    const auto object = json::parse(toJson(conn));
    checkKeys(object, netlink::connSet,
              {"client-prefix", "count", "templates", "fwmark", "conns", "persist-id"});
    BOOST_TEST(object["state"] == "fin-wait");
    BOOST_TEST(object["dest-family"] == "inet6");
    BOOST_TEST((object["flags"] == json{"no-output", "orphan"}));
    BOOST_TEST((json::parse(countJson(3)) == json{{"count", 3}}));
}

BOOST_AUTO_TEST_CASE(json_of_a_template_has_the_specs_keys)
{
    netlink::Connection tpl{.protocol = 6,
                            .client = *Endpoint::parse("198.51.100.0:0"),
                            .service = web.endpoint,
                            .dest = *Endpoint::parse("10.0.0.2:80"),
                            .flags = LB_CONN_FLAGS_TEMPLATE,
                            .clientPrefix = 24,
                            .conns = 2};
    auto object = json::parse(toJson(tpl));
    checkKeys(object, netlink::connSet, {"client-port", "state", "count", "templates", "fwmark"});
    BOOST_TEST(object["client-prefix"] == 24);
    BOOST_TEST((object["flags"] == json{"template"}));
    BOOST_TEST(object["persist-id"].is_null());
    tpl.fwmark = 5;
    tpl.persistId = "a84b4c76e66710";
    object = json::parse(toJson(tpl));
    checkKeys(
        object, netlink::connSet,
        {"client-port", "state", "count", "templates", "protocol", "virtual-addr", "virtual-port"});
    BOOST_TEST(object["persist-id"] == "a84b4c76e66710");
    BOOST_TEST(object["fwmark"] == 5);
}

BOOST_AUTO_TEST_CASE(json_of_the_rest_has_the_specs_keys)
{
    checkKeys(json::parse(toJson(netlink::Info{})), netlink::infoSet, {});
    netlink::Settings settings;
    for (const auto &setting : netlink::allSettings())
        settings.values[setting.type] = setting.min;
    settings.generation = 9;
    checkKeys(json::parse(toJson(settings)), netlink::settingsSet, {"txn"});
    const auto total = json::parse(toJson(netlink::Total{.drops = {{"no-dest", 4}}}));
    checkKeys(total, netlink::totalSet, {});
    checkKeys(total["drop"][0], netlink::dropSet, {"reason"});
}

BOOST_AUTO_TEST_CASE(counters_keep_all_their_64_bits)
{
    auto one = service();
    one.stats.inBytes = UINT64_MAX;
    BOOST_TEST(json::parse(toJson(one))["stats"]["in-bytes"].get<std::uint64_t>() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(an_array_of_objects)
{
    BOOST_TEST(json::parse(arrayJson(std::vector<netlink::Service>{})) == json::array());
    BOOST_TEST(json::parse(arrayJson(std::vector{service(), service()})).size() == 2U);
}

BOOST_AUTO_TEST_CASE(events_as_lines_and_as_json)
{
    auto changed = service();
    changed.generation = 7;
    const netlink::Event set{.command = LB_CMD_SERVICE_SET_NTF, .object = changed};
    BOOST_TEST(toLine(set) == "service-set tcp 192.0.2.1:80 scheduler wrr generation 7");
    changed.schedulerFlags = LB_SCHED_FLAGS_PORT;
    const netlink::Event flags{.command = LB_CMD_SERVICE_SET_NTF, .object = changed};
    BOOST_TEST(toLine(flags) ==
               "service-set tcp 192.0.2.1:80 scheduler wrr flags port generation 7");
    BOOST_TEST(json::parse(toJson(flags))["sched-flags"] == json::array({"port"}));
    BOOST_TEST(json::parse(toJson(flags))["one-packet"] == false);
    auto single = service();
    single.onePacket = true;
    const netlink::Event packets{.command = LB_CMD_SERVICE_NEW_NTF, .object = single};
    BOOST_TEST(toLine(packets) == "service-new tcp 192.0.2.1:80 scheduler wrr one-packet");
    BOOST_TEST(json::parse(toJson(packets))["one-packet"] == true);
    BOOST_TEST(json::parse(toJson(set))["event"] == "service-set");
    BOOST_TEST(json::parse(toJson(set))["generation"] == 7);

    netlink::Destination gone{.service = web, .endpoint = *Endpoint::parse("10.0.0.1:80")};
    gone.generation = 8;
    gone.keyOnly = true;
    const netlink::Event del{.command = LB_CMD_DEST_DEL_NTF, .object = gone};
    BOOST_TEST(toLine(del) == "dest-del tcp 192.0.2.1:80 10.0.0.1:80 generation 8");
    BOOST_TEST(!json::parse(toJson(del)).contains("weight"));
    BOOST_TEST(json::parse(toJson(del))["addr"] == "10.0.0.1");

    const netlink::Event flush{.command = LB_CMD_FLUSH_NTF, .object = netlink::Flushed{9}};
    BOOST_TEST(toLine(flush) == "flush generation 9");
    BOOST_TEST((json::parse(toJson(flush)) == json{{"event", "flush"}, {"generation", 9}}));
}

BOOST_AUTO_TEST_CASE(rates_are_differences_per_second)
{
    const netlink::Stats before{10, 100, 1000, 0, 5};
    const netlink::Stats after{14, 103, 1000, 1, 3};
    const auto rates = ratesBetween(before, after, 2000);
    BOOST_TEST(rates.conns == 2U);
    BOOST_TEST(rates.inPackets == 2U); // 1.5, rounded
    BOOST_TEST(rates.outPackets == 0U);
    BOOST_TEST(rates.inBytes == 1U);  // 0.5, rounded
    BOOST_TEST(rates.outBytes == 2U); // began anew: 3 in 2 s
    BOOST_TEST(rates.intervalMs == 2000U);
    BOOST_TEST(ratesBetween(before, after, 0).conns == 4000U); // no division by zero
}

BOOST_AUTO_TEST_SUITE_END()
