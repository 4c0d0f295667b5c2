// SPDX-License-Identifier: GPL-2.0
#include "grammar.hpp"

#include "names.hpp"

#include <cerrno>
#include <climits>
#include <cstdlib>

#include <arpa/inet.h>
#include <linux/lb.h>

#include <fmt/core.h>

namespace lb::ipvsadm {

namespace {

constexpr int longestTimeout = 31 * 86400;
constexpr std::size_t longestScheduler = 15;
constexpr std::size_t longestEngine = 16;
constexpr std::size_t longestInterface = 15;
constexpr std::size_t longestFlags = 127;

std::string cut(const std::string &text, std::size_t size)
{
    return text.substr(0, size);
}

Outcome<std::uint32_t> parseTimeout(const std::optional<std::string> &text, int min)
{
    if (!text)
        return defaultPersistence;
    const auto seconds = toNumber(*text, min, longestTimeout);
    if (!seconds)
        return fail(fmt::format("invalid timeout value `{}' specified", *text));
    return static_cast<std::uint32_t>(*seconds);
}

Outcome<std::uint32_t> parseFwmark(const std::string &text)
{
    char *end = nullptr;
    errno = 0;
    const long mark = std::strtol(text.c_str(), &end, 10);
    if (*end != '\0' || end == text.c_str() || errno == ERANGE || mark <= 0 || mark > UINT_MAX)
        return fail(fmt::format("invalid fwmark value `{}' specified", text));
    return static_cast<std::uint32_t>(mark);
}

Outcome<Ip> parseGroup(const std::string &text)
{
    const bool six = text.find(':') != text.npos;
    const auto ip = Ip::parse(text);
    const auto wrong = fail(fmt::format("invalid IPv{} mcast-group `{}'", six ? 6 : 4, text));
    if (!ip || (ip->family() == Family::inet6) != six)
        return wrong;
    const auto first = ip->bytes()[0];
    if (six ? first != 0xff : (first & 0xf0U) != 0xe0)
        return wrong;
    return *ip;
}

class Reader {
public:
    Reader(std::string_view program, std::span<const std::string> words)
        : program_(program), words_(words), list_(words)
    {}

    Outcome<Command> read();
    [[nodiscard]] std::optional<std::size_t> culprit() const { return culprit_; }

private:
    Outcome<void> readVerb();
    Outcome<void> readState(bool start);
    Outcome<void> readOption();
    Outcome<void> readPlain(Opt opt);
    Outcome<void> readDaemon(Opt opt);
    Outcome<void> readTunnel(Opt opt);
    Outcome<void> readService(Protocol protocol);
    Outcome<void> readServer();
    Outcome<void> readNetmask();
    Outcome<void> readRest();
    Outcome<int> number(int min, int max, std::string_view what) const;
    [[nodiscard]] const std::string &value() const { return *taken_.value; }

    std::string_view program_;
    std::span<const std::string> words_;
    Words list_;
    Words::Taken taken_{};
    Command command_{};
    std::string schedulerFlags_{};
    std::optional<std::size_t> culprit_{};
};

Outcome<int> Reader::number(int min, int max, std::string_view what) const
{
    const auto found = toNumber(value(), min, max);
    if (!found)
        return fail(fmt::format("illegal {} specified", what));
    return *found;
}

Outcome<void> Reader::readState(bool start)
{
    command_.verb = start ? Verb::startDaemon : Verb::stopDaemon;
    command_.daemon.master = value() == "master";
    if (!command_.daemon.master && value() != "backup")
        return fail(start ? "illegal start-daemon parameter specified"
                          : "illegal start_daemon specified");
    return {};
}

Outcome<void> Reader::readVerb()
{
    const Refusal help{usageStatus, tryHelp(program_)};

    if (list_.next(taken_) != Words::State::taken)
        return help;
    switch (taken_.option->tag) {
    case Tag::addService:
        command_.verb = Verb::add;
        return {};
    case Tag::editService:
        command_.verb = Verb::edit;
        return {};
    case Tag::deleteService:
        command_.verb = Verb::del;
        return {};
    case Tag::addServer:
        command_.verb = Verb::addDest;
        return {};
    case Tag::editServer:
        command_.verb = Verb::editDest;
        return {};
    case Tag::deleteServer:
        command_.verb = Verb::delDest;
        return {};
    case Tag::clear:
        command_.verb = Verb::flush;
        return {};
    case Tag::list:
        command_.verb = Verb::list;
        return {};
    case Tag::zero:
        command_.verb = Verb::zero;
        return {};
    case Tag::set:
        command_.verb = Verb::timeout;
        return {};
    case Tag::restore:
        command_.verb = Verb::restore;
        return {};
    case Tag::save:
        command_.verb = Verb::save;
        return {};
    case Tag::startDaemon:
    case Tag::stopDaemon:
        return readState(taken_.option->tag == Tag::startDaemon);
    case Tag::help:
        command_.verb = Verb::help;
        return {};
    case Tag::version:
        command_.verb = Verb::version;
        return {};
    default:
        return help;
    }
}

Outcome<void> Reader::readService(Protocol protocol)
{
    auto &service = command_.service;
    service.protocol = protocol;
    const auto found = parseHostPort(value(), protocol);
    if (!found)
        return fail("illegal virtual server address[:port] specified");
    service.family = found->ip.family();
    service.ip = found->ip;
    if (found->port)
        service.port = *found->port;
    if (service.family == Family::inet6)
        service.netmask = 128;
    return {};
}

Outcome<void> Reader::readServer()
{
    auto &dest = command_.dest;
    const auto found = parseHostPort(value(), command_.service.protocol);
    if (!found)
        return fail("illegal real server address[:port] specified");
    dest.family = found->ip.family();
    dest.ip = found->ip;
    dest.port = found->port.value_or(command_.service.port);
    return {};
}

Outcome<void> Reader::readNetmask()
{
    auto &service = command_.service;
    if (service.family == Family::inet6) {
        const int length = std::atoi(value().c_str());
        if (length < 1 || length > 128)
            return fail("illegal ipv6 netmask specified");
        service.netmask = static_cast<std::uint32_t>(length);
        return {};
    }
    const auto mask = parseHost(value());
    if (!mask)
        return fail("illegal virtual server persistent mask specified");
    service.netmask = 0;
    for (const auto byte : mask->bytes())
        service.netmask = service.netmask << 8U | byte;
    return {};
}

Outcome<void> Reader::readDaemon(Opt opt)
{
    auto &daemon = command_.daemon;
    if (opt == Opt::mcastInterface) {
        daemon.interface = cut(value(), longestInterface);
        return {};
    }
    if (opt == Opt::mcastGroup) {
        const auto group = parseGroup(value());
        if (!group)
            return group.error();
        daemon.group = *group;
        return {};
    }
    const auto found = opt == Opt::syncid      ? number(0, 255, "syncid")
                       : opt == Opt::mcastPort ? number(1, 65535, "mcast-port")
                       : opt == Opt::mcastTtl  ? number(1, 255, "mcast-ttl")
                                               : number(1, 65535 - 20 - 8, "sync-maxlen");
    if (!found)
        return found.error();
    if (opt == Opt::syncid)
        daemon.syncid = static_cast<std::uint32_t>(*found);
    else if (opt == Opt::mcastPort)
        daemon.port = static_cast<std::uint16_t>(*found);
    else if (opt == Opt::mcastTtl)
        daemon.ttl = static_cast<std::uint8_t>(*found);
    else
        daemon.maxlen = static_cast<std::uint16_t>(*found);
    return {};
}

Outcome<void> Reader::readTunnel(Opt opt)
{
    auto &dest = command_.dest;
    switch (opt) {
    case Opt::tunType:
        if (value() == "ipip")
            dest.tunnelType = TunnelType::ipip;
        else if (value() == "gue")
            dest.tunnelType = TunnelType::gue;
        else if (value() == "gre")
            dest.tunnelType = TunnelType::gre;
        else
            return fail("illegal tunnel type specified");
        return {};
    case Opt::tunPort: {
        const auto port = number(1, 65535, "tunnel port");
        if (!port)
            return port.error();
        dest.tunnelPort = static_cast<std::uint16_t>(*port);
        return {};
    }
    case Opt::tunCsum:
        dest.tunnelChecksum = TunnelChecksum::normal;
        return {};
    case Opt::tunRemcsum:
        dest.tunnelChecksum = TunnelChecksum::remote;
        return {};
    default:
        return {};
    }
}

// An option whose name says all, or whose value is text or a number.
Outcome<void> Reader::readPlain(Opt opt)
{
    auto &service = command_.service;
    auto &dest = command_.dest;

    switch (opt) {
    case Opt::scheduler:
        service.scheduler = cut(value(), longestScheduler);
        return {};
    case Opt::persistent: {
        const auto seconds = parseTimeout(taken_.value, 1);
        if (!seconds)
            return seconds.error();
        service.persistent = true;
        service.timeout = *seconds;
        return {};
    }
    case Opt::netmask:
        return readNetmask();
    case Opt::server:
        return readServer();
    case Opt::weight: {
        const auto weight = number(0, INT_MAX, "weight");
        if (!weight)
            return weight.error();
        dest.weight = *weight;
        return {};
    }
    case Opt::upper:
    case Opt::lower: {
        const auto bound = number(0, INT_MAX, opt == Opt::upper ? "u_threshold" : "l_threshold");
        if (!bound)
            return bound.error();
        (opt == Opt::upper ? dest.upper : dest.lower) = static_cast<std::uint32_t>(*bound);
        return {};
    }
    case Opt::onePacket:
        service.onePacket = true;
        return {};
    case Opt::engine:
        service.engine = cut(value(), longestEngine);
        return {};
    case Opt::schedulerFlags:
        schedulerFlags_ = cut(value(), longestFlags);
        return {};
    case Opt::mcastInterface:
    case Opt::syncid:
    case Opt::mcastGroup:
    case Opt::mcastPort:
    case Opt::mcastTtl:
    case Opt::syncMaxlen:
        return readDaemon(opt);
    default:
        return readTunnel(opt);
    }
}

Outcome<void> Reader::readOption()
{
    const auto &option = *taken_.option;
    auto &service = command_.service;

    if (option.opt != Opt::count) {
        const auto bit = static_cast<std::size_t>(option.opt);
        if (command_.given.test(bit))
            return fail(fmt::format("multiple '{}' options specified", nameOf(option.opt)));
        command_.given.set(bit);
    }
    switch (option.tag) {
    case Tag::tcp:
        return readService(Protocol::tcp);
    case Tag::udp:
        return readService(Protocol::udp);
    case Tag::sctp:
        return readService(Protocol::sctp);
    case Tag::fwmark: {
        const auto mark = parseFwmark(value());
        if (!mark)
            return mark.error();
        service.family = Family::inet;
        service.fwmark = *mark;
        return {};
    }
    case Tag::ipv6:
        if (service.fwmark == 0)
            return fail("-6 used before -f\n");
        service.family = Family::inet6;
        service.netmask = 128;
        return {};
    case Tag::nat:
        command_.dest.method = Method::nat;
        return {};
    case Tag::tunnel:
        command_.dest.method = Method::tunnel;
        return {};
    case Tag::direct:
        command_.dest.method = Method::direct;
        return {};
    case Tag::sort:
        return {};
    case Tag::plain:
        return readPlain(option.opt);
    default:
        return fail(fmt::format("invalid option `{}'", list_.last()));
    }
}

Outcome<void> Reader::readRest()
{
    const auto &rest = list_.rest();
    std::size_t used = 0;

    if (command_.verb == Verb::timeout) {
        if (rest.size() < command_.timeouts.size())
            return fail("--set option requires 3 timeout values");
        for (auto &timeout : command_.timeouts) {
            culprit_ = rest[used];
            const auto seconds = parseTimeout(words_[rest[used++]], 0);
            if (!seconds)
                return seconds.error();
            timeout = *seconds;
        }
    }
    if (used < rest.size()) {
        culprit_ = rest[used];
        return fail(fmt::format("unexpected argument {}", words_[rest[used]]));
    }
    culprit_.reset();
    return {};
}

Outcome<Command> Reader::read()
{
    if (auto verb = readVerb(); !verb) {
        if (!words_.empty())
            culprit_ = list_.lastIndex();
        return verb.error();
    }
    if (command_.verb == Verb::help || command_.verb == Verb::version)
        return command_;

    auto state = Words::State::over;
    while ((state = list_.next(taken_)) == Words::State::taken)
        if (auto read = readOption(); !read) {
            culprit_ =
                taken_.value && list_.lastIndex() > taken_.word ? taken_.word + 1 : taken_.word;
            return read.error();
        }
    if (state != Words::State::over) {
        culprit_ = list_.lastIndex();
        const auto *const why = state == Words::State::unknown ? "unknown option"
                                : state == Words::State::lacksValue
                                    ? "missing argument"
                                    : "option does not take an argument";
        return Refusal{usageStatus, fmt::format("{}: {}", list_.last(), why)};
    }
    if (auto rest = readRest(); !rest)
        return rest.error();
    if (!schedulerFlags_.empty()) {
        const auto flags = parseSchedulerFlags(command_.service.scheduler, schedulerFlags_);
        if (!flags)
            return flags.error();
        command_.service.schedulerFlags = *flags;
    }
    if (auto legal = checkOptions(command_); !legal)
        return legal.error();

    auto &service = command_.service;
    if (service.scheduler.empty())
        service.scheduler = "wlc";
    if (command_.daemon.interface.empty() && command_.verb == Verb::startDaemon)
        command_.daemon.interface = "eth0";
    // A port that is not nat's to change is the service's.
    if (command_.dest.method != Method::nat && service.fwmark == 0 &&
        (command_.verb == Verb::addDest || command_.verb == Verb::editDest))
        command_.dest.port = service.port;
    return command_;
}

} // namespace

std::optional<int> toNumber(const std::string &text, int min, int max)
{
    char *end = nullptr;
    errno = 0;
    const long number = std::strtol(text.c_str(), &end, 10);
    if (*end != '\0' || end == text.c_str() || errno == ERANGE || number < min || number > max)
        return std::nullopt;
    return static_cast<int>(number);
}

std::string tryHelp(std::string_view program)
{
    return fmt::format("Try `{} -h' or '{} --help' for more information.", program, program);
}

Outcome<std::uint32_t> parseSchedulerFlags(std::string_view scheduler, std::string_view flags)
{
    struct Flag {
        std::string_view name;
        std::string_view scheduler; // empty for any
        std::uint32_t value;
    };
    constexpr Flag known[] = {
        {"flag-1", "", LB_SCHED_FLAGS_FALLBACK},
        {"flag-2", "", LB_SCHED_FLAGS_PORT},
        {"flag-3", "", 0},
        {"sh-fallback", "sh", LB_SCHED_FLAGS_FALLBACK},
        {"sh-port", "sh", LB_SCHED_FLAGS_PORT},
        {"mh-fallback", "mh", LB_SCHED_FLAGS_FALLBACK},
        {"mh-port", "mh", LB_SCHED_FLAGS_PORT},
    };
    std::uint32_t found = 0;

    while (!flags.empty()) {
        const auto stop = std::min(flags.find(','), flags.size());
        const auto name = flags.substr(0, stop);
        flags.remove_prefix(std::min(stop + 1, flags.size()));
        if (name.empty())
            continue;
        const auto *flag = std::begin(known);
        while (flag != std::end(known) && flag->name != name)
            flag++;
        if (flag == std::end(known))
            return fail(fmt::format("invalid scheduler flag `{}'", name));
        if (!flag->scheduler.empty() && flag->scheduler != scheduler)
            return fail(fmt::format("incompatible scheduler flag `{}'", name));
        found |= flag->value;
    }
    return found;
}

Outcome<Command> parse(std::string_view program, std::span<const std::string> words,
                       std::optional<std::size_t> *culprit)
{
    Reader reader(program, words);
    auto command = reader.read();
    if (culprit != nullptr)
        *culprit = reader.culprit();
    return command;
}

} // namespace lb::ipvsadm
