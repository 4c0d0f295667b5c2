// SPDX-License-Identifier: GPL-2.0
// ADDRESS[/LENGTH] [dev INTERFACE] ...: a line of virtual_ipaddress, as ip-address(8) has its words.
#include "vrrp.hpp"

namespace lb::config {

namespace {

constexpr std::string_view scopes[] = {"site", "link", "host", "nowhere", "global"};
// Of a label or interface: IFNAMSIZ less its end.
constexpr std::size_t longestName = 15;

constexpr std::string_view words[] = {"dev",      "brd",        "broadcast",     "scope",
                                      "label",    "peer",       "home",          "-nodad",
                                      "nodad",    "mngtmpaddr", "noprefixroute", "autojoin",
                                      "no_track", "use_vmac",   "track_group",   "preferred_lft"};

void takeName(std::string &into, Arguments &arguments, std::string_view what)
{
    const auto *word = arguments.word(what);
    if (!word)
        return;
    if (word->text.size() > longestName)
        arguments.refuse(*word,
                         fmt::format("'{}' is longer than {} characters", word->text, longestName));
    else
        into = word->text;
}

void takeBroadcast(Address &address, Arguments &arguments)
{
    if (arguments.take("+"))
        address.broadcastHost = '+';
    else if (arguments.take("-"))
        address.broadcastHost = '-';
    else
        address.broadcast = arguments.ip("a broadcast address");
}

void takeLifetime(Address &address, Arguments &arguments)
{
    if (arguments.take("forever"))
        address.preferredLifetime = UINT32_MAX;
    else if (const auto seconds =
                 arguments.number("a time in seconds, or forever", 0, UINT32_MAX - 1))
        address.preferredLifetime = static_cast<std::uint32_t>(*seconds);
}

void takeOption(Address &address, Arguments &arguments)
{
    if (arguments.take("dev"))
        takeName(address.device, arguments, "an interface");
    else if (arguments.take("brd") || arguments.take("broadcast"))
        takeBroadcast(address, arguments);
    else if (arguments.take("scope")) {
        if (const auto scope = arguments.choice("a scope", scopes))
            address.scope = scopes[*scope];
    } else if (arguments.take("label"))
        takeName(address.label, arguments, "a label");
    else if (arguments.take("peer"))
        address.peer = arguments.ip("a peer's address");
    else if (arguments.take("home"))
        address.home = true;
    else if (arguments.take("-nodad") || arguments.take("nodad"))
        address.noDad = true;
    else if (arguments.take("mngtmpaddr"))
        address.managedTemporary = true;
    else if (arguments.take("noprefixroute"))
        address.noPrefixRoute = true;
    else if (arguments.take("autojoin"))
        address.autoJoin = true;
    else if (arguments.take("no_track"))
        address.noTrack = true;
    else if (arguments.take("use_vmac"))
        address.useVmac = true;
    else if (arguments.take("track_group")) {
        if (const auto *group = arguments.word("a track group"))
            address.trackGroup = group->text;
    } else if (arguments.take("preferred_lft"))
        takeLifetime(address, arguments);
    else
        arguments.choice("an option of an address", words);
}

} // namespace

std::optional<Address> takeAddress(Arguments &arguments)
{
    const auto &first = arguments.keyword();
    Address address{.where = Where(first)};
    const auto prefix = Prefix::parse(first.text);
    const auto ip = Ip::parse(first.text);
    if (ip) {
        constexpr std::uint8_t all4 = 32, all6 = 128;
        address.prefix = {*ip, ip->family() == Family::inet ? all4 : all6};
    } else if (prefix) {
        // The host's bits count: 192.0.2.1/24.
        address.prefix = {*Ip::parse(std::string_view(first.text).substr(0, first.text.find('/'))),
                          prefix->length};
    } else {
        arguments.refuse(first, fmt::format("'{}' is no address", first.text),
                         "192.0.2.1/24 dev eth0");
        return {};
    }
    while (arguments.more())
        takeOption(address, arguments);
    return address;
}

} // namespace lb::config
