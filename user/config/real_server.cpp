// SPDX-License-Identifier: GPL-2.0
#include "probe_keywords.hpp"
#include "virtual_server_keywords.hpp"

namespace lb::config {

namespace {

void takeMethod(RealServer &server, Arguments &arguments)
{
    if (auto forwarding = takeForwarding(arguments))
        server.forwarding = *forwarding;
}

template <Script RealServer::*member>
void takeNotify(RealServer &server, Arguments &arguments)
{
    if (auto script = takeScript(arguments))
        server.*member = std::move(*script);
}

template <void (*take)(std::vector<Probe> &, Arguments &)>
void probe(RealServer &server, Arguments &arguments)
{
    take(server.probes, arguments);
}

constexpr std::int64_t heaviest = INT32_MAX; // as keepalived; what lb takes is checked by the plan

constexpr Keyword<RealServer> keywords[] = {
    {"weight", integer<&RealServer::weight, 0, heaviest>},
    {"lvs_method", takeMethod},
    {"lb_kind", takeMethod},
    {"uthreshold", number<&RealServer::upper>},
    {"lthreshold", number<&RealServer::lower>},
    {"inhibit_on_failure", takeInhibit},
    {"on_failure", takeOnFailure},
    {"on_removal", takeOnRemoval},
    {"smtp_alert", boolean<&RealServer::smtpAlert>},
    {"notify_up", takeNotify<&RealServer::notifyUp>},
    {"notify_down", takeNotify<&RealServer::notifyDown>},
    {"virtualhost", text<&RealServer::virtualHost>},
    {"snmp_name", text<&RealServer::snmpName>},
    {"TCP_CHECK", probe<takeTcpProbe>, Shape::block},
    {"HTTP_GET", probe<takeHttpProbe>, Shape::block},
    {"SSL_GET", probe<takeTlsProbe>, Shape::block},
    {"SMTP_CHECK", probe<takeSmtpProbe>, Shape::block},
    {"DNS_CHECK", probe<takeDnsProbe>, Shape::block},
    {"MISC_CHECK", probe<takeMiscProbe>, Shape::block},
    {"UDP_CHECK", probe<takeUdpProbe>, Shape::block},
    {"PING_CHECK", probe<takePingProbe>, Shape::block},
    {"GRPC_CHECK", probe<takeGrpcProbe>, Shape::block}, // lbd's own
    {"FILE_CHECK", probe<takeFileProbe>, Shape::block},
    {"BFD_CHECK", probe<takeBfdProbe>, Shape::block},
};

bool sameServer(const RealServer &a, const RealServer &b)
{
    return a.ip == b.ip && a.port == b.port;
}

} // namespace

void takeRealServer(VirtualServer &into, Arguments &arguments)
{
    RealServer server{};
    const auto ip = arguments.ip("a server's address");
    const auto *word = &arguments.statement().words.back();
    if (ip) {
        word = &arguments.statement().words[1];
        server.ip = *ip;
    }
    server.where = Where(*word);
    if (arguments.more())
        server.port = arguments.port().value_or(Port{});
    takeBlock<RealServer, RealServer, Timing>(server, arguments.statement().block,
                                              arguments.report(), keywords, timingKeywords());
    if (!ip)
        return;
    const auto other = std::ranges::find_if(
        into.realServers, [&](const RealServer &has) { return sameServer(has, server); });
    if (other != into.realServers.end())
        arguments.refuse(*word, "this virtual server has that real server already",
                         fmt::format("see line {}", other->where.place.line));
    else
        into.realServers.push_back(std::move(server));
}

} // namespace lb::config
