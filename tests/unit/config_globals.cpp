// SPDX-License-Identifier: GPL-2.0
// global_defs, word by word. What is right and what is refused is as `keepalived -t` 2.2.7 says,
// unless a test says otherwise.
#include "config/globals.hpp"
#include "config_written.hpp"

#include <linux/lb.h>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(config_globals)

namespace {

struct Parsed : Written {
    explicit Parsed(const std::string &lines) : Written("global_defs {\n" + lines + "\n}\n")
    {
        for (const auto &statement : tree.statements) {
            Arguments arguments(statement, report);
            takeGlobals(globals, arguments);
        }
    }

    Globals globals{};
};

std::string refusal(const std::string &lines)
{
    return Parsed(lines).said();
}

} // namespace

BOOST_AUTO_TEST_CASE(defaults)
{
    const Parsed parsed("");
    BOOST_TEST(parsed.said() == "");
    BOOST_TEST((parsed.globals == Globals{}));
    BOOST_TEST(parsed.globals.vrrp.garpDelay == 5U);
    BOOST_TEST(toString(parsed.globals.vrrp.group6) == "ff02::12");
    BOOST_TEST(parsed.globals.mail.port.value == 25);
}

BOOST_AUTO_TEST_CASE(settings_of_lb_and_what_is_done_about_drift)
{
    const Parsed parsed("lb_setting conn-max 1000000\nlb_setting schedule-icmp 1\non_drift repair");
    BOOST_TEST(parsed.said() == "");
    BOOST_TEST((parsed.globals.settings ==
                std::map<std::uint16_t, std::uint32_t>{{LB_A_SETTINGS_CONN_MAX, 1000000},
                                                       {LB_A_SETTINGS_SCHEDULE_ICMP, 1}}));
    BOOST_TEST((parsed.globals.onDrift == OnDrift::repair));
    BOOST_TEST(refusal("lb_setting conn-mux 5").find("'conn-max'") != std::string::npos);
    BOOST_TEST(refusal("lb_setting schedule-icmp 2") != "");
    BOOST_TEST(refusal("on_drift shrug").find("'shrug'") != std::string::npos);
}

// lbd's own.
BOOST_AUTO_TEST_CASE(where_metrics_are_served)
{
    BOOST_TEST(!Parsed("").globals.metrics);
    const Parsed parsed("lbd_metrics 127.0.0.1 9100");
    BOOST_TEST(parsed.said() == "");
    BOOST_TEST(toString(*parsed.globals.metrics) == "127.0.0.1:9100");
    BOOST_TEST(toString(*Parsed("lbd_metrics ::1 9100").globals.metrics) == "[::1]:9100");
    BOOST_TEST(refusal("lbd_metrics") != "");
    BOOST_TEST(refusal("lbd_metrics 127.0.0.1") != "");
    BOOST_TEST(refusal("lbd_metrics 9100") != "");
    BOOST_TEST(refusal("lbd_metrics 127.0.0.1 0") != "");
    BOOST_TEST(!Parsed("lbd_metrics 127.0.0.1 70000").globals.metrics);
}

BOOST_AUTO_TEST_CASE(what_most_files_have)
{
    const Parsed parsed(
        "notification_email {\na@example.org\nb@example.org c@example.org\n}\n"
        "notification_email_from k@example.org\nsmtp_server 192.0.2.25 587\n"
        "smtp_connect_timeout 12.5\nsmtp_helo_name here\nrouter_id LVS_1\n"
        "script_user nobody nogroup\nenable_script_security\nvrrp_version 3\n"
        "vrrp_garp_master_delay 10\nvrrp_garp_master_repeat 1\nvrrp_garp_interval 0.001\n"
        "vrrp_strict\nvrrp_mcast_group4 224.0.0.19\nlvs_timeouts tcp 900 udp 30\n"
        "lvs_flush\nlvs_flush_on_stop VS\nsmtp_alert no\nvrrp_skip_check_adv_addr");
    BOOST_TEST(parsed.said() == "");
    const auto &globals = parsed.globals;
    BOOST_TEST(globals.mail.to.size() == 3U);
    BOOST_TEST(globals.mail.from == "k@example.org");
    BOOST_TEST(globals.mail.server == "192.0.2.25");
    BOOST_TEST(globals.mail.port.value == 587);
    BOOST_TEST((globals.mail.connectTimeout == 12500ms));
    BOOST_TEST(!globals.mail.alertAll.value());
    BOOST_TEST(globals.routerId == "LVS_1");
    BOOST_TEST(globals.scriptUser == "nobody");
    BOOST_TEST(globals.scriptGroup == "nogroup");
    BOOST_TEST(globals.scriptSecurity);
    BOOST_TEST(globals.vrrp.version == 3);
    BOOST_TEST(globals.vrrp.garpDelay == 10U);
    BOOST_TEST((globals.vrrp.garpInterval == 1ms));
    BOOST_TEST(globals.vrrp.strict);
    BOOST_TEST(globals.timeouts.tcp.value() == 900U);
    BOOST_TEST(!globals.timeouts.tcpFin);
    BOOST_TEST((globals.flushOnStop == FlushOnStop::services));
}

BOOST_AUTO_TEST_CASE(the_synchronisation)
{
    const Parsed parsed(
        "lvs_sync_daemon eth0 VI_1 id 3 maxlen 1400 port 9000 ttl 3 group 224.0.0.90");
    BOOST_TEST(parsed.said() == "");
    const auto &daemon = parsed.globals.syncDaemon.value();
    BOOST_TEST(daemon.interface == "eth0");
    BOOST_TEST(daemon.instance == "VI_1");
    BOOST_TEST(int{daemon.id.value()} == 3);
    BOOST_TEST(daemon.maxLength.value() == 1400);
    BOOST_TEST(daemon.port->value == 9000);
    BOOST_TEST(int{daemon.ttl.value()} == 3);
    BOOST_TEST(toString(*daemon.group) == "224.0.0.90");
    BOOST_TEST(Parsed("lvs_sync_daemon eth0 inst V").globals.syncDaemon->instance == "V");
    BOOST_TEST(
        refusal("lvs_sync_daemon eth0 inst V id 300").starts_with("2:32 error '300' is not an id"));
    BOOST_TEST(
        refusal("lvs_sync_daemon eth0 inst V foo").starts_with("2:29 error 'foo' is no option"));
}

BOOST_AUTO_TEST_CASE(fifos_and_programs)
{
    const Parsed parsed(
        "lvs_notify_fifo /run/f root wheel\nlvs_notify_fifo_script \"/bin/x y\" nobody\n"
        "startup_script /bin/up\nstartup_script_timeout 20\nreload_time_file "
        "/run/t\nreload_repeat");
    BOOST_TEST(parsed.said() == "");
    BOOST_TEST(parsed.globals.lvsFifo.path == "/run/f");
    BOOST_TEST(parsed.globals.lvsFifo.group == "wheel");
    BOOST_TEST(parsed.globals.lvsFifo.script.words.size() == 2U);
    BOOST_TEST(parsed.globals.startup.words.size() == 1U);
    BOOST_TEST((parsed.globals.startupTimeout == 20s));
    BOOST_TEST(refusal("startup_script_timeout 1001").starts_with("2:24 error"));
}

BOOST_AUTO_TEST_CASE(values_that_are_refused)
{
    BOOST_TEST(refusal("foo") == "2:1 error 'foo' is not known here");
    BOOST_TEST(refusal("router_idd x") ==
               "2:1 error 'router_idd' is not known here (did you mean 'router_id'?)");
    BOOST_TEST(refusal("router_id") == "2:1 error 'router_id' needs a name");
    BOOST_TEST(refusal("lvs_timeouts").starts_with("2:1 error 'lvs_timeouts' says nothing"));
    BOOST_TEST(
        refusal("lvs_timeouts tcp 5 foo 3").starts_with("2:20 error 'foo' is not a timeout"));
    BOOST_TEST(refusal("lvs_flush_on_stop XX").starts_with("2:19 error"));
    BOOST_TEST(refusal("smtp_server 10.0.0.1 99999").starts_with("2:22 error"));
    BOOST_TEST(refusal("notification_email a@b")
                   .starts_with("2:1 error 'notification_email' needs a block"));
    BOOST_TEST(refusal("notification_email {\n}").starts_with("2:1 warning nobody"));
    BOOST_TEST(refusal("vrrp_version 4").starts_with("2:14 error"));
    BOOST_TEST(refusal("vrrp_garp_interval 0").starts_with("2:20 error"));
    BOOST_TEST(refusal("vrrp_garp_master_delay -1").starts_with("2:24 error"));
    BOOST_TEST(
        refusal("vrrp_mcast_group4 10.0.0.1").starts_with("2:19 error '10.0.0.1' is no multicast"));
    BOOST_TEST(refusal("vrrp_mcast_group6 224.0.0.18").starts_with("2:19 error"));
    BOOST_TEST(refusal("checker_priority 50").starts_with("2:18 error"));
    BOOST_TEST(refusal("vrrp_rt_priority 300").starts_with("2:18 error"));
    BOOST_TEST(refusal("vrrp_down_timer_adverts 101").starts_with("2:25 error"));
}

BOOST_AUTO_TEST_CASE(what_lbd_does_not_need_is_told)
{
    BOOST_TEST(refusal("enable_snmp_vrrp") ==
               "2:1 note 'enable_snmp_vrrp' is accepted; lbd has no SNMP agent (its "
               "metrics have all of that: lbd(8))");
    for (const auto *line :
         {"enable_dbus", "snmp_socket x", "vrrp_rlimit_rttime 10000", "process_names",
          "max_auto_priority 50", "vrrp_iptables a b", "vrrp_rx_bufs_policy MTU"})
        BOOST_TEST(refusal(line).starts_with("2:1 note '"), line);
}

BOOST_AUTO_TEST_SUITE_END()
