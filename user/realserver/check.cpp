// SPDX-License-Identifier: GPL-2.0
#include "check.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::realserver {

namespace {

constexpr int bestSource = 2; // of arp_announce

class Examiner {
public:
    Examiner(const Wish &wish, const std::optional<Port> &port, const Machine &machine)
        : wish_(wish), port_(port), machine_(machine), vip_(toString(wish.vip))
    {}

    std::vector<Finding> all()
    {
        if (!wish_.interface.empty() && machine_.link(wish_.interface) == nullptr)
            wrong("interface", fmt::format("there is no interface '{}'", wish_.interface),
                  "nothing can come in by it", "name the interface that faces the director");
        address();
        if (wish_.vip.family() == Family::inet)
            for (const auto &link : machine_.links)
                if (facesLan(link)) {
                    ignore(link.name);
                    announce(link.name);
                }
        if (wish_.method == Method::tunnel)
            tunnel();
        if (wish_.vip.family() == Family::inet)
            reversePath();
        wayBack();
        forwarding();
        listening();
        return std::move(findings_);
    }

private:
    void add(Mark mark, std::string thing, std::string what, std::string why = {},
             std::string mend = {})
    {
        findings_.push_back(
            {mark, std::move(thing), std::move(what), std::move(why), std::move(mend)});
    }
    void right(std::string thing, std::string what)
    {
        add(Mark::right, std::move(thing), std::move(what));
    }
    void note(std::string thing, std::string what, std::string why, std::string mend)
    {
        add(Mark::note, std::move(thing), std::move(what), std::move(why), std::move(mend));
    }
    void wrong(std::string thing, std::string what, std::string why, std::string mend)
    {
        add(Mark::wrong, std::move(thing), std::move(what), std::move(why), std::move(mend));
    }

    // What makes all that can be made so.
    [[nodiscard]] std::string up() const
    {
        return fmt::format("lbctl realserver up {}{}", vip_, optionsOf(wish_));
    }

    [[nodiscard]] bool facesLan(const Link &link) const
    {
        if (!wish_.interface.empty())
            return link.name == wish_.interface;
        return link.up && link.arp && !link.loopback;
    }

    [[nodiscard]] std::string values(std::string_view device, std::string_view name) const
    {
        return fmt::format("{} = {}, {} = {}", sysctlName(confPath("all", name)),
                           machine_.setting(confPath("all", name)),
                           sysctlName(confPath(device, name)),
                           machine_.setting(confPath(device, name)));
    }

    [[nodiscard]] const Address *quietAddress() const
    {
        const Address *found = nullptr;
        for (const auto &address : machine_.addresses) {
            const auto *link = machine_.link(address.device);
            if (address.ip == wish_.vip && link != nullptr && (link->loopback || !link->arp) &&
                (found == nullptr || address.device == homeOf(wish_)))
                found = &address;
        }
        return found;
    }

    void address()
    {
        for (const auto &address : machine_.addresses) {
            const auto *link = machine_.link(address.device);
            if (address.ip == wish_.vip && link != nullptr && link->arp && !link->loopback)
                wrong("address", fmt::format("{} is on {}", vip_, address.device),
                      "the LAN is told that this server has it, and sends it what the director is "
                      "to get",
                      fmt::format("ip address del {}/{} dev {}; {}", vip_, address.length,
                                  address.device, up()));
        }

        const auto *quiet = quietAddress();
        if (quiet == nullptr) {
            wrong("address", fmt::format("{} is on no interface that keeps it to itself", vip_),
                  "what the director sends here is for nobody, and dropped or forwarded", up());
            return;
        }
        const auto full = quiet->ip.bytes().size() * 8U;
        const auto where = fmt::format("{}/{} on {}", vip_, quiet->length, quiet->device);
        if (quiet->unusable)
            wrong("address", where + " is taken for a duplicate, or not yet known to be none",
                  "the kernel does not use it: the director has it too",
                  fmt::format("ip address del {} dev {}; {}", where.substr(0, where.find(' ')),
                              quiet->device, up()));
        else if (quiet->length != full)
            wrong("address", where,
                  fmt::format("every address of that network becomes this server's own: /{} is "
                              "right",
                              full),
                  fmt::format("ip address del {}/{} dev {}; {}", vip_, quiet->length, quiet->device,
                              up()));
        else if (!machine_.link(quiet->device)->up)
            wrong("address", fmt::format("{}, which is down", where),
                  "an address on it is not the machine's own",
                  fmt::format("ip link set {} up", quiet->device));
        else if (quiet->device == "lo" && wish_.vip.family() == Family::inet6 && !quiet->deprecated)
            note("address", fmt::format("{}, preferred", where),
                 "what this server asks of others may be asked in its name, and the answers go to "
                 "the director",
                 fmt::format("ip address change {} dev lo preferred_lft 0",
                             where.substr(0, where.find(' '))));
        else
            right("address", where);
    }

    void ignore(const std::string &device)
    {
        constexpr int notHost = 3; // does not answer for addresses of scope host
        constexpr int nothing = 8;

        const auto value = effective(machine_, device, "arp_ignore");
        const auto *quiet = quietAddress();
        const bool good = value == 1 || value == 2 || value == nothing ||
                          (value == notHost && (quiet == nullptr || quiet->hostScope));
        if (good)
            right("arp-ignore", fmt::format("{} does not answer who asks for {}", device, vip_));
        else
            wrong(
                "arp-ignore",
                fmt::format("{} answers who asks for {} ({}; the larger counts)", device, vip_,
                            values(device, "arp_ignore")),
                "clients' packets come straight to this server, past the director",
                fmt::format("sysctl -w {}=1",
                            sysctlName(confPath(value > notHost ? device : "all", "arp_ignore"))));
    }

    void announce(const std::string &device)
    {
        const auto value = effective(machine_, device, "arp_announce");
        if (value == bestSource)
            right("arp-announce", fmt::format("{} does not ask in the name of {}", device, vip_));
        else
            wrong("arp-announce",
                  fmt::format("{} may ask in the name of {} ({}; the larger counts)", device, vip_,
                              values(device, "arp_announce")),
                  "who is asked, as the router, notes this server as the one that has the address",
                  fmt::format("sysctl -w {}=2", sysctlName(confPath("all", "arp_announce"))));
    }

    void tunnel()
    {
        const auto device = tunnelDevice(wish_);
        const auto *link = machine_.link(device);
        if (link == nullptr)
            wrong("tunnel", fmt::format("there is no device {}", device),
                  "nothing takes packets out of the tunnel", up());
        else if (!link->up)
            wrong("tunnel", fmt::format("{} is down", device),
                  "nothing takes packets out of the tunnel",
                  fmt::format("ip link set {} up", device));
        else if (link->onlyIpv6 && wish_.vip.family() == Family::inet)
            wrong("tunnel", fmt::format("{} takes nothing but IPv6 out", device),
                  "packets to an IPv4 address are dropped",
                  fmt::format("ip -6 tunnel change {} mode any", device));
        else
            right("tunnel", fmt::format("{} takes packets out", device));
        if (wish_.tunnel != TunnelType::gue)
            return;
        const Receiver receiver{.port = wish_.port, .family = wish_.outer};
        if (machine_.receivers && machine_.receivers->contains(receiver))
            right("gue", fmt::format("GUE is received on port {}", wish_.port.value));
        else
            wrong("gue", fmt::format("no GUE is received on port {}", wish_.port.value),
                  "the director's packets are refused with port unreachable", up());
    }

    // The kernel drops a packet when an answer to its sender would leave by another device.
    void reversePath()
    {
        const auto back = machine_.wayBack.find(wish_.vip);
        const bool known = back != machine_.wayBack.end() && !back->second.empty();

        if (wish_.method == Method::tunnel) {
            const auto device = tunnelDevice(wish_);
            const auto value = effective(machine_, device, "rp_filter");
            const bool hasAddress =
                std::ranges::any_of(machine_.addresses, [&](const Address &address) {
                    return address.device == device && address.ip.family() == Family::inet;
                });
            if (machine_.link(device) == nullptr)
                return;
            if (value == 1)
                wrong("rp-filter",
                      fmt::format("{} drops clients' packets ({}; the larger counts)", device,
                                  values(device, "rp_filter")),
                      "they come in by the tunnel, and answers do not leave by it",
                      fmt::format("sysctl -w {}=2", sysctlName(confPath(device, "rp_filter"))));
            else if (value > 1 && !hasAddress)
                wrong("rp-filter",
                      fmt::format("{} drops clients' packets: it has no address", device),
                      "without one, rp_filter 2 is as strict as 1", up());
            else
                right("rp-filter", fmt::format("{} takes clients' packets", device));
            return;
        }
        for (const auto &link : machine_.links) {
            if (!facesLan(link) || wish_.interface.empty())
                continue;
            if (effective(machine_, link.name, "rp_filter") == 1 && known &&
                back->second != link.name)
                wrong("rp-filter",
                      fmt::format("{} drops clients' packets ({}; the larger counts)", link.name,
                                  values(link.name, "rp_filter")),
                      fmt::format("they come in by it, and answers leave by {}", back->second),
                      fmt::format("sysctl -w {}=2", sysctlName(confPath(link.name, "rp_filter"))));
            else
                right("rp-filter", fmt::format("{} takes clients' packets", link.name));
        }
    }

    void wayBack()
    {
        const auto back = machine_.wayBack.find(wish_.vip);
        if (back == machine_.wayBack.end())
            return; // the kernel does not tell it of an address that is not there
        if (back->second.empty())
            wrong("route", fmt::format("answers from {} have no route", vip_), "clients get none",
                  "give the server a default route to the router, not to the director");
        else
            right("route", fmt::format("answers from {} leave by {}", vip_, back->second));
    }

    void forwarding()
    {
        const auto path = wish_.vip.family() == Family::inet ? "net/ipv4/ip_forward"
                                                             : "net/ipv6/conf/all/forwarding";
        if (machine_.setting(path) == 0)
            right("forwarding", "this server does not forward");
        else
            note(
                "forwarding", fmt::format("{} = {}", sysctlName(path), machine_.setting(path)),
                "while the address is missing here, packets to it go back to the director, and "
                "round",
                fmt::format("sysctl -w {}=0, unless the server is a router too", sysctlName(path)));
    }

    void listening()
    {
        std::set<std::string> ports;
        for (const auto &listener : machine_.listeners) {
            const bool any =
                std::ranges::all_of(listener.ip.bytes(), [](auto byte) { return byte == 0; });
            // A wildcard of IPv6 takes IPv4 as well.
            const bool here =
                listener.ip == wish_.vip || (any && (listener.ip.family() == wish_.vip.family() ||
                                                     listener.ip.family() == Family::inet6));
            if (here && (!port_ || listener.port == *port_))
                ports.insert(
                    fmt::format("{} {}", listener.stream ? "tcp" : "udp", listener.port.value));
        }
        if (!ports.empty())
            right("listening", fmt::format("{} is listened on: {}", vip_, fmt::join(ports, ", ")));
        else
            wrong("listening",
                  port_ ? fmt::format("nothing listens on {}",
                                      toString(Endpoint{.ip = wish_.vip, .port = *port_}))
                        : fmt::format("nothing listens on {}", vip_),
                  "clients are refused; with these methods the port is the service's, and the "
                  "address the virtual one",
                  fmt::format("let the program listen on {}, or on all addresses", vip_));
    }

    const Wish &wish_;
    const std::optional<Port> &port_;
    const Machine &machine_;
    std::string vip_;
    std::vector<Finding> findings_{};
};

} // namespace

std::vector<Finding> examine(const Wish &wish, const std::optional<Port> &port,
                             const Machine &machine)
{
    return Examiner(wish, port, machine).all();
}

} // namespace lb::realserver
