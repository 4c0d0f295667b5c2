// SPDX-License-Identifier: GPL-2.0
#include "print.hpp"

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

constexpr std::size_t destWidth = 28;
constexpr int tableSize = 4096;

constexpr std::string_view local = "Prot LocalAddress:Port";
constexpr std::string_view remote = "  -> RemoteAddress:Port";

std::string_view methodName(Method method)
{
    switch (method) {
    case Method::nat:
        return "Masq";
    case Method::tunnel:
        return "Tunnel";
    default:
        return "Route";
    }
}

std::string tunnelInfo(const netlink::Destination &dest)
{
    constexpr std::string_view checksums[] = {"-c", "+c", "r+c"};

    if (dest.method != Method::tunnel)
        return "n/a";
    const auto checksum = checksums[static_cast<std::size_t>(dest.tunnel.checksum)];
    switch (dest.tunnel.type) {
    case TunnelType::gue:
        return fmt::format("gue:{}:{}", dest.tunnel.port.value, checksum);
    case TunnelType::gre:
        return fmt::format("gre:{}", checksum);
    default:
        return "ipip";
    }
}

void printDest(std::string &text, const netlink::Destination &dest, const Format &format,
               const std::string &name)
{
    const auto out = std::back_inserter(text);
    const auto large = [&](std::uint64_t number) { return largeNumber(number, format.exact); };

    fmt::format_to(out, "  -> {:<28}", name);
    switch (format.form) {
    case Form::stats: {
        const auto &stats = dest.sinceZero;
        fmt::format_to(out, "{}{}{}{}{}\n", large(stats.conns), large(stats.inPackets),
                       large(stats.outPackets), large(stats.inBytes), large(stats.outBytes));
        return;
    }
    case Form::rate:
        fmt::format_to(out, " {:>8} {:>8} {:>8}{}{}\n", dest.rates.conns, dest.rates.inPackets,
                       dest.rates.outPackets, large(dest.rates.inBytes),
                       large(dest.rates.outBytes));
        return;
    case Form::thresholds:
        fmt::format_to(out, " {:<10} {:<10} {:<10} {:<10}\n", dest.upper, dest.lower, dest.active,
                       dest.inactive);
        return;
    case Form::persistentConn:
        fmt::format_to(out, " {:<9} {:<11} {:<10} {:<10}\n", weightOf(dest), dest.templates,
                       dest.active, dest.inactive);
        return;
    case Form::tunInfo:
        fmt::format_to(out, " {:<7} {:<13} {:<6} {:<10} {:<10}\n", methodName(dest.method),
                       tunnelInfo(dest), weightOf(dest), dest.active, dest.inactive);
        return;
    default:
        fmt::format_to(out, " {:<7} {:<6} {:<10} {:<10}\n", methodName(dest.method), weightOf(dest),
                       dest.active, dest.inactive);
    }
}

std::string numbersTitle(std::string_view a, std::string_view b, std::string_view c,
                         std::string_view d, std::string_view e)
{
    return fmt::format("{:<33} {:>8} {:>8} {:>8} {:>8} {:>8}\n{}\n", local, a, b, c, d, e, remote);
}

} // namespace

Format Format::of(const Command &command)
{
    const auto form = command.verb == Verb::save         ? Form::rule
                      : command.has(Opt::stats)          ? Form::stats
                      : command.has(Opt::rate)           ? Form::rate
                      : command.has(Opt::thresholds)     ? Form::thresholds
                      : command.has(Opt::persistentConn) ? Form::persistentConn
                      : command.has(Opt::tunInfo)        ? Form::tunInfo
                                                         : Form::plain;
    return {.form = form,
            .numeric = command.has(Opt::numeric),
            .exact = command.has(Opt::exact),
            .sorted = !command.has(Opt::nosort),
            .persistentConn = command.has(Opt::persistentConn)};
}

std::string versionLine()
{
    return fmt::format("IP Virtual Server version 1.2.1 (size={})\n", tableSize);
}

std::string title(Form form)
{
    switch (form) {
    case Form::rule:
        return "";
    case Form::stats:
        return numbersTitle("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes");
    case Form::rate:
        return numbersTitle("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS");
    case Form::thresholds:
        return fmt::format("{:<33} {:<10} {:<10} {:<10} {:<10}\n{}\n", local, "Uthreshold",
                           "Lthreshold", "ActiveConn", "InActConn", remote);
    case Form::persistentConn:
        return fmt::format("{:<33} {:<9} {:<11} {:<10} {:<10}\n{}\n", local, "Weight",
                           "PersistConn", "ActiveConn", "InActConn", remote);
    case Form::tunInfo:
        return fmt::format("{} Scheduler Flags\n{:<34}Forward TunnelInfo    Weight ActiveConn "
                           "InActConn\n",
                           local, remote);
    default:
        return fmt::format("{} Scheduler Flags\n{:<34}Forward Weight ActiveConn InActConn\n", local,
                           remote);
    }
}

std::string largeNumber(std::uint64_t number, bool exact)
{
    if (exact) {
        const auto digits = fmt::to_string(number);
        return fmt::format("{:>{}}", digits, digits.size() <= 8 ? 9 : digits.size() + 1);
    }
    if (number < 100'000'000)
        return fmt::format("{:>9}", number);
    if (number < 1'000'000'000)
        return fmt::format("{:>8}K", number / 1'000);
    if (number < 100'000'000'000)
        return fmt::format("{:>8}M", number / 1'000'000);
    if (number < 100'000'000'000'000)
        return fmt::format("{:>8}G", number / 1'000'000'000);
    return fmt::format("{:>8}T", number / 1'000'000'000'000);
}

unsigned weightOf(const netlink::Destination &dest)
{
    return dest.drain ? 0 : dest.weight.value;
}

std::optional<Protocol> protocolOf(const netlink::ServiceKey &key)
{
    return key.fwmark != 0 ? std::nullopt : std::optional(key.protocol);
}

void print(std::string &text, const View &view, const Format &format, Names &names)
{
    if (format.form == Form::rule) {
        printRule(text, view, names, Saying::asIpvsadm);
        return;
    }
    printServiceLine(text, view.service, format, names);
    for (const auto &dest : view.dests) {
        auto name = names.show(dest.endpoint, protocolOf(view.service.key));
        if (dest.endpoint.ip.family() == Family::inet && name.size() > destWidth)
            name.resize(destWidth);
        printDest(text, dest, format, name);
    }
}

} // namespace lb::ipvsadm
