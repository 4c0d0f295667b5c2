// SPDX-License-Identifier: GPL-2.0
// keepalived.conf(5), "Track files" and "File checker".
#include "health/track_file.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::health;

config::TrackFile fileOf(std::int32_t weight, bool reverse = false)
{
    config::TrackFile file;
    file.path = "/f";
    file.weight = weight;
    file.reverse = reverse;
    return file;
}

const config::FileProbe plain{};

config::FileProbe dynamic()
{
    config::FileProbe probe;
    probe.dynamic = true;
    return probe;
}

} // namespace

BOOST_AUTO_TEST_SUITE(health_track_file)

BOOST_AUTO_TEST_CASE(a_file_begins_with_a_number)
{
    for (const auto &[text, value] : {std::pair<std::string_view, std::int64_t>("0", 0),
                                      {"5\n", 5},
                                      {"-7", -7},
                                      {" \t4 x\n9", 4},
                                      {"+3", 3},
                                      {"1.5", 1},
                                      {"2147483647", 2147483647},
                                      {"2147483648", 2147483647},
                                      {"-2147483649", -2147483648LL},
                                      {"99999999999999999999999", 2147483647},
                                      {"-99999999999999999999999", -2147483648LL}})
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_REQUIRE(fileValue(text));
            BOOST_TEST(*fileValue(text) == value);
        }
    for (const auto *text : {"", "\n", "abc", "-", "+", "+-3", "--3", "x5"})
        BOOST_TEST_CONTEXT(text)
    BOOST_TEST(!fileValue(text));
}

BOOST_AUTO_TEST_CASE(the_value_is_multiplied)
{
    BOOST_TEST(weigh(5, 1, false) == 5);
    BOOST_TEST(weigh(5, -3, false) == -15);
    BOOST_TEST(weigh(5, 3, true) == -15);
    BOOST_TEST(weigh(5, -3, true) == 15);
    BOOST_TEST(weigh(2147483647, 2147483647, false) == 2147483647);
    BOOST_TEST(weigh(2147483647, -2147483647, false) == fault);
    // "weight 0": not 0 is a failure, and reversed it is 0 that is.
    BOOST_TEST(weigh(0, 0, false) == 0);
    BOOST_TEST(weigh(1, 0, false) == fault);
    BOOST_TEST(weigh(-1, 0, false) == fault);
    BOOST_TEST(weigh(0, 0, true) == fault);
    BOOST_TEST(weigh(1, 0, true) == 0);
}

BOOST_AUTO_TEST_CASE(a_static_probe_only_fails)
{
    BOOST_TEST(fileVerdict("5", fileOf(1), plain, 10).good);
    BOOST_TEST(!fileVerdict("5", fileOf(1), plain, 10).weight);
    BOOST_TEST(fileVerdict("5", fileOf(1), plain, 10).why == "/f: 5");
    BOOST_TEST(!fileVerdict("5", fileOf(0), plain, 10).good);
    BOOST_TEST(fileVerdict("0", fileOf(0), plain, 10).good);
    BOOST_TEST(!fileVerdict("0", fileOf(0, true), plain, 10).good);
    BOOST_TEST(!fileVerdict("-2147483648", fileOf(1), plain, 10).good);
    // The probe's weight comes before the file's, and its reverse with it.
    auto probe = plain;
    probe.weight = 1;
    BOOST_TEST(fileVerdict("5", fileOf(0), probe, 10).good);
    probe.weight = 0;
    BOOST_TEST(!fileVerdict("5", fileOf(1), probe, 10).good);
    BOOST_TEST(!fileVerdict("5", fileOf(1, true), probe, 10).good);
}

BOOST_AUTO_TEST_CASE(a_dynamic_one_changes_the_weight)
{
    const auto asked = [](std::string_view text, const config::TrackFile &file, std::int64_t own) {
        return fileVerdict(text, file, dynamic(), own).weight.value_or(-1);
    };
    BOOST_TEST(asked("0", fileOf(1), 10) == 10);
    BOOST_TEST(asked("5", fileOf(1), 10) == 15);
    BOOST_TEST(asked("5", fileOf(-1), 10) == 5);
    BOOST_TEST(asked("5", fileOf(1, true), 10) == 5);
    BOOST_TEST(asked("50", fileOf(-1), 10) == 0);
    BOOST_TEST(asked("70000", fileOf(1), 10) == 65535);
    BOOST_TEST(asked("1", fileOf(0), 10) == -1);
    BOOST_TEST(fileVerdict("5", fileOf(1), dynamic(), 10).why == "/f: 5, weight 15");
}

BOOST_AUTO_TEST_CASE(no_file_and_no_number_are_0)
{
    BOOST_TEST(fileVerdict({}, fileOf(0), plain, 10).good);
    BOOST_TEST(!fileVerdict({}, fileOf(0, true), plain, 10).good);
    BOOST_TEST(*fileVerdict({}, fileOf(1), dynamic(), 10).weight == 10);
    BOOST_TEST(fileVerdict({}, fileOf(1), plain, 10).why == "/f: not there, taken as 0");
    BOOST_TEST(fileVerdict("abc", fileOf(1), plain, 10).why == "/f: no number in it, taken as 0");
}

BOOST_AUTO_TEST_SUITE_END()
