// SPDX-License-Identifier: GPL-2.0
// What is kept of the events, and who hears of them.
#include "lbd/events.hpp"
#include "lbd/utc.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace lb::lbd;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

// 2026-11-23T14:00:00.250Z, by date -d
const Events::Time noon{std::chrono::milliseconds(1795442400250)};

Event down(const std::string &reason)
{
    return {.kind = Event::Kind::serverDown,
            .virtualServer = "192.0.2.1 80",
            .protocol = "tcp",
            .server = "10.0.0.1:80",
            .reason = reason};
}

std::vector<json> readAll(lb::control::Feed &feed)
{
    std::vector<json> lines;
    const auto lost = [](std::uint64_t count) { return json{{"lost", count}}.dump(); };
    while (const auto line = feed.read(lost))
        lines.push_back(json::parse(*line));
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbd_events)

BOOST_AUTO_TEST_CASE(an_event_as_an_object)
{
    Events events;
    events.tell(down("connection \"refused\"\n\xff"), noon);
    BOOST_TEST(utc(noon) == "2026-11-23T14:00:00Z");
    const auto one = toJson(events.all().front());
    BOOST_TEST(one["number"] == 1);
    BOOST_TEST(one["time"] == "2026-11-23T14:00:00.250Z");
    BOOST_TEST(one["event"] == "server-down");
    BOOST_TEST(one["virtual_server"] == "192.0.2.1 80");
    BOOST_TEST(one["protocol"] == "tcp");
    BOOST_TEST(one["server"] == "10.0.0.1:80");
    events.tell({.kind = Event::Kind::reloadTaken, .reason = "x"}, noon);
    BOOST_TEST(!toJson(events.all().back()).contains("server"));
    BOOST_TEST(toJson(events.all().back())["number"] == 2);
    // Every kind has its own name.
    for (std::size_t i = 0; i < Event::names.size(); i++)
        for (std::size_t j = 0; j < i; j++)
            BOOST_TEST(Event::names[i] != Event::names[j]);
    BOOST_TEST(toString(Event::Kind::metricsFailed) == "metrics-failed");
    BOOST_TEST(toString(Event::Kind::commitRolledBack) == "commit-rolled-back");
}

BOOST_AUTO_TEST_CASE(the_last_thousand_are_kept)
{
    Events events;
    for (int i = 1; i <= 1200; i++)
        events.tell(down(std::to_string(i)), noon);
    BOOST_TEST(events.all().size() == 1000U);
    BOOST_TEST(events.last() == 1200U);
    BOOST_TEST(events.since(0).size() == 1000U);
    BOOST_TEST(events.since(0).front()->number == 201U);
    BOOST_TEST(events.since(1190).size() == 10U);
    BOOST_TEST(events.since(1190, 3).front()->number == 1198U);
    BOOST_TEST(events.since(1200).empty());
    BOOST_TEST(events.missed(0) == 0U);
    BOOST_TEST(events.missed(100) == 100U); // 101 to 200 are gone
    BOOST_TEST(events.missed(200) == 0U);
    BOOST_TEST(events.missed(1199) == 0U);
    // A number of an lbd that ended: its successor began anew.
    BOOST_TEST(events.since(5000).size() == 1000U);
}

BOOST_AUTO_TEST_CASE(who_follows_hears_the_past_and_then_the_rest)
{
    Events events;
    events.tell(down("one"), noon);
    events.tell(down("two"), noon);
    const auto feed = events.follow(1);
    const auto few = events.follow(0, 0);
    events.tell(down("three"), noon);
    const auto lines = readAll(*feed);
    BOOST_REQUIRE(lines.size() == 2U);
    BOOST_TEST(lines[0]["reason"] == "two");
    BOOST_TEST(lines[1]["reason"] == "three");
    BOOST_TEST(readAll(*few).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_told_to_who_asks_for_it)
{
    Events events;
    for (int i = 1; i <= 1200; i++)
        events.tell(down(std::to_string(i)), noon);
    const auto lines = readAll(*events.follow(150));
    BOOST_REQUIRE(lines.size() == 1001U);
    BOOST_TEST(lines[0]["lost"] == 50);
    BOOST_TEST(lines[1]["number"] == 201);
}

BOOST_AUTO_TEST_CASE(a_reader_that_sleeps_loses_and_is_told_how_many)
{
    Events events;
    const auto feed = events.follow(0);
    for (int i = 1; i <= 2500; i++)
        events.tell(down(std::to_string(i)), noon);
    BOOST_TEST(events.lost() == 500U);
    const auto lines = readAll(*feed);
    BOOST_REQUIRE(lines.size() == 2001U);
    BOOST_TEST(lines[1999]["number"] == 2000);
    BOOST_TEST(lines[2000]["lost"] == 500);
    events.tell(down("awake"), noon);
    BOOST_TEST(readAll(*feed).front()["number"] == 2501);
}

BOOST_AUTO_TEST_SUITE_END()
