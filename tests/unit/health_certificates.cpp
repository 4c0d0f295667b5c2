// SPDX-License-Identifier: GPL-2.0
// What is told of certificates that end soon, and when: days are arithmetic.
#include "health/certificates.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;
using namespace std::chrono;

BOOST_AUTO_TEST_SUITE(health_certificates)

namespace {

struct Watch {
    Certificates certificates{};
    std::string owner = "10.0.0.1:443";
    days warning{14};

    std::string on(Certificates::Time ends, Certificates::Time now)
    {
        const auto news = certificates.on(owner, warning, ends, now);
        return !news ? "" : (news->good ? "+" : "!") + news->line;
    }
};

const Certificates::Time ends = sys_days(2040y / January / 2) + 3h + 4min;

} // namespace

BOOST_AUTO_TEST_CASE(once_and_then_once_a_day)
{
    Watch watch;
    const std::string in = "!the certificate of 10.0.0.1:443 ends in ",
                      on = ", on 2040-01-02 03:04 UTC";
    BOOST_TEST(watch.on(ends, ends - 15 * 24h) == "");
    BOOST_TEST(watch.on(ends, ends - 14 * 24h) == in + "14 days" + on);
    BOOST_TEST(watch.on(ends, ends - 14 * 24h + 6s) == "");
    BOOST_TEST(watch.on(ends, ends - 13 * 24h - 1s) == "");
    BOOST_TEST(watch.on(ends, ends - 13 * 24h) == in + "13 days" + on);
    BOOST_TEST(watch.on(ends, ends - 25h) == in + "1 day" + on);
    BOOST_TEST(watch.on(ends, ends - 1h) == in + "1 hour" + on);
    BOOST_TEST(watch.on(ends, ends + 23h) ==
               "!the certificate of 10.0.0.1:443 has ended on 2040-01-02 03:04 UTC");
    BOOST_TEST(watch.on(ends, ends + 24h) == "");
    BOOST_TEST(watch.on(ends, ends + 47h) != "");
}

BOOST_AUTO_TEST_CASE(one_that_is_renewed)
{
    Watch watch;
    const auto now = ends - 24h;
    BOOST_TEST(watch.on(ends, now) != "");
    BOOST_TEST(watch.on(ends + 90 * 24h, now + 6s) ==
               "+the certificate of 10.0.0.1:443 was renewed, until 2040-04-01 03:04 UTC");
    BOOST_TEST(watch.on(ends + 90 * 24h, now + 12s) == "");
    // Another one that ends soon as well, be it the old one again.
    BOOST_TEST(watch.on(ends, now + 18s) != "");
    BOOST_TEST(watch.on(ends + 1h, now + 24s) != "");
    BOOST_TEST(watch.on(ends + 1h, now + 30s) == "");
}

BOOST_AUTO_TEST_CASE(one_that_is_far_away_is_no_news)
{
    Watch watch;
    BOOST_TEST(watch.on(ends, ends - 100 * 24h) == "");
    BOOST_TEST(watch.on(ends + 24h, ends - 100 * 24h) == "");
}

BOOST_AUTO_TEST_CASE(each_server_for_itself)
{
    Watch watch;
    BOOST_TEST(watch.on(ends, ends - 24h) != "");
    watch.owner = "10.0.0.2:443";
    BOOST_TEST(watch.on(ends, ends - 24h) != "");
    BOOST_TEST(watch.on(ends, ends - 24h) == "");
}

BOOST_AUTO_TEST_CASE(nobody_asked_for_it)
{
    Watch watch;
    watch.warning = days(0);
    BOOST_TEST(watch.on(ends, ends + 24h) == "");
    Certificates certificates;
    BOOST_CHECK(!certificates.on(Job{}, ends, ends));
}

BOOST_AUTO_TEST_CASE(of_a_job)
{
    Certificates certificates;
    const Endpoint to{*Ip::parse("10.0.0.1"), Port{443}};
    const UrlAsk url{.path = "/", .server = "www.example"};
    const Job http{.way = {.to = to}, .certificateWarning = days(3), .ask = HttpAsk{.urls = {url}}};
    BOOST_CHECK(!certificates.on(http, ends, ends - 4 * 24h));
    BOOST_TEST(certificates.on(http, ends, ends - 3 * 24h)->line ==
               "the certificate of 10.0.0.1:443 (www.example) ends in 3 days, on 2040-01-02 03:04 "
               "UTC");
    const Job grpc{.way = {.to = to}, .certificateWarning = days(3), .ask = GrpcAsk{}};
    BOOST_TEST(certificates.on(grpc, ends, ends)->line ==
               "the certificate of 10.0.0.1:443 has ended on 2040-01-02 03:04 UTC");
}

BOOST_AUTO_TEST_SUITE_END()
