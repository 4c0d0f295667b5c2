// SPDX-License-Identifier: GPL-2.0
// vrrp_instance and vrrp_sync_group.
#include "vrrp.hpp"

#include <charconv>

namespace lb::config {

namespace {

constexpr std::uint64_t second = 1'000'000; // microseconds
constexpr std::uint64_t millisecond = 1000;

// --- what is tracked

// NAME [weight NUMBER [reverse|noreverse]], a line each.
template <std::vector<Track> Tracks::*member, std::int64_t most>
void takeTracks(Tracks &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        Arguments line(statement, arguments.report());
        Track track{.name = line.keyword().text, .where = Where(line.keyword())};
        if (line.take("weight")) {
            if (const auto weight = line.integer("a weight", -most, most))
                track.weight = static_cast<std::int32_t>(*weight);
            if (line.take("reverse"))
                track.reverse = true;
            else if (line.take("noreverse"))
                track.reverse = false;
        }
        if (fits(statement, Shape::line, arguments.report()))
            line.end();
        (into.*member).push_back(std::move(track));
    }
}

constexpr std::int64_t mostWeight = 253;

constexpr Keyword<Tracks> trackKeywords[] = {
    {"track_interface", takeTracks<&Tracks::interfaces, mostWeight>, Shape::block},
    {"track_script", takeTracks<&Tracks::scripts, mostWeight>, Shape::block},
    {"track_file", takeTracks<&Tracks::files, mostWeight + 1>, Shape::block},
    {"track_process", takeTracks<&Tracks::processes, mostWeight + 1>, Shape::block},
    {"track_bfd", takeTracks<&Tracks::bfd, mostWeight>, Shape::block},
};

// --- who is told

template <Script Notify::*member>
void takeNotify(Notify &into, Arguments &arguments)
{
    if (auto script = takeScript(arguments))
        into.*member = std::move(*script);
}

void takeDeleted(Notify &into, Arguments &arguments)
{
    into.sayDeleted = true;
    if (arguments.more())
        takeNotify<&Notify::deleted>(into, arguments);
}

constexpr Keyword<Notify> notifyKeywords[] = {
    {"notify_master", takeNotify<&Notify::master>},
    {"notify_backup", takeNotify<&Notify::backup>},
    {"notify_fault", takeNotify<&Notify::fault>},
    {"notify_stop", takeNotify<&Notify::stop>},
    {"notify_deleted", takeDeleted},
    {"notify_master_rx_lower_pri", takeNotify<&Notify::masterLowerPrio>},
    {"notify", takeNotify<&Notify::any>},
    {"notify_priority_changes", boolean<&Notify::priorityChanges>},
    {"smtp_alert", boolean<&Notify::smtpAlert>},
};

// --- vrrp_instance

void takeState(VrrpInstance &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"BACKUP", "MASTER"};
    if (const auto state = arguments.choice("a state", names))
        into.startAsMaster = *state == 1;
}

void takeAdvertInterval(VrrpInstance &into, Arguments &arguments)
{
    constexpr std::uint64_t most = 255 * second;
    if (const auto interval =
            arguments.timer("an interval", Duration(10 * millisecond), Duration(most)))
        into.advertInterval = *interval;
}

void takeAuthType(VrrpInstance &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"PASS", "AH"};
    if (const auto type = arguments.choice("a type of authentication", names))
        into.authType = *type ? AuthType::ah : AuthType::pass;
}

// RFC 2338, 5.3.6.1: eight bytes.
void takeAuthPass(VrrpInstance &into, Arguments &arguments)
{
    constexpr std::size_t longest = 8;
    const auto *word = arguments.word("a password");
    if (!word)
        return;
    into.authPass = word->text.substr(0, longest);
    if (word->text.size() > longest)
        arguments.report().warning(Where(*word),
                                   "only the first eight characters of this password count");
}

constexpr Keyword<VrrpInstance> authKeywords[] = {
    {"auth_type", takeAuthType},
    {"auth_pass", takeAuthPass},
};

void takeAuthentication(VrrpInstance &into, Arguments &arguments)
{
    takeBlock<VrrpInstance, VrrpInstance>(into, arguments.statement().block, arguments.report(),
                                          authKeywords);
}

template <std::vector<Address> VrrpInstance::*member>
void takeAddresses(VrrpInstance &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        Arguments line(statement, arguments.report());
        if (auto address = takeAddress(line))
            (into.*member).push_back(std::move(*address));
    }
}

template <std::vector<RouteWords> VrrpInstance::*member>
void takeRoutes(VrrpInstance &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        RouteWords route{.where = Where(statement.words.front())};
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        for (const auto &word : statement.words)
            route.words.push_back(word.text);
        (into.*member).push_back(std::move(route));
    }
}

void takePeers(VrrpInstance &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        Arguments line(statement, arguments.report());
        UnicastPeer peer{.where = Where(line.keyword())};
        const auto ip = Ip::parse(line.keyword().text);
        if (!ip) {
            line.refuse(line.keyword(),
                        fmt::format("'{}' is no peer's address", line.keyword().text));
            continue;
        }
        peer.ip = *ip;
        while (line.more()) {
            const bool least = line.take("min_ttl");
            if (!least && !line.take("max_ttl")) {
                const auto *word = line.word("an option");
                line.refuse(*word, fmt::format("'{}' is no option of a peer", word->text),
                            "min_ttl or max_ttl");
                continue;
            }
            if (const auto ttl = line.number("a TTL", 0, UINT8_MAX))
                (least ? peer.minTtl : peer.maxTtl) = static_cast<std::uint8_t>(*ttl);
        }
        into.peers.push_back(peer);
    }
}

bool isMac(std::string_view text)
{
    return text.find(':') != std::string_view::npos;
}

std::optional<std::vector<std::uint8_t>> parseMac(std::string_view text)
{
    std::vector<std::uint8_t> octets;
    while (true) {
        std::uint8_t octet = 0;
        const auto part = text.substr(0, text.find(':'));
        const auto [end, error] =
            std::from_chars(part.data(), part.data() + part.size(), octet, 16);
        if (error != std::errc() || end != part.data() + part.size())
            return {};
        octets.push_back(octet);
        if (part.size() == text.size())
            return octets;
        text.remove_prefix(part.size() + 1);
    }
}

// [INTERFACE] [MAC], the latter of six octets, or of five that the router's id completes.
void takeVmac(VrrpInstance &into, Arguments &arguments)
{
    constexpr std::size_t longestName = 15, octets = 6;
    Vmac vmac;
    while (arguments.more()) {
        const auto *word = arguments.word("an interface or MAC address");
        if (!isMac(word->text)) {
            if (word->text.size() > longestName || !vmac.interface.empty())
                arguments.refuse(*word, fmt::format("'{}' is no name for an interface", word->text),
                                 "at most 15 characters");
            vmac.interface = word->text;
            continue;
        }
        const auto mac = parseMac(word->text);
        if (!mac || mac->size() > octets || mac->size() < octets - 1) {
            arguments.refuse(*word, fmt::format("'{}' is no MAC address", word->text));
            continue;
        }
        vmac.mac.emplace();
        std::ranges::copy(*mac, vmac.mac->begin());
        vmac.macEndsWithId = mac->size() < octets;
    }
    into.vmac = std::move(vmac);
}

void takeIpvlan(VrrpInstance &into, Arguments &arguments)
{
    into.useIpvlan = true;
    while (arguments.more())
        into.ipvlan.push_back(arguments.word("a word")->text);
}

void takeVersion(VrrpInstance &into, Arguments &arguments)
{
    constexpr int least = 2, most = 3;
    if (const auto version = arguments.integer("a version of VRRP", least, most))
        into.version = static_cast<int>(*version);
}

template <bool yes>
void takeAccept(VrrpInstance &into, Arguments & /*arguments*/)
{
    into.accept = yes;
}

void takePreempt(VrrpInstance &into, Arguments & /*arguments*/)
{
    into.noPreempt = false;
}

void takeGarpExtra(VrrpInstance &into, Arguments &arguments)
{
    constexpr std::uint64_t most = 86400;
    into.garpExtraAll = arguments.take("all");
    if (const auto seconds = arguments.number("a time in seconds", 0, most))
        into.garpExtraInterface = static_cast<std::uint32_t>(*seconds);
}

void takeOldSync(VrrpInstance & /*into*/, Arguments &arguments)
{
    arguments.word("an interface");
    arguments.report().warning(Where(arguments.keyword()),
                               "'lvs_sync_daemon_interface' is an old form",
                               "global_defs { lvs_sync_daemon INTERFACE INSTANCE }");
}

// Known, and without meaning here.
void takeIdle(VrrpInstance & /*into*/, Arguments &arguments)
{
    while (arguments.more())
        arguments.word("a word");
    arguments.report().note(
        Where(arguments.keyword()),
        fmt::format("'{}' is accepted; lbd does not need it", arguments.keyword().text));
}

constexpr Keyword<VrrpInstance> instanceKeywords[] = {
    {"state", takeState},
    {"interface", text<&VrrpInstance::interface>},
    {"vrf", text<&VrrpInstance::vrf>},
    {"virtual_router_id", number<&VrrpInstance::id, 1>},
    {"priority", number<&VrrpInstance::priority, 1>},
    {"version", takeVersion},
    {"advert_int", takeAdvertInterval},
    {"authentication", takeAuthentication, Shape::block},
    {"virtual_ipaddress", takeAddresses<&VrrpInstance::addresses>, Shape::block},
    {"virtual_ipaddress_excluded", takeAddresses<&VrrpInstance::excluded>, Shape::block},
    {"virtual_routes", takeRoutes<&VrrpInstance::routes>, Shape::block},
    {"virtual_rules", takeRoutes<&VrrpInstance::rules>, Shape::block},
    {"unicast_src_ip", ip<&VrrpInstance::source>},
    {"mcast_src_ip", ip<&VrrpInstance::source>},
    {"mcast_dst_ip", ip<&VrrpInstance::multicast>},
    {"track_src_ip", flag<&VrrpInstance::trackSource>},
    {"unicast_peer", takePeers, Shape::block},
    {"unicast_fault_no_peer", flag<&VrrpInstance::unicastFaultNoPeer>},
    {"unicast_ttl", number<&VrrpInstance::unicastTtl>},
    {"check_unicast_src", boolean<&VrrpInstance::checkUnicastSource>},
    {"accept", takeAccept<true>},
    {"no_accept", takeAccept<false>},
    {"nopreempt", flag<&VrrpInstance::noPreempt>},
    {"preempt", takePreempt},
    {"preempt_delay", timer<&VrrpInstance::preemptDelay, 0, 1000 * second>},
    {"use_vmac", takeVmac},
    {"vmac_xmit_base", flag<&VrrpInstance::vmacTransmitBase>},
    {"use_vmac_addr", flag<&VrrpInstance::vmacAddresses>},
    {"use_ipvlan", takeIpvlan},
    {"dont_track_primary", flag<&VrrpInstance::dontTrackPrimary>},
    {"promote_secondaries", flag<&VrrpInstance::promoteSecondaries>},
    {"no_virtual_ipaddress", flag<&VrrpInstance::noVirtualAddress>},
    {"strict_mode", boolean<&VrrpInstance::strict>},
    {"skip_check_adv_addr", boolean<&VrrpInstance::skipCheckAddresses>},
    {"lower_prio_no_advert", boolean<&VrrpInstance::lowerPrioNoAdvert>},
    {"higher_prio_send_advert", boolean<&VrrpInstance::higherPrioSendAdvert>},
    {"down_timer_adverts", number<&VrrpInstance::downTimerAdverts, 1, 100>},
    {"garp_master_delay", number<&VrrpInstance::garpDelay>},
    {"garp_master_repeat", number<&VrrpInstance::garpRepeat>},
    {"garp_master_refresh", number<&VrrpInstance::garpRefresh>},
    {"garp_master_refresh_repeat", number<&VrrpInstance::garpRefreshRepeat>},
    {"garp_lower_prio_delay", number<&VrrpInstance::garpLowerPrioDelay>},
    {"garp_lower_prio_repeat", number<&VrrpInstance::garpLowerPrioRepeat>},
    {"garp_extra_if", takeGarpExtra},
    {"lvs_sync_daemon_interface", takeOldSync},
    {"native_ipv6", takeIdle},
    {"linkbeat_use_polling", takeIdle},
    {"kernel_rx_buf_size", takeIdle},
    {"old_unicast_checksum", takeIdle},
    {"debug", takeIdle},
};

// --- vrrp_sync_group

void takeMembers(SyncGroup &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block)
        for (const auto &word : statement.words)
            into.members.push_back(word.text);
}

void takeOldTracking(SyncGroup & /*into*/, Arguments &arguments)
{
    arguments.report().warning(Where(arguments.keyword()), "'global_tracking' is an old form",
                               "track_interface and the like in the group");
}

constexpr Keyword<SyncGroup> groupKeywords[] = {
    {"group", takeMembers, Shape::block},
    {"sync_group_tracking_weight", flag<&SyncGroup::trackingWeight>},
    {"global_tracking", takeOldTracking},
};

template <typename T>
void add(std::vector<T> &into, Arguments &arguments, std::span<const Keyword<T>> keywords)
{
    T item{};
    const auto *name = arguments.word("a name");
    takeBlock<T, T, Tracks, Notify>(item, arguments.statement().block, arguments.report(), keywords,
                                    trackKeywords, notifyKeywords);
    if (!name)
        return;
    item.name = name->text;
    item.where = Where(*name);
    const auto other = std::ranges::find(into, item.name, &T::name);
    if (other != into.end())
        arguments.refuse(
            *name, fmt::format("there is a {} '{}' already", arguments.keyword().text, item.name),
            fmt::format("see line {}", other->where.place.line));
    else
        into.push_back(std::move(item));
}

} // namespace

void takeInstance(std::vector<VrrpInstance> &into, Arguments &arguments)
{
    add<VrrpInstance>(into, arguments, instanceKeywords);
}

void takeSyncGroup(std::vector<SyncGroup> &into, Arguments &arguments)
{
    add<SyncGroup>(into, arguments, groupKeywords);
}

} // namespace lb::config
