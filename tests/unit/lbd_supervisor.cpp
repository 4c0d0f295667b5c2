// SPDX-License-Identifier: GPL-2.0
// What a service manager hears, by sd_notify(3): a real socket at NOTIFY_SOCKET.
#include "lbd/supervisor.hpp"
#include "notify_socket.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::lbd;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(lbd_supervisor)

BOOST_AUTO_TEST_CASE(what_is_told)
{
    const NotifySocket manager;
    Supervisor supervisor;
    supervisor.ready();
    BOOST_TEST(manager.hear() == "READY=1");
    supervisor.status("two\nlines");
    BOOST_TEST(manager.hear() == "STATUS=two lines");
    supervisor.status("two lines");
    supervisor.alive();
    BOOST_TEST(manager.hear() == "WATCHDOG=1"); // the same status is not told again
    supervisor.stopping();
    BOOST_TEST(manager.hear() == "STOPPING=1");
}

BOOST_AUTO_TEST_CASE(a_reload_says_since_when)
{
    const NotifySocket manager;
    const auto clock = [] {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1000000 + now.tv_nsec / 1000;
    };
    const auto before = clock();
    Supervisor().reloading();
    const auto after = clock();
    const auto heard = manager.hear();
    const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
    BOOST_REQUIRE(heard.starts_with(begin));
    const auto told = std::stol(heard.substr(begin.size()));
    BOOST_TEST(told >= before);
    BOOST_TEST(told <= after);
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_at_half_its_time)
{
    BOOST_TEST(!Supervisor::interval());
    {
        const Environment limit("WATCHDOG_USEC", "3000000");
        BOOST_TEST((Supervisor::interval() == 1500ms));
        const Environment mine("WATCHDOG_PID", std::to_string(::getpid()));
        BOOST_TEST((Supervisor::interval() == 1500ms));
    }
    const Environment limit("WATCHDOG_USEC", "3000000");
    const Environment another("WATCHDOG_PID", "1");
    BOOST_TEST(!Supervisor::interval());
}

BOOST_AUTO_TEST_CASE(without_a_manager_nothing_happens)
{
    Supervisor supervisor;
    supervisor.ready();
    const Environment gone("NOTIFY_SOCKET", "/nonexistent/notify");
    supervisor.ready();
    supervisor.status("x");
}

BOOST_AUTO_TEST_SUITE_END()
