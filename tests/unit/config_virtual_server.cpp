// SPDX-License-Identifier: GPL-2.0
// virtual_server, real_server, virtual_server_group and the probes, word by word. What is right and
// what is refused is as `keepalived -t` 2.2.7 says, unless a test says otherwise.
#include "config/virtual_server_keywords.hpp"
#include "config_written.hpp"

#include <linux/lb.h>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(config_virtual_server)

namespace {

struct Servers : Written {
    explicit Servers(const std::string &text) : Written(text)
    {
        for (const auto &statement : tree.statements) {
            Arguments arguments(statement, report);
            if (statement.words.front().text == "virtual_server_group")
                takeGroup(groups, arguments);
            else
                takeVirtualServer(servers, arguments);
            arguments.end();
        }
    }

    std::vector<VirtualServer> servers{};
    std::vector<VirtualServerGroup> groups{};
};

// A virtual server with these lines, and a real server with those.
Servers with(const std::string &lines, const std::string &real = "")
{
    return Servers("virtual_server 192.0.2.1 80 {\n" + lines + "\nreal_server 10.0.0.2 8080 {\n" +
                   real + "\n}\n}\n");
}

template <typename P>
P probe(const std::string &block)
{
    const auto parsed = with("", block);
    BOOST_TEST(parsed.said() == "");
    BOOST_REQUIRE(parsed.servers.size() == 1U);
    BOOST_REQUIRE(parsed.servers[0].realServers[0].probes.size() == 1U);
    return std::get<P>(parsed.servers[0].realServers[0].probes[0]);
}

std::string refusal(const std::string &lines, const std::string &real = "")
{
    return with(lines, real).said();
}

} // namespace

BOOST_AUTO_TEST_CASE(only_probes_log_all_failures)
{
    BOOST_TEST((probe<TcpProbe>("TCP_CHECK {\nlog_all_failures\n}").logAllFailures == true));
    BOOST_TEST(
        (probe<HttpProbe>("HTTP_GET {\nlog_all_failures no\nurl {\npath /\n}\n}").logAllFailures ==
         false));
    BOOST_TEST(refusal("log_all_failures") != "");
    BOOST_TEST(refusal("", "log_all_failures") != "");
}

BOOST_AUTO_TEST_CASE(names)
{
    const Servers parsed("virtual_server 192.0.2.1 80 {\n}\nvirtual_server 2001:db8::1 {\n}\n"
                         "virtual_server fwmark 5 {\n}\nvirtual_server group web {\n}\n");
    BOOST_TEST(parsed.said() == "");
    BOOST_REQUIRE(parsed.servers.size() == 4U);
    BOOST_TEST(toString(parsed.servers[0].name) == "192.0.2.1 80");
    BOOST_TEST(toString(parsed.servers[1].name) == "2001:db8::1");
    BOOST_TEST(toString(parsed.servers[2].name) == "fwmark 5");
    BOOST_TEST(toString(parsed.servers[3].name) == "group web");

    BOOST_TEST(Servers("virtual_server 192.0.2.1 70000 {\n}\n").said() ==
               "1:26 error '70000' is not a port: a number from 1 to 65535");
    BOOST_TEST(Servers("virtual_server 192.0.2.999 80 {\n}\n").said() ==
               "1:16 error '192.0.2.999' is not a virtual address: an IPv4 or IPv6 address");
    BOOST_TEST(
        Servers("virtual_server fwmark 0 {\n}\n").said().starts_with("1:23 error '0' is not"));
    BOOST_TEST(Servers("virtual_server {\n}\n").said() ==
               "1:1 error 'virtual_server' needs a virtual address");
}

BOOST_AUTO_TEST_CASE(everything_of_a_virtual_server)
{
    const auto parsed =
        with("delay_loop 1.5\nlb_algo wrr\nlb_kind DR\nprotocol udp\n"
             "persistence_timeout 50\npersistence_granularity 255.255.255.0\nops\n"
             "persistence_engine sip\nalpha\nomega\nquorum 3\nhysteresis 2\n"
             "quorum_up \"/bin/up 'a b' c\" root wheel\nsorry_server 10.0.0.9 81\n"
             "sorry_server_inhibit\nsorry_server_lvs_method TUN type gue port 6080 csum\n"
             "inhibit_on_failure\nretry 4\nwarmup 0\nconnect_timeout 0.000001\n"
             "delay_before_retry 2\nvirtualhost www\nsmtp_alert no\nha_suspend\n"
             "snmp_name x\nip_family inet");
    BOOST_TEST(parsed.said() == "");
    BOOST_REQUIRE(parsed.servers.size() == 1U);
    const auto &server = parsed.servers[0];
    BOOST_TEST((server.delayLoop == 1500ms));
    BOOST_TEST((server.connectTimeout == 1us));
    BOOST_TEST((server.delayBeforeRetry == 2s));
    BOOST_TEST((server.warmup == 0s));
    BOOST_TEST(server.retry.value() == 4U);
    BOOST_TEST(server.scheduler.value() == "wrr");
    BOOST_TEST((server.forwarding->method == Method::direct));
    BOOST_TEST((server.protocol == Protocol::udp));
    BOOST_TEST(server.persistenceTimeout.value() == 50U);
    BOOST_TEST(int{server.persistencePrefix.value()} == 24);
    BOOST_TEST(server.persistenceEngine == "sip");
    BOOST_TEST(server.onePacket);
    BOOST_TEST(server.alpha.value());
    BOOST_TEST(server.omega);
    BOOST_TEST(server.quorum == 3U);
    BOOST_TEST(server.hysteresis == 2U);
    const std::vector<std::string> words{"/bin/up", "a b", "c"};
    BOOST_TEST(server.quorumUp.words == words, boost::test_tools::per_element());
    BOOST_TEST(server.quorumUp.user == "root");
    BOOST_TEST(server.quorumUp.group == "wheel");
    BOOST_TEST(toString(server.sorryServer->ip) == "10.0.0.9");
    BOOST_TEST(server.sorryServer->port.value == 81);
    BOOST_TEST(server.sorryInhibit);
    BOOST_TEST((server.sorryForwarding->tunnel ==
                Tunnel{TunnelType::gue, Port{6080}, TunnelChecksum::normal}));
    BOOST_TEST((server.onFailure.value().how == Leaving::How::inhibit));
    BOOST_TEST(server.virtualHost == "www");
    BOOST_TEST(!server.smtpAlert.value());
    BOOST_TEST(server.haSuspend);
    BOOST_TEST((server.family == Family::inet));
}

BOOST_AUTO_TEST_CASE(what_becomes_of_a_server_that_leaves)
{
    using How = Leaving::How;
    const auto of = [](const std::string &line) {
        const auto parsed = with("", line);
        BOOST_TEST(parsed.said() == "");
        const auto &real = parsed.servers.at(0).realServers.at(0);
        return real.onFailure ? *real.onFailure : real.onRemoval.value();
    };
    BOOST_TEST((of("on_failure remove") == Leaving{}));
    BOOST_TEST((of("on_failure inhibit") == Leaving{.how = How::inhibit}));
    BOOST_TEST((of("on_failure drain") == Leaving{.how = How::drain}));
    BOOST_TEST((of("on_failure drain 90") == Leaving{.how = How::drain, .deadline = 90}));
    BOOST_TEST((of("on_removal drain 90 reschedule") ==
                Leaving{.how = How::drain, .deadline = 90, .end = LB_DRAIN_END_RESCHEDULE}));
    BOOST_TEST((of("on_failure cut") ==
                Leaving{.how = How::drain, .deadline = 0, .end = LB_DRAIN_END_RESET}));
    BOOST_TEST((of("on_removal cut reschedule") ==
                Leaving{.how = How::drain, .deadline = 0, .end = LB_DRAIN_END_RESCHEDULE}));
    BOOST_TEST(refusal("on_removal inhibit").find("'inhibit'") != std::string::npos);
    BOOST_TEST(refusal("on_failure cut keep").find("'keep'") != std::string::npos);
    BOOST_TEST(refusal("on_failure drain 3000000").find("3000000") != std::string::npos);
    BOOST_TEST(refusal("", "on_failure") != "");
}

BOOST_AUTO_TEST_CASE(what_lb_has_and_ipvs_has_not)
{
    const auto parsed = with("slow_start 30\ntimeout established 900\ntimeout udp 60\n"
                             "mss_clamp 1400\norphans reset");
    BOOST_TEST(parsed.said() == "");
    const auto &server = parsed.servers.at(0);
    BOOST_TEST(server.slowStart == 30U);
    BOOST_TEST((server.timeouts ==
                std::map<std::uint16_t, std::uint32_t>{{LB_A_SETTINGS_TCP_ESTABLISHED, 900},
                                                       {LB_A_SETTINGS_UDP, 60}}));
    BOOST_TEST(server.mssClamp == 1400);
    BOOST_TEST(server.orphans == LB_ORPHANS_RESET);
    BOOST_TEST(with("mss_clamp auto").servers.at(0).mssClamp == LB_MSS_CLAMP_AUTO);
    BOOST_TEST(refusal("timeout open 900").find("'open'") != std::string::npos);
    BOOST_TEST(refusal("timeout established 0") != "");
    BOOST_TEST(refusal("slow_start 86401") != "");
    BOOST_TEST(refusal("orphans keep").find("'keep'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(everything_of_a_real_server)
{
    const auto parsed =
        with("", "weight 70000\nlvs_method TUN type gre nocsum\nuthreshold 10\nlthreshold 5\n"
                 "inhibit_on_failure false\nnotify_up /bin/up\nnotify_down \"/bin/down x\" nobody\n"
                 "smtp_alert\nvirtualhost v\nsnmp_name s\nalpha no\nretry 2\ndelay_loop 3");
    BOOST_TEST(parsed.said() == "");
    const auto &real = parsed.servers.at(0).realServers.at(0);
    BOOST_TEST(toString(real.ip) == "10.0.0.2");
    BOOST_TEST(real.port.value == 8080);
    BOOST_TEST(real.weight == 70000);
    BOOST_TEST((real.forwarding->tunnel.type == TunnelType::gre));
    BOOST_TEST(real.upper == 10U);
    BOOST_TEST(real.lower == 5U);
    BOOST_TEST((real.onFailure.value().how == Leaving::How::remove));
    BOOST_TEST(real.notifyUp.words.size() == 1U);
    BOOST_TEST(real.notifyDown.user == "nobody");
    BOOST_TEST(real.smtpAlert.value());
    BOOST_TEST(!real.alpha.value());
    BOOST_TEST((real.delayLoop == 3s));
}

BOOST_AUTO_TEST_CASE(values_that_are_refused)
{
    BOOST_TEST(refusal("lb_algo nosuch").starts_with("2:9 error 'nosuch' is not a scheduler"));
    BOOST_TEST(refusal("lb_algo wrrr") ==
               "2:9 error 'wrrr' is not a scheduler (did you mean 'wrr'?)");
    BOOST_TEST(refusal("lb_kind nat").starts_with("2:9 error 'nat' is not a forwarding method"));
    BOOST_TEST(refusal("protocol ICMP").starts_with("2:10 error 'ICMP' is not a protocol"));
    BOOST_TEST(refusal("persistence_timeout 0").starts_with("2:21 error '0' is not"));
    BOOST_TEST(
        refusal("delay_loop 0").starts_with("2:12 error '0' is not a time: seconds from 0.000001"));
    BOOST_TEST(refusal("delay_loop x").starts_with("2:12 error 'x'"));
    BOOST_TEST(refusal("connect_timeout 1e3").starts_with("2:17 error '1e3'"));
    BOOST_TEST(refusal("quorum 0").starts_with("2:8 error '0'"));
    BOOST_TEST(refusal("retry 0").starts_with("2:7 error '0'"));
    BOOST_TEST(refusal("retry 99999999999").starts_with("2:7 error"));
    BOOST_TEST(refusal("smtp_alert maybe").starts_with("2:12 error 'maybe' is not a switch"));
    BOOST_TEST(refusal("virtualhost") == "2:1 error 'virtualhost' needs a name");
    BOOST_TEST(refusal("quorum_up") == "2:1 error 'quorum_up' needs a program to run");
    BOOST_TEST(refusal("lb_kind TUN type gue").starts_with("2:18 error gue needs a port"));
    BOOST_TEST(refusal("lb_kind TUN type gue port 0").starts_with("2:27 error '0' is not a port"));
    BOOST_TEST(
        refusal("lb_kind TUN type ipip csum").starts_with("2:23 error ipip has no checksum"));
    BOOST_TEST(refusal("", "lvs_method TUN type gre remcsum").starts_with("4:25 error gre has no"));
    BOOST_TEST(refusal("", "weight -1").starts_with("4:8 error '-1'"));
    BOOST_TEST(refusal("", "weight 1x").starts_with("4:8 error '1x'"));
    BOOST_TEST(refusal("", "weight") == "4:1 error 'weight' needs a number");
    BOOST_TEST(refusal("", "uthreshold -1").starts_with("4:12 error"));
    BOOST_TEST(refusal("", "TCP_CHECK").starts_with("4:1 error 'TCP_CHECK' needs a block"));
    BOOST_TEST(refusal("", "TCP_CHECK {\nconnect_port 99999\n}").starts_with("5:14 error"));
    BOOST_TEST(refusal("", "TCP_CHECK {\nconnect_ip x\n}").starts_with("5:12 error"));
    BOOST_TEST(refusal("", "TCP_CHECK {\nnb_get_retry 3\n}")
                   .starts_with("5:1 error 'nb_get_retry' is not known"));
    BOOST_TEST(refusal("", "weigt 3") ==
               "4:1 error 'weigt' is not known here (did you mean 'weight'?)");
}

// keepalived takes them, and makes of 24 the mask 0.0.0.24: no client has it.
BOOST_AUTO_TEST_CASE(netmasks_that_are_none_are_refused)
{
    BOOST_TEST(refusal("persistence_granularity 255.0.255.0").starts_with("2:25 error"));
    BOOST_TEST(refusal("persistence_granularity 0.0.0.0").starts_with("2:25 error"));
    BOOST_TEST(refusal("persistence_granularity 129").starts_with("2:25 error"));
    BOOST_TEST(int{with("persistence_granularity 255.255.255.255")
                       .servers.at(0)
                       .persistencePrefix.value()} == 32);
    BOOST_TEST(int{with("persistence_granularity 64").servers.at(0).persistencePrefix.value()} ==
               64);
}

BOOST_AUTO_TEST_CASE(flags_of_schedulers)
{
    BOOST_TEST(with("lb_algo sh\nsh-port\nsh-fallback").servers.at(0).schedulerFlags ==
               (LB_SCHED_FLAGS_PORT | LB_SCHED_FLAGS_FALLBACK));
    BOOST_TEST(with("lb_algo mh\nmh-port").servers.at(0).schedulerFlags == LB_SCHED_FLAGS_PORT);
    BOOST_TEST(refusal("flag-1") == "");
    // As keepalived: before the scheduler is known, it is another one.
    BOOST_TEST(refusal("sh-port").starts_with("2:1 warning 'sh-port' means nothing without"));
    BOOST_TEST(refusal("lb_algo rr\nmh-port").starts_with("3:1 warning"));
}

// keepalived says nothing of them.
BOOST_AUTO_TEST_CASE(words_that_mean_nothing_are_told)
{
    BOOST_TEST(
        refusal("", "weight 1 2").starts_with("4:10 note '2' means nothing behind 'weight'"));
    BOOST_TEST(refusal("alpha foo").starts_with("2:7 note"));
    BOOST_TEST(Servers("virtual_server 192.0.2.1 80 junk {\n}\n").said().starts_with("1:29 note"));
}

BOOST_AUTO_TEST_CASE(the_same_real_server_twice_is_refused)
{
    const Servers parsed("virtual_server 192.0.2.1 80 {\nreal_server 10.0.0.2 80 {\n}\n"
                         "real_server 10.0.0.2 80 {\n}\nreal_server 10.0.0.2 81 {\n}\n}\n");
    BOOST_TEST(parsed.said() ==
               "4:13 error this virtual server has that real server already (see line 2)");
    BOOST_TEST(parsed.servers.at(0).realServers.size() == 2U);
}

BOOST_AUTO_TEST_CASE(groups)
{
    const auto in = [](const std::string &line) {
        return Servers("virtual_server_group g {\n" + line + "\n}\n");
    };
    const auto range = [&](const std::string &line) {
        const auto parsed = in(line);
        BOOST_TEST(parsed.said() == "");
        const auto &found = parsed.groups.at(0).ranges.at(0);
        return toString(found.first) + " " + toString(found.last) + " " +
               std::to_string(found.port.value);
    };
    BOOST_TEST(range("10.0.0.1 80") == "10.0.0.1 10.0.0.1 80");
    BOOST_TEST(range("10.0.0.1") == "10.0.0.1 10.0.0.1 0");
    BOOST_TEST(range("192.168.200.1-10 80") == "192.168.200.1 192.168.200.10 80");
    BOOST_TEST(range("192.168.200.250-192.168.201.10") == "192.168.200.250 192.168.201.10 0");
    BOOST_TEST(range("192.168.202.8/29 1") == "192.168.202.8 192.168.202.15 1");
    BOOST_TEST(range("2001:db8::1-f 80") == "2001:db8::1 2001:db8::f 80");
    BOOST_TEST(range("2001:db8::ff00/120") == "2001:db8::ff00 2001:db8::ffff 0");

    const auto marks = in("fwmark 5\nfwmark 6 inet6");
    BOOST_TEST(marks.said() == "");
    BOOST_TEST(marks.groups.at(0).marks.at(0).value == 5U);
    BOOST_TEST(!marks.groups.at(0).marks.at(0).family);
    BOOST_TEST((marks.groups.at(0).marks.at(1).family == Family::inet6));

    for (const auto *line :
         {"10.0.0.9-10.0.0.1 80", "10.0.0.9-5 80", "10.0.0.9-9", "10.0.0.0/33 80",
          "10.0.0.1-300 80", "fwmark x", "foo", "10.0.0.1-2001:db8::1"})
        BOOST_TEST(in(line).said().starts_with("2:"), line);
    BOOST_TEST(in("").said() == "1:22 error the group 'g' is empty");
    // keepalived takes as many as there are, and has no memory left.
    BOOST_TEST(
        in("10.0.0.0/8 80").said().starts_with("2:1 error '10.0.0.0/8' has too many addresses"));
    // keepalived takes the second, too, and never uses it.
    BOOST_TEST(
        Servers(
            "virtual_server_group g {\n10.0.0.1 1\n}\nvirtual_server_group g {\n10.0.0.2 1\n}\n")
            .said() == "4:22 error there is a group 'g' already");
}

BOOST_AUTO_TEST_CASE(http_probes)
{
    const auto http = probe<HttpProbe>(
        "SSL_GET {\nurl {\npath /a\ndigest 000102030405060708090a0b0c0d0e0f\n"
        "status_code 200 300-310\nvirtualhost v\nregex a.c\nregex_no_match\n"
        "regex_options caseless dotall\nregex_stack 10 20\nregex_min_offset 1\n"
        "regex_max_offset 5\n}\nurl {\npath /b\n}\nhttp_protocol 1.0c\nenable_sni\n"
        "fast_recovery\nconnect_ip 10.0.0.3\nconnect_port 443\nbindto 10.0.0.4\n"
        "bind_if eth0\nbind_port 5000\nfwmark 7\nretry 3\n}");
    BOOST_TEST(http.tls);
    BOOST_TEST((http.version == HttpVersion::v10Close));
    BOOST_TEST(http.sni);
    BOOST_TEST(http.fastRecovery);
    BOOST_TEST(toString(*http.connectIp) == "10.0.0.3");
    BOOST_TEST(http.connectPort->value == 443);
    BOOST_TEST(toString(*http.bindTo) == "10.0.0.4");
    BOOST_TEST(http.bindInterface == "eth0");
    BOOST_TEST(http.bindPort->value == 5000);
    BOOST_TEST(http.fwmark == 7U);
    BOOST_TEST(http.retry.value() == 3U);
    BOOST_REQUIRE(http.urls.size() == 2U);
    const auto &url = http.urls[0];
    BOOST_TEST(url.path == "/a");
    for (std::size_t i = 0; i < url.digest->size(); i++)
        BOOST_TEST(url.digest->at(i) == i);
    BOOST_REQUIRE(url.status.size() == 2U);
    BOOST_TEST((url.status[0] == StatusRange{200, 200}));
    BOOST_TEST((url.status[1] == StatusRange{300, 310}));
    BOOST_TEST(url.virtualHost == "v");
    BOOST_TEST(url.regex->pattern == "a.c");
    BOOST_TEST(url.regex->noMatch);
    BOOST_TEST(url.regex->options == (1U << 3 | 1U << 5));
    BOOST_TEST(url.regex->stackMax == 20U);
    BOOST_TEST(url.regex->maxOffset == 5U);
    BOOST_TEST(!probe<HttpProbe>("HTTP_GET {\nurl {\npath /\nstatus_code\n}\n}").tls);

    const auto wrong = [](const std::string &line) {
        return refusal("", "HTTP_GET {\nurl {\npath /\n" + line + "\n}\n}");
    };
    BOOST_TEST(wrong("status_code 99").starts_with("7:13 error"));
    BOOST_TEST(wrong("status_code 1000").starts_with("7:13 error"));
    BOOST_TEST(wrong("status_code 200-100").starts_with("7:13 error"));
    BOOST_TEST(wrong("digest 12").starts_with("7:8 error '12' is no MD5 digest"));
    BOOST_TEST(wrong("digest 0123456789012345678901234567890x").starts_with("7:8 error"));
    BOOST_TEST(
        refusal("", "HTTP_GET {\nhttp_protocol 3\nurl {\npath /\n}\n}").starts_with("5:15 error"));
    BOOST_TEST(refusal("", "SSL_GET {\ncertificate_warning 3651\nurl {\npath /\n}\n}")
                   .starts_with("5:21 error"));
    BOOST_TEST(
        refusal("", "HTTP_GET {\nfast_recovery 3\nurl {\npath /\n}\n}").starts_with("5:15 error"));
    BOOST_TEST(
        refusal("", "HTTP_GET {\nnb_get_retry 3\nurl {\npath /\n}\n}").starts_with("5:1 warning"));
    // keepalived 2.2.7 says so, and crashes.
    BOOST_TEST(
        refusal("", "HTTP_GET {\n}").starts_with("4:1 error this HTTP_GET asks for nothing"));
    BOOST_TEST(
        refusal("", "HTTP_GET {\nurl {\n}\n}").starts_with("5:1 error this url has no path"));
    // Debian's is built without regular expressions, so that it takes anything.
    BOOST_TEST(
        wrong("regex a\nregex_options foo").starts_with("8:15 error 'foo' is not an option"));
    BOOST_TEST(wrong("regex a\nregex_min_offset 5\nregex_max_offset 3").starts_with("5:1 error"));
}

BOOST_AUTO_TEST_CASE(other_probes)
{
    BOOST_TEST(
        probe<TcpProbe>("TCP_CHECK {\nconnect_timeout 3\n}").connectTimeout.value().count() ==
        3000000);
    BOOST_TEST(probe<PingProbe>("PING_CHECK {\nretry 3\n}").retry.value() == 3U);
    const auto smtp = probe<SmtpProbe>(
        "SMTP_CHECK {\nhelo_name a\nhost {\nconnect_ip 10.0.0.3\nconnect_port 25\n}\nhost {\n}\n}");
    BOOST_TEST(smtp.helloName == "a");
    BOOST_TEST(smtp.hosts.size() == 2U);
    BOOST_TEST(refusal("", "SMTP_CHECK {\nhost 10.0.0.2 25\n}")
                   .starts_with("5:1 error 'host' needs a block"));

    const auto dns = probe<DnsProbe>("DNS_CHECK {\ntype aaaa\nname example.org\n}");
    BOOST_TEST((dns.type == DnsType::aaaa));
    BOOST_TEST(dns.name == "example.org");
    BOOST_TEST((probe<DnsProbe>("DNS_CHECK {\n}") == DnsProbe{}));
    BOOST_TEST(refusal("", "DNS_CHECK {\ntype ANY\n}").starts_with("5:6 error 'ANY'"));
    BOOST_TEST(refusal("", "DNS_CHECK {\nname a..b\n}")
                   .starts_with("5:6 error 'a..b' has an empty label"));
    BOOST_TEST(
        refusal("", "DNS_CHECK {\nname " + std::string(64, 'a') + "\n}").starts_with("5:6 error"));

    // The manual's example of how digits are read.
    const auto udp =
        probe<UdpProbe>("UDP_CHECK {\npayload Ab12f 3 456 546443123\nrequire_reply 12X3 f\n"
                        "min_reply_length 2\nmax_reply_length 65535\n}");
    const std::vector<std::uint8_t> payload{0xab, 0x12, 0x0f, 0x03, 0x45, 0x06,
                                            0x54, 0x64, 0x43, 0x12, 0x03};
    BOOST_TEST(udp.payload == payload, boost::test_tools::per_element());
    const std::vector<std::uint8_t> reply{0x12, 0x03, 0x0f}, mask{0xff, 0x0f, 0xff};
    BOOST_TEST(udp.requireReply);
    BOOST_TEST(udp.reply.bytes == reply, boost::test_tools::per_element());
    BOOST_TEST(udp.reply.mask == mask, boost::test_tools::per_element());
    BOOST_TEST(refusal("", "UDP_CHECK {\npayload xyz\n}").starts_with("5:9 error"));
    BOOST_TEST(refusal("", "UDP_CHECK {\nmax_reply_length 70000\n}").starts_with("5:18 error"));
    BOOST_TEST(refusal("", "UDP_CHECK {\nmin_reply_length 9\nmax_reply_length 3\n}")
                   .starts_with("4:1 error"));

    const auto misc = probe<MiscProbe>("MISC_CHECK {\nmisc_path \"/bin/x 'y z'\"\nmisc_timeout "
                                       "5\nmisc_dynamic\nuser nobody\nretry 2\n}");
    const std::vector<std::string> words{"/bin/x", "y z"};
    BOOST_TEST(misc.script.words == words, boost::test_tools::per_element());
    BOOST_TEST((misc.timeout == 5s));
    BOOST_TEST(misc.dynamic);
    BOOST_TEST(misc.script.user == "nobody");
    BOOST_TEST(
        refusal("", "MISC_CHECK {\nmisc_path /x\nmisc_timeout 3.5\n}").starts_with("6:14 error"));
    BOOST_TEST(
        refusal("", "MISC_CHECK {\n}").starts_with("4:1 error this MISC_CHECK runs nothing"));

    const auto file = probe<FileProbe>("FILE_CHECK {\ntrack_file f\nweight -3 reverse\ndynamic\n}");
    BOOST_TEST(file.trackFile == "f");
    BOOST_TEST(file.weight.value() == -3);
    BOOST_TEST(file.reverse);
    BOOST_TEST(
        refusal("", "FILE_CHECK {\n}").starts_with("4:1 error this FILE_CHECK has no track_file"));
    BOOST_TEST(probe<BfdProbe>("BFD_CHECK {\nname b\n}").name == "b");
}

BOOST_AUTO_TEST_CASE(where_something_is_written_is_no_difference)
{
    BOOST_TEST((with("lb_algo rr").servers == with("\n\n  lb_algo rr").servers));
    BOOST_TEST((with("lb_algo rr").servers != with("lb_algo wrr").servers));
}

BOOST_AUTO_TEST_SUITE_END()
