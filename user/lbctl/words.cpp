// SPDX-License-Identifier: GPL-2.0
#include "words.hpp"

#include "../base/closest.hpp"
#include "../base/duration.hpp"
#include "../base/number.hpp"
#include "../netlink/names.hpp"
#include "../netlink/setting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using netlink::DestSpec;
using netlink::ServiceKey;
using netlink::ServiceSpec;

constexpr std::array<std::string_view, 2> onOffNames{"on", "off"};

constexpr Option forDest[] = {
    {"--method", "METHOD", "nat (the default), direct or tunnel", Offers::method, "-m"},
    {"--weight", "N", "share of new connections, 0 to 65535; 1 unless given", Offers::nothing,
     "-w"},
    {"--drain", "on|off", "on: keep connections, take no new ones", Offers::onOff},
    {"--deadline", "SECONDS", "with --drain on: how long its connections have"},
    {"--then", "END", "what becomes of them then: keep (the default), reset or reschedule",
     Offers::drainEnd},
    {"--tunnel-type", "TYPE", "with tunnel: ipip (the default), gue or gre", Offers::tunnelType},
    {"--tunnel-port", "PORT", "with gue: the UDP port that the destination receives it on"},
    {"--tunnel-checksum", "WHICH", "with gue or gre: none (the default), normal; gue: remote",
     Offers::tunnelChecksum},
    {"--upper", "N", "full with N connections: takes no new ones; 0, the default: never",
     Offers::nothing, "-x"},
    {"--lower", "N", "takes new ones again with fewer than N; 0: 3/4 of --upper", Offers::nothing,
     "-y"},
};

constexpr Option forService[] = {
    {"--scheduler", "NAME", "who gets the next connection; wlc unless given", Offers::scheduler,
     "-s"},
    {"--scheduler-flags", "FLAG,...", "of sh and mh: fallback, port, or none",
     Offers::schedulerFlags, "-b"},
    {"--one-packet", "on|off", "on: schedule every packet, keep no connections; UDP only",
     Offers::onOff, "-o"},
    {"--mss-clamp", "N|auto|off", "largest MSS that a SYN may announce; off unless given",
     Offers::mssClamp},
    {"--persist", "SECONDS", "keep a client to its destination so long; 0: not at all",
     Offers::nothing, "-p"},
    {"--persist-prefix", "LEN", "clients with so many leading bits in common are one",
     Offers::nothing, "-M"},
    {"--persist-engine", "none|sip", "sip: tell clients apart by SIP's Call-ID, too; UDP",
     Offers::persistEngine},
    {"--timeout", "STATE=TIME,...", "timeouts of its own, 90s, 15m, 8h: established=8h; or none",
     Offers::timeouts},
    {"--slow-start", "SECONDS",
     "in which who comes up grows to its share; 0, the default: at once"},
    {"--orphans", "WHAT",
     "connections of who is removed: drop, reset, reschedule; default: expire-nodest-conn",
     Offers::orphans},
};

constexpr Option forConn[] = {
    {"--protocol", "PROTOCOL", "tcp, udp or sctp", Offers::protocol, "-p"},
    {"--client", "ADDR[/LEN][:PORT]", "connections of these clients", Offers::nothing, "-c"},
    {"--service", "ADDR[:PORT]", "connections to this virtual address", Offers::nothing, "-s"},
    {"--dest", "ADDR[:PORT]", "connections to this destination", Offers::nothing, "-d"},
    {"--state", "STATE", "established, time-wait, ... (see the manual)", Offers::state},
    {"--method", "METHOD", "nat, direct, tunnel or bypass", Offers::connMethod, "-m"},
    {"--templates", "both|none|only", "which of connections and templates", Offers::templates},
};

// Reads the value of @option, if it was given, into @into.
template <typename T, typename Parse>
Result<void> take(const Arguments &arguments, std::string_view option, std::optional<T> &into,
                  const Parse &parse)
{
    const auto *word = arguments.find(option);
    if (word == nullptr)
        return {};
    auto value = at(*word, parse(std::string_view(word->text)));
    if (!value)
        return value.error();
    into = std::move(*value);
    return {};
}

Result<bool> parseOnOff(std::string_view text)
{
    if (text == "on" || text == "off")
        return text == "on";
    return Error{.what = fmt::format("'{}' is neither on nor off", text),
                 .hint = suggest(text, onOffNames)};
}

auto parseUpTo(std::uint32_t most)
{
    return [most](std::string_view text) -> Result<std::uint32_t> {
        const auto number = parseNumber(text, 0, most);
        if (!number)
            return number.error();
        return static_cast<std::uint32_t>(*number);
    };
}

Result<std::string> parseScheduler(std::string_view text)
{
    // Which ones there are, the module knows; it has no room for a longer name.
    if (text.empty() || text.size() > LB_SCHED_NAME_MAX)
        return Error{.what = fmt::format("'{}' is not a scheduler", text)};
    return std::string(text);
}

// "fallback,port" or "none".
Result<std::uint32_t> parseSchedulerFlags(std::string_view text)
{
    const auto names = netlink::schedulerFlagNames();
    std::uint32_t flags = 0;

    if (text == "none")
        return flags;
    for (;;) {
        const auto stop = std::min(text.find(','), text.size());
        const auto name = text.substr(0, stop);
        const auto found = std::ranges::find(names, name);
        if (found == names.end())
            return Error{.what = fmt::format("'{}' is not a flag of a scheduler", name),
                         .hint = suggest(name, names)};
        flags |= 1U << (found - names.begin());
        if (stop == text.size())
            return flags;
        text.remove_prefix(stop + 1);
    }
}

// "1400", "auto" or "off".
Result<std::uint16_t> parseMssClamp(std::string_view text)
{
    if (text == "off")
        return std::uint16_t{0};
    if (text == "auto")
        return std::uint16_t{LB_MSS_CLAMP_AUTO};
    const auto number = parseNumber(text, 1, LB_MSS_CLAMP_AUTO - 1);
    if (!number)
        return Error{.what = "an MSS clamp is off, auto, or a number: " + number.error().what};
    return static_cast<std::uint16_t>(*number);
}

// "established=8h,fin-wait=30s" or "none".
Result<netlink::Timeouts> parseTimeouts(std::string_view text)
{
    netlink::Timeouts timeouts;

    if (text == "none")
        return timeouts;
    for (;;) {
        const auto item = text.substr(0, text.find(','));
        const auto equals = std::min(item.find('='), item.size());
        const auto state = item.substr(0, equals);
        const auto type = netlink::timeoutOf(state);
        if (!type)
            return Error{.what = fmt::format("'{}' is not a state", state),
                         .hint = suggest(state, netlink::stateNames())};
        if (equals == item.size())
            return Error{.what = fmt::format("the time of {} is missing", state),
                         .hint = fmt::format("{}=30s, for example", state)};
        const auto seconds = parseDuration(item.substr(equals + 1), 1, LB_TIMEOUT_MAX);
        if (!seconds)
            return seconds.error();
        if (!timeouts.emplace(*type, *seconds).second)
            return Error{.what = fmt::format("{} is given twice", state)};
        if (item.size() == text.size())
            return timeouts;
        text.remove_prefix(item.size() + 1);
    }
}

Result<Port> parseTunnelPort(std::string_view text)
{
    // 0 for none, as restore says it when another type of tunnel has none.
    return text == "0" ? Result<Port>(Port{}) : Port::parse(text);
}

// As nft and ip write marks, too: 0x10.
Result<std::uint32_t> parseFwmark(std::string_view text)
{
    std::uint32_t value = 0;
    const char *end = text.data() + text.size();

    if (text.starts_with("0x") || text.starts_with("0X")) {
        const auto [stop, failure] = std::from_chars(text.data() + 2, end, value, 16);
        if (failure == std::errc{} && stop == end && value != 0)
            return value;
        return Error{.what = fmt::format("'{}' is not a firewall mark", text),
                     .hint = "from 0x1 to 0xffffffff"};
    }
    const auto number = parseNumber(text, 1, UINT32_MAX);
    if (!number)
        return Error{.what = "firewall mark " + number.error().what, .hint = number.error().hint};
    return static_cast<std::uint32_t>(*number);
}

// The first word of a service that is not named by a mark.
Result<Protocol> parseServiceWord(std::string_view text)
{
    auto protocol = parseProtocol(text);
    if (protocol)
        return protocol;
    return Error{.what = protocol.error().what, .hint = suggest(text, serviceWords())};
}

// Which of @names, by number.
Result<std::uint8_t> parseName(std::string_view text, std::span<const std::string_view> names,
                               std::string_view complaint)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end())
        return Error{.what = fmt::format("'{}' {}", text, complaint), .hint = suggest(text, names)};
    return static_cast<std::uint8_t>(found - names.begin());
}

Result<std::uint8_t> parseState(std::string_view text)
{
    return parseName(text, netlink::stateNames(), "is not a state");
}

Result<std::uint8_t> parseTemplates(std::string_view text)
{
    return parseName(text, netlink::templatesNames(), "is neither both, none nor only");
}

Result<std::uint8_t> parsePersistEngine(std::string_view text)
{
    return parseName(text, netlink::persistEngineNames(), "is no persistence engine");
}

Result<std::uint8_t> parseDrainEnd(std::string_view text)
{
    return parseName(text, netlink::drainEndNames(), "is neither keep, reset nor reschedule");
}

Result<std::uint8_t> parseOrphans(std::string_view text)
{
    return parseName(text, netlink::orphansNames(),
                     "is neither default, drop, reset nor reschedule");
}

Result<std::uint32_t> parsePersist(std::string_view text)
{
    const auto number = parseNumber(text, 0, LB_TIMEOUT_MAX);
    if (!number)
        return number.error();
    return static_cast<std::uint32_t>(*number);
}

Result<std::uint8_t> parsePersistPrefix(std::string_view text)
{
    const auto number = parseNumber(text, 0, 128);
    if (!number)
        return number.error();
    return static_cast<std::uint8_t>(*number);
}

} // namespace

std::span<const std::string_view> serviceWords()
{
    static const auto words = [] {
        std::vector<std::string_view> all(protocolNames.begin(), protocolNames.end());
        for (const auto family : {Family::inet, Family::inet6})
            all.push_back(firstWord(ServiceKey::ofFwmark(family, 1)));
        return all;
    }();
    return words;
}

std::span<const Option> destOptions()
{
    return forDest;
}

std::span<const Option> serviceOptions()
{
    return forService;
}

std::span<const Option> connOptions()
{
    return forConn;
}

Result<ServiceKey> readService(const Arguments &arguments, const WordReaders &readers)
{
    for (const auto family : {Family::inet, Family::inet6})
        if (arguments[0].text == firstWord(ServiceKey::ofFwmark(family, 1))) {
            const auto fwmark = at(arguments[1], parseFwmark(arguments[1].text));
            if (!fwmark)
                return fwmark.error();
            return ServiceKey::ofFwmark(family, *fwmark);
        }
    const auto protocol = at(arguments[0], parseServiceWord(arguments[0].text));
    if (!protocol)
        return protocol.error();
    const auto &address = arguments[1];
    const auto target = at(address, Target::parse(address.text, readers));
    if (!target)
        return target.error();
    if (!target->port)
        return at(address, Result<ServiceKey>(Endpoint::parse(toString(target->ip)).error()));
    return ServiceKey{*protocol, {target->ip, *target->port}};
}

Result<std::optional<ServiceKey>> readServiceIfGiven(const Arguments &arguments,
                                                     const WordReaders &readers)
{
    if (arguments.count() == 0)
        return std::optional<ServiceKey>();
    if (arguments.count() == 1)
        return Error{.what = fmt::format("ADDR:PORT is missing after '{}'", arguments[0].text),
                     .hint = "usage: " + usage(arguments.command()),
                     .column = arguments.end()};
    const auto key = readService(arguments, readers);
    if (!key)
        return key.error();
    return std::optional(*key);
}

Result<ServiceSpec> readServiceSpec(const Arguments &arguments, const WordReaders &readers)
{
    const auto key = readService(arguments, readers);
    if (!key)
        return key.error();
    ServiceSpec spec{.key = *key};
    for (const auto &done :
         {take(arguments, "--scheduler", spec.scheduler, parseScheduler),
          take(arguments, "--scheduler-flags", spec.schedulerFlags, parseSchedulerFlags),
          take(arguments, "--one-packet", spec.onePacket, parseOnOff),
          take(arguments, "--mss-clamp", spec.mssClamp, parseMssClamp),
          take(arguments, "--persist", spec.persistTimeout, parsePersist),
          take(arguments, "--persist-prefix", spec.persistPrefix, parsePersistPrefix),
          take(arguments, "--persist-engine", spec.persistEngine, parsePersistEngine),
          take(arguments, "--timeout", spec.timeouts, parseTimeouts),
          take(arguments, "--slow-start", spec.slowStart, parseUpTo(LB_SLOW_START_MAX)),
          take(arguments, "--orphans", spec.orphans, parseOrphans)})
        if (!done)
            return done.error();
    return spec;
}

Result<DestSpec> readDestSpec(const Arguments &arguments, const WordReaders &readers)
{
    const auto service = readService(arguments, readers);
    if (!service)
        return service.error();
    const auto target = at(arguments[2], Target::parse(arguments[2].text, readers));
    if (!target)
        return target.error();

    DestSpec spec{.service = *service,
                  .endpoint = {target->ip, target->port.value_or(service->endpoint.port)}};
    for (const auto &done :
         {take(arguments, "--method", spec.method, parseMethod),
          take(arguments, "--weight", spec.weight, Weight::parse),
          take(arguments, "--drain", spec.drain, parseOnOff),
          take(arguments, "--tunnel-type", spec.tunnelType, parseTunnelType),
          take(arguments, "--tunnel-port", spec.tunnelPort, parseTunnelPort),
          take(arguments, "--tunnel-checksum", spec.tunnelChecksum, parseTunnelChecksum),
          take(arguments, "--upper", spec.upper, parseUpTo(LB_CONNS_MAX)),
          take(arguments, "--lower", spec.lower, parseUpTo(LB_CONNS_MAX)),
          take(arguments, "--deadline", spec.deadline, parseUpTo(LB_TIMEOUT_MAX)),
          take(arguments, "--then", spec.drainEnd, parseDrainEnd)})
        if (!done)
            return done.error();
    return spec;
}

Result<netlink::ConnectionFilter> readFilter(const Arguments &arguments, const WordReaders &readers)
{
    const auto target = [&](std::string_view text) { return Target::parse(text, readers); };
    netlink::ConnectionFilter filter;

    for (const auto &done : {take(arguments, "--protocol", filter.protocol, parseProtocol),
                             take(arguments, "--client", filter.client, Pattern::parse),
                             take(arguments, "--service", filter.service, target),
                             take(arguments, "--dest", filter.dest, target),
                             take(arguments, "--method", filter.method, parseConnMethod),
                             take(arguments, "--state", filter.state, parseState),
                             take(arguments, "--templates", filter.templates, parseTemplates)})
        if (!done)
            return done.error();
    if (filter.client && filter.service &&
        filter.client->prefix.ip.family() != filter.service->ip.family())
        return Error{.what = "client and service are of different address families",
                     .column = arguments.find("--service")->column};
    return filter;
}

Result<netlink::Settings> readSettings(const Arguments &arguments)
{
    netlink::Settings settings;

    for (std::size_t i = 0; i < arguments.count(); i += 2) {
        const auto &name = arguments[i];
        const auto *setting = netlink::findSetting(name.text);
        if (setting == nullptr)
            return Error{.what = fmt::format("'{}' is not a setting", name.text),
                         .hint = suggest(name.text, netlink::settingNames()),
                         .column = name.column};
        if (i + 1 == arguments.count())
            return Error{.what = fmt::format("the value of {} is missing", name.text),
                         .hint = "usage: " + usage(arguments.command()),
                         .column = arguments.end()};

        const auto value = readNumber(arguments[i + 1], setting->min, setting->max);
        if (!value)
            return value.error();
        if (!settings.values.emplace(setting->type, static_cast<std::uint32_t>(*value)).second)
            return Error{.what = fmt::format("{} is given twice", name.text),
                         .column = name.column};
    }
    if (settings.values.empty())
        return Error{.what = "NAME VALUE is missing",
                     .hint = "usage: " + usage(arguments.command()),
                     .column = arguments.end()};
    return settings;
}

Result<std::uint64_t> readNumber(const Word &word, std::uint64_t min, std::uint64_t max)
{
    return at(word, parseNumber(word.text, min, max));
}

const Word *wordOf(const Arguments &arguments, std::string_view name)
{
    const auto positional = [&](std::size_t i) {
        return i < arguments.count() ? &arguments[i] : nullptr;
    };
    const auto object = arguments.command().name.substr(0, arguments.command().name.find(' '));

    if (name == netlink::serviceSet[LB_A_SERVICE_SCHED_FLAGS])
        return arguments.find("--scheduler-flags");
    if (name == netlink::serviceSet[LB_A_SERVICE_PERSIST_TIMEOUT])
        return arguments.find("--persist");
    if (name.starts_with(netlink::serviceSet[LB_A_SERVICE_TIMEOUTS]))
        return arguments.find("--timeout");
    if (const auto *value = arguments.find(fmt::format("--{}", name)))
        return value;
    if (name.starts_with("key") || name.starts_with("service"))
        return positional(name.ends_with(".protocol") ? 0 : 1);
    if (object == "dest" && (name == "addr" || name == "port" || name == "family"))
        return positional(2);
    if (object == "conn")
        for (const auto &[prefix, option] :
             {std::pair{"client", "--client"}, {"virtual", "--service"}, {"dest", "--dest"}})
            if (name.starts_with(prefix))
                return arguments.find(option);
    if (object == "settings")
        for (std::size_t i = 0; i + 1 < arguments.count(); i += 2)
            if (arguments[i].text == name)
                return &arguments[i + 1];
    return nullptr;
}

} // namespace lb::lbctl
