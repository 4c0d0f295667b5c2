// SPDX-License-Identifier: GPL-2.0
// The probes but for HTTP_GET and SSL_GET.
#include "probe_keywords.hpp"

#include <charconv>

namespace lb::config {

namespace {

// --- TCP_CHECK, PING_CHECK

template <typename P>
void takeSimple(std::vector<Probe> &into, Arguments &arguments)
{
    P probe{};
    takeBlock<P, Target, Timing>(probe, arguments.statement().block, arguments.report(),
                                 targetKeywords(), probeTimingKeywords());
    into.emplace_back(std::move(probe));
}

// --- SMTP_CHECK

void takeHost(SmtpProbe &probe, Arguments &arguments)
{
    Target host{};
    takeBlock<Target, Target, Timing>(host, arguments.statement().block, arguments.report(),
                                      targetKeywords(), probeTimingKeywords());
    probe.hosts.push_back(std::move(host));
}

constexpr Keyword<SmtpProbe> smtpKeywords[] = {
    {"helo_name", text<&SmtpProbe::helloName>},
    {"host", takeHost, Shape::block},
};

// --- DNS_CHECK

constexpr std::string_view dnsTypes[] = {"A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA"};
constexpr DnsType dnsTypeValues[] = {DnsType::a,  DnsType::ns,  DnsType::cname, DnsType::soa,
                                     DnsType::mx, DnsType::txt, DnsType::aaaa};

void takeDnsType(DnsProbe &probe, Arguments &arguments)
{
    if (const auto type = arguments.choice("a type of DNS record", dnsTypes, true))
        probe.type = dnsTypeValues[*type];
}

// RFC 1035, 2.3.4: labels of 1 to 63 bytes, 255 in all with their lengths.
std::string_view wrongWithName(std::string_view name)
{
    constexpr std::size_t longestLabel = 63, longestName = 253;

    if (name == ".")
        return {};
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.size() > longestName)
        return "is longer than 253 bytes";
    while (true) {
        const auto dot = name.find('.');
        const auto label = name.substr(0, dot);
        if (label.empty())
            return "has an empty label";
        if (label.size() > longestLabel)
            return "has a label of more than 63 bytes";
        if (dot == std::string_view::npos)
            return {};
        name.remove_prefix(dot + 1);
    }
}

void takeDnsName(DnsProbe &probe, Arguments &arguments)
{
    const auto *word = arguments.word("a domain name");
    if (!word)
        return;
    const auto wrong = wrongWithName(word->text);
    if (wrong.empty())
        probe.name = word->text;
    else
        arguments.refuse(*word, fmt::format("'{}' {}", word->text, wrong), "RFC 1035, 2.3.4");
}

constexpr Keyword<DnsProbe> dnsKeywords[] = {
    {"type", takeDnsType},
    {"name", takeDnsName},
};

// --- UDP_CHECK

// Digits in pairs; a digit that stands alone before a blank is a byte. X for any four bits.
std::optional<HexPattern> takeHex(Arguments &arguments, bool wildcards)
{
    constexpr std::uint8_t nibble = 4, all = 0xf;
    HexPattern pattern;

    while (arguments.more()) {
        const auto *word = arguments.word("hexadecimal digits");
        std::string_view text = word->text;
        while (!text.empty()) {
            std::uint8_t byte = 0, mask = 0;
            for (const char digit : text.substr(0, 2)) {
                std::uint8_t value = 0;
                const bool any = wildcards && (digit == 'x' || digit == 'X');
                if (!any && std::from_chars(&digit, &digit + 1, value, 16).ec != std::errc()) {
                    arguments.refuse(*word, fmt::format("'{}' is not hexadecimal", word->text),
                                     wildcards ? "digits 0-9 and a-f, or x for any"
                                               : "digits 0-9 and a-f");
                    return {};
                }
                byte = static_cast<std::uint8_t>(byte << nibble | value);
                mask = static_cast<std::uint8_t>(mask << nibble | (any ? 0 : all));
            }
            // A single digit is the low one; the high one has to be 0.
            if (text.size() == 1)
                mask |= all << nibble;
            pattern.bytes.push_back(byte);
            pattern.mask.push_back(mask);
            text.remove_prefix(std::min<std::size_t>(text.size(), 2));
        }
    }
    return pattern;
}

void takePayload(UdpProbe &probe, Arguments &arguments)
{
    if (!arguments.more()) {
        arguments.word("hexadecimal digits");
        return;
    }
    if (auto hex = takeHex(arguments, false))
        probe.payload = std::move(hex->bytes);
}

void takeReply(UdpProbe &probe, Arguments &arguments)
{
    probe.requireReply = true;
    if (auto hex = takeHex(arguments, true))
        probe.reply = std::move(*hex);
}

constexpr Keyword<UdpProbe> udpKeywords[] = {
    {"payload", takePayload},
    {"require_reply", takeReply},
    {"min_reply_length", number<&UdpProbe::minReplyLength>},
    {"max_reply_length", number<&UdpProbe::maxReplyLength>},
};

// --- MISC_CHECK

void takePath(MiscProbe &probe, Arguments &arguments)
{
    const auto *word = arguments.word("a program to run");
    if (!word)
        return;
    probe.script.words = splitCommand(word->text);
    probe.script.where = Where(*word);
}

void takeUser(MiscProbe &probe, Arguments &arguments)
{
    if (const auto *user = arguments.word("a user"))
        probe.script.user = user->text;
    if (arguments.more())
        probe.script.group = arguments.word("a group")->text;
}

void takeMiscTimeout(MiscProbe &probe, Arguments &arguments)
{
    constexpr std::uint64_t most = UINT32_MAX / std::uint64_t{1'000'000};
    if (const auto seconds = arguments.number("whole seconds", 0, most))
        probe.timeout = std::chrono::seconds(*seconds);
}

constexpr Keyword<MiscProbe> miscKeywords[] = {
    {"misc_path", takePath},
    {"misc_timeout", takeMiscTimeout},
    {"misc_dynamic", flag<&MiscProbe::dynamic>},
    {"user", takeUser},
};

// --- GRPC_CHECK

constexpr Keyword<GrpcProbe> grpcKeywords[] = {
    {"service", text<&GrpcProbe::service>},
    {"tls", boolean<&GrpcProbe::tls>},
    {"virtualhost", text<&GrpcProbe::virtualHost>},
};

// --- FILE_CHECK, BFD_CHECK

void takeFileWeight(FileProbe &probe, Arguments &arguments)
{
    if (const auto weight = arguments.integer("a multiplier", -INT32_MAX, INT32_MAX))
        probe.weight = *weight;
    probe.reverse = arguments.take("reverse");
}

constexpr Keyword<FileProbe> fileKeywords[] = {
    {"track_file", text<&FileProbe::trackFile>},
    {"weight", takeFileWeight},
    {"dynamic", flag<&FileProbe::dynamic>},
};

constexpr Keyword<BfdProbe> bfdKeywords[] = {
    {"name", text<&BfdProbe::name>},
};

} // namespace

void takeTcpProbe(std::vector<Probe> &into, Arguments &arguments)
{
    takeSimple<TcpProbe>(into, arguments);
}

void takePingProbe(std::vector<Probe> &into, Arguments &arguments)
{
    takeSimple<PingProbe>(into, arguments);
}

void takeSmtpProbe(std::vector<Probe> &into, Arguments &arguments)
{
    SmtpProbe probe{};
    takeBlock<SmtpProbe, SmtpProbe, Target, Timing>(probe, arguments.statement().block,
                                                    arguments.report(), smtpKeywords,
                                                    targetKeywords(), probeTimingKeywords());
    into.emplace_back(std::move(probe));
}

void takeDnsProbe(std::vector<Probe> &into, Arguments &arguments)
{
    DnsProbe probe{};
    takeBlock<DnsProbe, DnsProbe, Target, Timing>(probe, arguments.statement().block,
                                                  arguments.report(), dnsKeywords, targetKeywords(),
                                                  probeTimingKeywords());
    into.emplace_back(std::move(probe));
}

void takeUdpProbe(std::vector<Probe> &into, Arguments &arguments)
{
    UdpProbe probe{};
    takeBlock<UdpProbe, UdpProbe, Target, Timing>(probe, arguments.statement().block,
                                                  arguments.report(), udpKeywords, targetKeywords(),
                                                  probeTimingKeywords());
    if (probe.minReplyLength > probe.maxReplyLength)
        arguments.refuse(arguments.keyword(),
                         fmt::format("min_reply_length {} is above max_reply_length {}: it would "
                                     "always fail",
                                     probe.minReplyLength, probe.maxReplyLength));
    into.emplace_back(std::move(probe));
}

void takeMiscProbe(std::vector<Probe> &into, Arguments &arguments)
{
    MiscProbe probe{};
    takeBlock<MiscProbe, MiscProbe, Timing>(probe, arguments.statement().block, arguments.report(),
                                            miscKeywords, probeTimingKeywords());
    if (probe.script.words.empty())
        arguments.refuse(arguments.keyword(), "this MISC_CHECK runs nothing",
                         "misc_path \"/path/of/program ARGUMENT...\"");
    else
        into.emplace_back(std::move(probe));
}

void takeGrpcProbe(std::vector<Probe> &into, Arguments &arguments)
{
    GrpcProbe probe{};
    takeBlock<GrpcProbe, GrpcProbe, Target, Secure, Timing>(
        probe, arguments.statement().block, arguments.report(), grpcKeywords, targetKeywords(),
        secureKeywords(), probeTimingKeywords());
    into.emplace_back(std::move(probe));
}

void takeFileProbe(std::vector<Probe> &into, Arguments &arguments)
{
    FileProbe probe{.where = Where(arguments.keyword())};
    takeBlock<FileProbe, FileProbe>(probe, arguments.statement().block, arguments.report(),
                                    fileKeywords);
    if (probe.trackFile.empty())
        arguments.refuse(arguments.keyword(), "this FILE_CHECK has no track_file");
    else
        into.emplace_back(std::move(probe));
}

void takeBfdProbe(std::vector<Probe> &into, Arguments &arguments)
{
    BfdProbe probe{.where = Where(arguments.keyword())};
    takeBlock<BfdProbe, BfdProbe>(probe, arguments.statement().block, arguments.report(),
                                  bfdKeywords);
    if (probe.name.empty())
        arguments.refuse(arguments.keyword(), "this BFD_CHECK has no name");
    else
        into.emplace_back(std::move(probe));
}

} // namespace lb::config
