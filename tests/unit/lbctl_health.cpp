// SPDX-License-Identifier: GPL-2.0
// What lbd answers, as lbctl shows it: answers spelt out by Documentation/control.md.
#include "lbctl/daemon.hpp"
#include "lbctl/event_view.hpp"
#include "lbctl/health_view.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb::lbctl;
using nlohmann::json;

namespace {

json probe(const std::string &state, bool good, const std::string &why)
{
    return {{"kind", "HTTP_GET"},
            {"target", "10.0.0.1:8080"},
            {"state", state},
            {"since", 192.4},
            {"next", 4.25},
            {"attempt", 1},
            {"attempts", 2},
            {"good", 7},
            {"failed", 3},
            {"inconclusive", 1},
            {"late", 0.001},
            {"certificate_ends", 1795442400},
            {"last", {{"good", good}, {"why", why}, {"ago", 1.5}, {"took", 0.002}}},
            {"history",
             {{{"up", true}, {"why", "HTTP status 200"}, {"ago", 4000}},
              {{"up", false}, {"why", why}, {"ago", 192}}}}};
}

json server(const std::string &name, bool up, json probes)
{
    return {{"server", name},
            {"up", up},
            {"weight", 3},
            {"why", "HTTP status 503"},
            {"probes", std::move(probes)}};
}

json answer()
{
    return json::array(
        {{{"name", "192.0.2.1 80"},
          {"protocol", "tcp"},
          {"services", json::array({"tcp 192.0.2.1:80"})},
          {"quorum", true},
          {"weights", 3},
          {"threshold", 1},
          {"servers",
           json::array(
               {server("10.0.0.1:8080", true, json::array({probe("up", true, "HTTP status 200")})),
                server("10.0.0.2:8080", false,
                       json::array({probe("up", true, "fine"),
                                    probe("down", false, "HTTP status 503")}))})}},
         {{"name", "fwmark 5"},
          {"protocol", "tcp"},
          {"services", json::array({"fwmark 5"})},
          {"quorum", false},
          {"weights", 0},
          {"threshold", 1},
          {"sorry", {{"server", "10.0.0.9:80"}, {"serves", true}}},
          {"servers", json::array({server("[2001:db8::1]:80", true, json::array()),
                                   server("10.0.0.1:8080", true,
                                          json::array({probe("checking", false, "late")}))})}}});
}

std::string table(const json &virtualServers)
{
    std::string text;
    printHealth([&](std::string_view part) { text += part; }, virtualServers);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbctl_health)

BOOST_AUTO_TEST_CASE(a_table)
{
    BOOST_TEST(
        table(answer()) ==
        "Virtual server         State      Weight  Since  Last result                             "
        "Next\n"
        "  -> Server\n"
        "tcp 192.0.2.1 80       quorum          3\n"
        "  -> 10.0.0.1:8080     up              3  3m12s  good: HTTP status 200, 1.5s ago      in "
        "4.2s\n"
        "  -> 10.0.0.2:8080     down            3  3m12s  failed: HTTP status 503, 1.5s ago    in "
        "4.2s\n"
        "fwmark 5               no quorum       0         the sorry server 10.0.0.9:80 serves\n"
        "  -> [2001:db8::1]:80  unknown         3         nobody asks\n"
        "  -> 10.0.0.1:8080     failing         3  3m12s  failed: late, 1.5s ago               in "
        "4.2s\n");
}

BOOST_AUTO_TEST_CASE(what_is_meant_by_a_name)
{
    const auto names = [](const std::vector<std::string> &words) {
        const auto found = select(answer(), words);
        if (!found)
            return toString(found.error());
        std::string text = found->ofServers ? "servers" : "all";
        for (const auto &one : found->virtualServers)
            text +=
                fmt::format(" {}:{}", one["services"][0].get<std::string>(), one["servers"].size());
        return text;
    };
    BOOST_TEST(names({}) == "all tcp 192.0.2.1:80:2 fwmark 5:2");
    for (const auto &words : std::vector<std::vector<std::string>>{{"tcp", "192.0.2.1:80"},
                                                                   {"192.0.2.1:80"},
                                                                   {"192.0.2.1", "80"},
                                                                   {"192.0.2.1"},
                                                                   {"tcp", "192.0.2.1", "80"}})
        BOOST_TEST(names(words) == "all tcp 192.0.2.1:80:2", words.front());
    BOOST_TEST(names({"fwmark", "5"}) == "all fwmark 5:2");
    BOOST_TEST(names({"10.0.0.1:8080"}) == "servers tcp 192.0.2.1:80:1 fwmark 5:1");
    BOOST_TEST(names({"2001:db8::1"}) == "servers fwmark 5:1");
    BOOST_TEST(names({"192.0.2.2:80"}) == "lbd has no virtual server or server '192.0.2.2:80' (did "
                                          "you mean '192.0.2.1:80'?)");
    BOOST_TEST(names({"x"}) == "lbd has no virtual server or server 'x' (lbctl health lists them)");
}

BOOST_AUTO_TEST_CASE(one_server_explained)
{
    const auto found = select(answer(), {"10.0.0.2:8080"});
    BOOST_REQUIRE(found);
    BOOST_TEST(found->ofServers);
    const auto text = explainHealth(found->virtualServers);
    const std::string first = "tcp 192.0.2.1 80, server 10.0.0.2:8080: down, weight 3\n"
                              "  because: HTTP status 503\n"
                              "  HTTP_GET of 10.0.0.1:8080: up for 3m12s\n";
    BOOST_TEST(text.starts_with(first));
    BOOST_TEST(
        text.ends_with("  HTTP_GET of 10.0.0.1:8080: down for 3m12s\n"
                       "    last     failed: HTTP status 503, 1.5s ago, took 0.002 s\n"
                       "    next     in 4.2s, attempt 1 of 2\n"
                       "    so far   7 good, 3 failed, 1 not conclusive; 0.001 s late at most\n"
                       "    its certificate ends 2026-11-23T14:00:00Z\n"
                       "      3m12s ago  down  HTTP status 503\n"
                       "      1h06m ago  up    HTTP status 200\n"));
}

BOOST_AUTO_TEST_CASE(times)
{
    BOOST_TEST(showSeconds(-1) == "0s");
    BOOST_TEST(showSeconds(0.04) == "0.0s");
    BOOST_TEST(showSeconds(9.94) == "9.9s");
    BOOST_TEST(showSeconds(59.9) == "59s");
    BOOST_TEST(showSeconds(60) == "1m00s");
    BOOST_TEST(showSeconds(3599) == "59m59s");
    BOOST_TEST(showSeconds(3600 * 5 + 180) == "5h03m");
    BOOST_TEST(showSeconds(86400 * 3 + 3600 * 4) == "3d04h");
}

BOOST_AUTO_TEST_CASE(events_as_lines)
{
    BOOST_TEST(eventText({{"number", 7},
                          {"time", "2026-11-23T14:00:00.250Z"},
                          {"event", "server-down"},
                          {"virtual_server", "192.0.2.1 80"},
                          {"protocol", "udp"},
                          {"server", "10.0.0.1:80"},
                          {"reason", "refused"}}) ==
               "7 2026-11-23T14:00:00.250Z server-down udp 192.0.2.1 80, 10.0.0.1:80: refused");
    BOOST_TEST(eventText({{"number", 8},
                          {"time", "2026-11-23T14:00:01.000Z"},
                          {"event", "reload-taken"},
                          {"reason", "1 services"}}) ==
               "8 2026-11-23T14:00:01.000Z reload-taken: 1 services");
    BOOST_TEST(eventText({{"lost", 12}}) == "lost 12 events: they came faster than they were read");
}

BOOST_AUTO_TEST_SUITE_END()
