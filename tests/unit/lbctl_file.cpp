// SPDX-License-Identifier: GPL-2.0
// Saved configurations: read, written, and refused with the exact place.
#include "lbctl/file.hpp"
#include "lbctl/script.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::lbctl;

namespace {

const std::vector<std::string> schedulers{"rr", "wrr", "lc", "wlc"};

// "line:column: what | hint", one per complaint.
std::vector<std::string> complaints(std::string_view text, bool adding = false)
{
    std::vector<std::string> all;
    for (const auto &[line, error] : readFile(text, schedulers, adding).complaints)
        all.push_back(fmt::format("{}:{}: {} | {}", line, error.column, error.what, error.hint));
    return all;
}

void check(std::string_view text, const std::vector<std::string> &expected)
{
    BOOST_TEST(complaints(text) == expected, boost::test_tools::per_element());
}

constexpr std::string_view good = "# web\n"
                                  "service add tcp 192.0.2.1:80 --scheduler wrr\n"
                                  "\n"
                                  "  dest add tcp 192.0.2.1:80 10.0.0.1:8080 --weight 2 # big\n"
                                  "dest add tcp 192.0.2.1:80 10.0.0.2 --method direct --drain on\n"
                                  "settings set udp 30 conn-max 5\n"
                                  "service add fwmark6 7\n"
                                  "dest add fwmark6 7 2001:db8::7\n"
                                  "service add udp [2001:db8::1]:53 -b port,fallback";

} // namespace

BOOST_AUTO_TEST_SUITE(lbctl_file)

BOOST_AUTO_TEST_CASE(a_good_file)
{
    const auto reading = readFile(good, schedulers, false);
    BOOST_TEST(reading.complaints.empty());
    const auto &services = reading.model.services;
    BOOST_REQUIRE(services.size() == 3U);
    const auto &web = services.begin()->second;
    BOOST_TEST(web.scheduler == "wrr");
    BOOST_TEST(web.line == 2U);
    BOOST_REQUIRE(web.members.size() == 2U);
    BOOST_TEST(web.members[0].weight.value == 2);
    BOOST_TEST((web.members[0].method == Method::nat));
    BOOST_TEST(web.members[0].line == 4U);
    BOOST_TEST((web.members[1].method == Method::direct));
    BOOST_TEST(web.members[1].weight.value == 1);
    BOOST_TEST(web.members[1].drain);
    BOOST_TEST(std::next(services.begin())->second.scheduler == "wlc"); // as service add
    BOOST_TEST(services.begin()->second.schedulerFlags == 0U);
    BOOST_TEST(std::next(services.begin())->second.schedulerFlags ==
               (LB_SCHED_FLAGS_FALLBACK | LB_SCHED_FLAGS_PORT));
    BOOST_TEST(reading.model.settings.values.at(LB_A_SETTINGS_UDP) == 30U);
    BOOST_TEST(reading.model.settingLines.at(LB_A_SETTINGS_UDP) == 6U);
}

BOOST_AUTO_TEST_CASE(what_is_rarely_said_is_read_as_it_is_saved)
{
    const std::string_view text =
        "# lbctl restore reads this\n"
        "service add tcp 192.0.2.1:80 --scheduler wrr --mss-clamp 1300 "
        "--timeout established=8h,fin-wait=30s --slow-start 60 --orphans reset\n"
        "dest add tcp 192.0.2.1:80 10.0.0.1:80 --method tunnel --weight 1 --tunnel-type gue "
        "--tunnel-port 6080 --tunnel-checksum remote\n"
        "dest add tcp 192.0.2.1:80 10.0.0.2:80 --method tunnel --weight 1 --tunnel-type gre\n"
        "dest add tcp 192.0.2.1:80 10.0.0.3:80 --method tunnel --weight 1\n"
        "dest add tcp 192.0.2.1:80 10.0.0.4:80 --method nat --weight 1 --upper 9 --lower 5\n"
        "dest add tcp 192.0.2.1:80 10.0.0.5:80 --method nat --weight 1 --drain on --deadline 60 "
        "--then reset\n";
    const auto reading = readFile(text, schedulers, false);
    BOOST_TEST(reading.complaints.empty());
    BOOST_TEST(toScript(reading.model) == text);
}

BOOST_AUTO_TEST_CASE(what_save_writes_restore_reads)
{
    const auto script = toScript(readFile(good, schedulers, false).model);
    BOOST_TEST(script ==
               "# lbctl restore reads this\n"
               "settings set udp 30\n"
               "settings set conn-max 5\n"
               "service add tcp 192.0.2.1:80 --scheduler wrr\n"
               "dest add tcp 192.0.2.1:80 10.0.0.1:8080 --method nat --weight 2\n"
               "dest add tcp 192.0.2.1:80 10.0.0.2:80 --method direct --weight 1 --drain on\n"
               "service add udp [2001:db8::1]:53 --scheduler wlc --scheduler-flags fallback,port\n"
               "service add fwmark6 7 --scheduler wlc\n"
               "dest add fwmark6 7 [2001:db8::7]:0 --method nat --weight 1\n");
    const auto again = readFile(script, schedulers, false);
    BOOST_TEST(again.complaints.empty());
    BOOST_TEST(toScript(again.model) == script);
}

BOOST_AUTO_TEST_CASE(errors_name_line_and_column)
{
    check("service add tcp 192.0.2.1:80 --scheduler wwr\n",
          {"1:42: the module has no scheduler 'wwr' | did you mean 'wrr'?"});
    check("# one\n\n\tservce add tcp 192.0.2.1:80\n",
          {"3:2: 'servce' is not a command | did you mean 'service'?"});
    check("service add tcp 192.0.2.1:80\ndest add tcp 192.0.2.1:80 10.0.0.1 --weight many\n",
          {"2:45: weight 'many' is not a number | from 0 to 65535"});
    check("service add tcp 192.0.2.1:80\r\ndest add tcp 192.0.2.1:80\r\n",
          {"2:27: DEST[:PORT] is missing | usage: lbctl dest add PROTOCOL ADDR:PORT DEST[:PORT] "
           "[OPTION...]"});
    check("settings set udp 30\nsettings set conn-max 4 udp 40\n",
          {"2:14: udp is in line 1 already | "});
    check("service add tcp 192.0.2.1:80 --json\n",
          {"1:30: '--json' is not an option of 'service add' | one of --scheduler "
           "--scheduler-flags --one-packet --mss-clamp --persist --persist-prefix --persist-engine "
           "--timeout --slow-start --orphans"});
}

BOOST_AUTO_TEST_CASE(all_errors_are_found)
{
    check("service ad tcp 192.0.2.1:80\n"
          "service add tcp 192.0.2.1:80\n"
          "flush\n"
          "dest del tcp 192.0.2.1:80 10.0.0.1\n",
          {"1:9: 'service ad' is not a command | did you mean 'add'?",
           "3:1: 'flush' cannot stand in a configuration | a file says what there is: service "
           "add, dest add, settings set",
           "4:1: 'dest del' cannot stand in a configuration | a file says what there is: service "
           "add, dest add, settings set"});
}

BOOST_AUTO_TEST_CASE(the_same_twice_is_an_error)
{
    check("service add tcp 192.0.2.1:80\nservice add tcp 192.0.2.1:80 -s rr\n",
          {"2:17: service tcp 192.0.2.1:80 is in line 1 already | "});
    check("service add tcp 192.0.2.1:80\n"
          "dest add tcp 192.0.2.1:80 10.0.0.1\n"
          "dest add tcp 192.0.2.1:80 10.0.0.1:80\n",
          {"3:27: destination 10.0.0.1:80 is in line 2 already | "});
}

BOOST_AUTO_TEST_CASE(a_destination_needs_its_service)
{
    check("service add tcp 192.0.2.1:80\ndest add tcp 192.0.2.1:81 10.0.0.1\n",
          {"2:14: no line above adds the service tcp 192.0.2.1:81 | did you mean 'tcp "
           "192.0.2.1:80'?"});
    check("dest add tcp 192.0.2.1:81 10.0.0.1\n",
          {"1:14: no line above adds the service tcp 192.0.2.1:81 | add it with 'service add' "
           "first"});
    BOOST_TEST(complaints("dest add tcp 192.0.2.1:81 10.0.0.1\n", true).empty());
}

BOOST_AUTO_TEST_CASE(a_complaint_shows_the_line_and_marks_the_word)
{
    const std::string_view text = "service add tcp 192.0.2.1:80\n"
                                  "\tdest add tcp 192.0.2.1:80 10.0.0.1 --weight many\n";
    const auto complaint = readFile(text, schedulers, false).complaints.at(0);
    BOOST_TEST(toString(complaint, "lb.conf", text) ==
               "lb.conf:2:46: weight 'many' is not a number (from 0 to 65535)\n"
               "    \tdest add tcp 192.0.2.1:80 10.0.0.1 --weight many\n"
               "    \t" +
                   std::string(44, ' ') + "^^^^\n");
}

BOOST_AUTO_TEST_CASE(without_a_word_to_blame_the_command_is_marked)
{
    BOOST_TEST(toString(Complaint{1, {.what = "no"}}, "lb.conf", "  flush all # now\n") ==
               "lb.conf:1:3: no\n"
               "      flush all # now\n"
               "      ^^^^^^^^^\n");
}

BOOST_AUTO_TEST_CASE(the_kernels_refusal_finds_its_column)
{
    const std::string_view text = "service add tcp 192.0.2.1:80\n"
                                  "dest add tcp 192.0.2.1:80 10.0.0.1 --weight 7\n";
    BOOST_TEST(columnOf(text, 2, "weight") == 45U);
    BOOST_TEST(columnOf(text, 2, "addr") == 27U);
    BOOST_TEST(columnOf(text, 2, "service.addr") == 14U);
    BOOST_TEST(columnOf(text, 2, "") == 0U);
    BOOST_TEST(columnOf(text, 9, "weight") == 0U);
}

BOOST_AUTO_TEST_CASE(a_large_file)
{
    std::string text;
    for (int i = 0; i < 200; i++) {
        text += fmt::format("service add tcp 10.1.{}.{}:80\n", i / 250, i % 250);
        for (int j = 1; j <= 10; j++)
            text += fmt::format("dest add tcp 10.1.{}.{}:80 10.2.0.{}:8080\n", i / 250, i % 250, j);
    }
    const auto reading = readFile(text, schedulers, false);
    BOOST_TEST(reading.complaints.empty());
    BOOST_TEST(reading.model.services.size() == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
