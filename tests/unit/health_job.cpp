// SPDX-License-Identifier: GPL-2.0
// What a probe is when everything that was left out is filled in: keepalived.conf(5) of 2.2.7,
// "virtual_server", "real_server" and the checkers.
#include "config/virtual_server_keywords.hpp"
#include "config_written.hpp"
#include "health/job.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_job)

namespace {

const Endpoint target{*Ip::parse("10.0.0.2"), Port{8080}};

std::vector<Job> jobs(const std::string &probe, const std::string &real = "",
                      const std::string &server = "", const config::Globals &globals = {})
{
    config::Written written("virtual_server 192.0.2.1 80 {\n" + server +
                            "\nreal_server 10.0.0.2 8080 {\n" + real + "\n" + probe + "\n}\n}\n");
    std::vector<config::VirtualServer> servers;
    for (const auto &statement : written.tree.statements) {
        config::Arguments arguments(statement, written.report);
        config::takeVirtualServer(servers, arguments);
    }
    BOOST_TEST(written.said() == "");
    BOOST_REQUIRE(servers.size() == 1U);
    return jobsOf(servers[0], servers[0].realServers[0], target, globals);
}

Job job(const std::string &probe, const std::string &real = "", const std::string &server = "",
        const config::Globals &globals = {})
{
    const auto all = jobs(probe, real, server, globals);
    BOOST_REQUIRE(all.size() == 1U);
    return all[0];
}

// interval, timeout, delay before retry (seconds), retries, warmup, alpha
std::string timing(const Job &job)
{
    const auto s = [](Duration d) { return std::chrono::duration<double>(d).count(); };
    return fmt::format("{:g} {:g} {:g} {} {:g}{}", s(job.pace.interval), s(job.way.timeout),
                       s(job.pace.retryDelay), job.pace.retries, s(job.pace.warmup),
                       job.pace.startsDown ? " alpha" : "");
}

template <typename T>
T ask(const Job &job)
{
    return std::get<T>(job.ask);
}

} // namespace

BOOST_AUTO_TEST_CASE(defaults)
{
    BOOST_TEST(timing(job("TCP_CHECK { }")) == "60 5 1 1 60");
    BOOST_TEST(timing(job("PING_CHECK { }")) == "60 5 1 1 60");
    BOOST_TEST(timing(job("UDP_CHECK { }")) == "60 5 1 1 60");
    BOOST_TEST(timing(job("SMTP_CHECK { }")) == "60 5 1 1 60");
    BOOST_TEST(timing(job("HTTP_GET { url { path / } }")) == "60 5 3 1 60");
    BOOST_TEST(timing(job("SSL_GET { url { path / } }")) == "60 5 3 1 60");
    BOOST_TEST(timing(job("DNS_CHECK { }")) == "60 5 60 3 60");
    BOOST_TEST(timing(job("MISC_CHECK { misc_path /bin/true }")) == "60 5 1 0 60");
}

BOOST_AUTO_TEST_CASE(the_innermost_that_says_something_counts)
{
    const std::string server = "delay_loop 7\nconnect_timeout 3\nretry 4\ndelay_before_retry 2\n"
                               "warmup 6\nalpha\n";
    BOOST_TEST(timing(job("TCP_CHECK { }", "", server)) == "7 3 2 4 6 alpha");
    BOOST_TEST(timing(job("DNS_CHECK { }", "", server)) == "7 3 2 4 6 alpha");
    BOOST_TEST(timing(job("MISC_CHECK { misc_path /bin/true }", "", server)) == "7 3 2 4 6 alpha");
    BOOST_TEST(timing(job("TCP_CHECK { }", "delay_loop 8\nretry 9\nalpha no", server)) ==
               "8 3 2 9 6");
    BOOST_TEST(timing(job("TCP_CHECK {\ndelay_loop 5\nretry 2\nwarmup 0\n}",
                          "delay_loop 8\nretry 9\nconnect_timeout 1", server)) ==
               "5 1 2 2 0 alpha");
}

BOOST_AUTO_TEST_CASE(jitter)
{
    BOOST_CHECK(job("TCP_CHECK { }").pace.jitter == 0s);
    BOOST_CHECK(job("TCP_CHECK { }", "", "delay_jitter 2").pace.jitter == 2s);
    BOOST_CHECK(job("TCP_CHECK { }", "delay_jitter 1.5", "delay_jitter 2").pace.jitter == 1500ms);
    BOOST_CHECK(job("PING_CHECK { delay_jitter 0 }", "", "delay_jitter 2").pace.jitter == 0s);
}

BOOST_AUTO_TEST_CASE(what_follows_from_the_interval)
{
    BOOST_TEST(timing(job("DNS_CHECK { }", "", "delay_loop 7")) == "7 5 7 3 7");
    BOOST_TEST(timing(job("TCP_CHECK {\ndelay_loop 4\n}", "", "delay_loop 7")) == "4 5 1 1 4");
    const auto misc = job("MISC_CHECK { misc_path /bin/true }", "", "delay_loop 7");
    BOOST_CHECK(ask<MiscAsk>(misc).timeout == 7s);
    BOOST_CHECK(ask<MiscAsk>(job("MISC_CHECK {\nmisc_path /bin/true\nmisc_timeout 2\n}")).timeout ==
                2s);
}

BOOST_AUTO_TEST_CASE(where_it_goes)
{
    BOOST_TEST(toString(job("TCP_CHECK { }").way.to) == "10.0.0.2:8080");
    const auto other = job("TCP_CHECK {\nconnect_ip 10.9.9.9\nconnect_port 81\nbindto 10.0.0.9\n"
                           "bind_port 4000\nbind_if eth7\nfwmark 5\n}")
                           .way;
    BOOST_TEST(toString(other.to) == "10.9.9.9:81");
    BOOST_TEST(toString(*other.from) == "10.0.0.9");
    BOOST_TEST(other.fromPort.value == 4000);
    BOOST_TEST(other.interface == "eth7");
    BOOST_TEST(other.mark == 5U);
}

BOOST_AUTO_TEST_CASE(the_name_that_an_url_asks_for)
{
    const auto host = [](const std::string &probe, const std::string &real = "",
                         const std::string &server = "") {
        const auto made = job(probe, real, server);
        return ask<HttpAsk>(made).urls.at(0).host;
    };
    const std::string plain = "HTTP_GET {\nurl {\npath /\n}\n}";
    BOOST_TEST(host(plain) == "10.0.0.2:8080");
    BOOST_TEST(host(plain, "", "virtualhost vs.example") == "vs.example");
    BOOST_TEST(host(plain, "virtualhost rs.example", "virtualhost vs.example") == "rs.example");
    BOOST_TEST(host("HTTP_GET {\nvirtualhost p.example\nurl {\npath /\n}\n}",
                    "virtualhost rs.example") == "p.example");
    BOOST_TEST(host("HTTP_GET {\nvirtualhost p.example\nurl {\npath /\nvirtualhost u.example\n}\n}",
                    "virtualhost rs.example") == "u.example");
}

BOOST_AUTO_TEST_CASE(urls)
{
    const auto made = job("SSL_GET {\nhttp_protocol 1.1\nenable_sni\nvirtualhost p.example\n"
                          "url {\npath /a\n}\nurl {\npath /b\nstatus_code 200 301-302\n}\n}");
    BOOST_TEST(kindOf(made) == "SSL_GET");
    const auto http = ask<HttpAsk>(made);
    BOOST_TEST(http.tls);
    BOOST_CHECK(http.version == config::HttpVersion::v11);
    BOOST_REQUIRE(http.urls.size() == 2U);
    BOOST_TEST(http.urls[0].server == "p.example");
    BOOST_TEST(http.urls[0].status[0].first == 200);
    BOOST_TEST(http.urls[0].status[0].last == 299);
    BOOST_TEST(http.urls[1].status.size() == 2U);
    const auto named = ask<HttpAsk>(job("SSL_GET {\nsni_name s.example\nurl {\npath /a\n}\n}"));
    BOOST_TEST(named.urls[0].server == "s.example");
    BOOST_TEST(named.urls[0].host == "10.0.0.2:8080");
    // Not told to: no name.
    BOOST_TEST(ask<HttpAsk>(job("SSL_GET {\nvirtualhost a.example\nurl {\npath /a\n}\n}"))
                   .urls[0]
                   .server.empty());
}

BOOST_AUTO_TEST_CASE(where_each_kind_goes)
{
    const std::string way = "connect_ip 10.9.9.9\nconnect_port 81\nbindto 10.0.0.9\n"
                            "bind_port 4000\nbind_if eth7\nfwmark 5\n";
    const Way expected{.to = {*Ip::parse("10.9.9.9"), Port{81}},
                       .from = *Ip::parse("10.0.0.9"),
                       .fromPort = Port{4000},
                       .interface = "eth7",
                       .mark = 5};
    for (const std::string kind :
         {"TCP_CHECK", "PING_CHECK", "UDP_CHECK", "DNS_CHECK", "GRPC_CHECK", "SMTP_CHECK"})
        BOOST_CHECK(job(kind + " {\n" + way + "}").way == expected);
    for (const std::string kind : {"HTTP_GET", "SSL_GET"})
        BOOST_CHECK(job(kind + " {\n" + way + "url {\npath /\n}\n}").way == expected);
    const auto smtp = ask<SmtpAsk>(job("SMTP_CHECK {\nhost {\n" + way + "}\n}"));
    BOOST_CHECK(smtp.hosts.at(0) == expected);
}

BOOST_AUTO_TEST_CASE(http_2)
{
    const auto made = job("SSL_GET {\nhttp_protocol 2\nurl {\npath /\n}\n}");
    BOOST_CHECK(ask<HttpAsk>(made).version == config::HttpVersion::v2);
}

BOOST_AUTO_TEST_CASE(certificates)
{
    const std::string url = "url {\npath /\n}\n";
    BOOST_TEST(job("SSL_GET {\n" + url + "}").certificateWarning.count() == 14);
    BOOST_TEST(job("SSL_GET {\ncertificate_warning 30\n" + url + "}").certificateWarning.count() ==
               30);
    BOOST_TEST(job("SSL_GET {\ncertificate_warning 0\n" + url + "}").certificateWarning.count() ==
               0);
    BOOST_TEST(job("HTTP_GET {\n" + url + "}").certificateWarning.count() == 0);
    BOOST_TEST(job("GRPC_CHECK { }").certificateWarning.count() == 0);
    BOOST_TEST(job("GRPC_CHECK {\ntls\n}").certificateWarning.count() == 14);

    const auto plain = ask<HttpAsk>(job("SSL_GET {\nvirtualhost a.example\n" + url + "}"));
    BOOST_TEST(!plain.verify);
    const auto verified =
        ask<HttpAsk>(job("SSL_GET {\ntls_verify\nvirtualhost a.example\n" + url + "}"));
    BOOST_TEST(verified.verify);
    BOOST_TEST(verified.urls[0].owner == "a.example");
    BOOST_TEST(verified.urls[0].server.empty());
    const auto named = ask<HttpAsk>(job("SSL_GET {\ntls_verify\nsni_name s.example\n" + url + "}"));
    BOOST_TEST(named.urls[0].owner == "s.example");
    BOOST_TEST(ask<HttpAsk>(job("SSL_GET {\ntls_verify\n" + url + "}")).urls[0].owner.empty());
    BOOST_TEST(!ask<HttpAsk>(job("HTTP_GET {\ntls_verify\n" + url + "}")).verify);
}

BOOST_AUTO_TEST_CASE(grpc)
{
    const auto plain = job("GRPC_CHECK { }", "", "virtualhost vs.example\ndelay_loop 7");
    BOOST_TEST(kindOf(plain) == "GRPC_CHECK");
    BOOST_TEST(timing(plain) == "7 5 1 1 7");
    const auto asked = ask<GrpcAsk>(plain);
    BOOST_TEST(asked.authority == "vs.example");
    BOOST_TEST(!asked.tls);
    BOOST_TEST(asked.service.empty());
    const auto full = ask<GrpcAsk>(job("GRPC_CHECK {\nservice a.B\ntls\ntls_verify\nenable_sni\n"
                                       "virtualhost g.example\n}"));
    BOOST_TEST(full.tls);
    BOOST_TEST(full.verify);
    BOOST_TEST(full.service == "a.B");
    BOOST_TEST(full.authority == "g.example");
    BOOST_TEST(full.server == "g.example");
    BOOST_TEST(full.owner == "g.example");
    BOOST_TEST(ask<GrpcAsk>(job("GRPC_CHECK { }")).authority == "10.0.0.2:8080");
    BOOST_CHECK(job("GRPC_CHECK { }") != job("GRPC_CHECK { service a }"));
}

BOOST_AUTO_TEST_CASE(smtp_hosts_take_what_they_leave_out_from_the_probe)
{
    const auto made =
        job("SMTP_CHECK {\nhelo_name me.example\nconnect_timeout 3\nhost {\n"
            "connect_ip 10.0.0.5\n}\nhost {\nconnect_port 26\nconnect_timeout 1\n}\n}");
    const auto smtp = ask<SmtpAsk>(made);
    BOOST_TEST(smtp.helloName == "me.example");
    BOOST_REQUIRE(smtp.hosts.size() == 2U);
    BOOST_TEST(toString(smtp.hosts[0].to) == "10.0.0.5:8080");
    BOOST_CHECK(smtp.hosts[0].timeout == 3s);
    BOOST_TEST(toString(smtp.hosts[1].to) == "10.0.0.2:26");
    BOOST_CHECK(smtp.hosts[1].timeout == 1s);
    const auto alone = ask<SmtpAsk>(job("SMTP_CHECK { }"));
    BOOST_REQUIRE(alone.hosts.size() == 1U);
    BOOST_TEST(toString(alone.hosts[0].to) == "10.0.0.2:8080");
    BOOST_TEST(!alone.helloName.empty());
    config::Globals globals;
    globals.mail.helloName = "director.example";
    BOOST_TEST(ask<SmtpAsk>(job("SMTP_CHECK { }", "", "", globals)).helloName ==
               "director.example");
}

BOOST_AUTO_TEST_CASE(scripts_run_as_script_user_unless_told_otherwise)
{
    config::Globals globals;
    globals.scriptUser = "checker";
    globals.scriptGroup = "checkers";
    const auto plain = ask<MiscAsk>(job("MISC_CHECK { misc_path /bin/true }", "", "", globals));
    BOOST_TEST(plain.script.user == "checker");
    BOOST_TEST(plain.script.group == "checkers");
    const auto own =
        ask<MiscAsk>(job("MISC_CHECK {\nmisc_path /bin/true\nuser nobody\n}", "", "", globals));
    BOOST_TEST(own.script.user == "nobody");
    BOOST_TEST(own.script.group.empty());
}

BOOST_AUTO_TEST_CASE(all_failures_are_logged_where_one_says_so)
{
    BOOST_TEST(!job("TCP_CHECK { }").logAllFailures);
    BOOST_TEST(job("TCP_CHECK {\nlog_all_failures\n}").logAllFailures);
    config::Globals globals;
    globals.logAllFailures = true;
    BOOST_TEST(job("TCP_CHECK { }", "", "", globals).logAllFailures);
}

BOOST_AUTO_TEST_CASE(bfd_is_no_job)
{
    BOOST_TEST(jobs("BFD_CHECK { name b }\nTCP_CHECK { }").size() == 1U);
}

BOOST_AUTO_TEST_CASE(equal_jobs_are_one)
{
    // Said in two places, and meant the same.
    const auto a = job("TCP_CHECK {\ndelay_loop 7\n}"),
               b = job("TCP_CHECK { }", "", "delay_loop 7");
    BOOST_CHECK(a == b);
    BOOST_TEST(hashOf(a) == hashOf(b));
    BOOST_CHECK(a != job("TCP_CHECK { }"));
    BOOST_CHECK(a != job("PING_CHECK { }", "", "delay_loop 7"));
    BOOST_CHECK(job("HTTP_GET { url { path /a } }") != job("HTTP_GET { url { path /b } }"));
}

BOOST_AUTO_TEST_SUITE_END()
