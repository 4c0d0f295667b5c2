// SPDX-License-Identifier: GPL-2.0
#include "plan.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::realserver {

namespace {

constexpr std::string_view all = "all";

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::uint8_t fullLength(const Ip &ip)
{
    constexpr unsigned bits = 8;
    return static_cast<std::uint8_t>(ip.bytes().size() * bits);
}

// Whether two steps are about the same thing, whatever becomes of it.
bool sameThing(const Step &a, const Step &b)
{
    const auto *first = std::get_if<Setting>(&a);
    const auto *second = std::get_if<Setting>(&b);
    if (first != nullptr && second != nullptr)
        return first->path == second->path;
    return a == b;
}

// As the machine is after @action.
void imagine(Machine &machine, const Action &action)
{
    const bool done = !action.undo;
    const auto find = [&](const std::string &device) {
        return std::ranges::find(machine.links, device, &Link::name);
    };
    std::visit(Overloaded{[&](const LinkUp &step) {
                              if (const auto link = find(step.device); link != machine.links.end())
                                  link->up = done;
                          },
                          [&](const AnyInside &step) {
                              if (const auto link = find(step.device); link != machine.links.end())
                                  link->onlyIpv6 = !done;
                          },
                          [&](const Receiver &step) {
                              if (!machine.receivers)
                                  machine.receivers.emplace();
                              if (done)
                                  machine.receivers->insert(step);
                              else
                                  machine.receivers->erase(step);
                          },
                          [&](const Setting &step) {
                              machine.settings[step.path] = done ? step.value : step.before;
                          },
                          [&](const Local &step) {
                              std::erase_if(machine.addresses, [&](const Address &address) {
                                  return address.device == step.device && address.ip == step.ip;
                              });
                              if (done)
                                  machine.addresses.push_back({.device = step.device,
                                                               .ip = step.ip,
                                                               .length = fullLength(step.ip),
                                                               .hostScope = true,
                                                               .deprecated = true});
                          }},
               action.step);
}

// Adds to a plan what is missing, in the order in which it is done.
class Planner {
public:
    Planner(Plan &plan, Machine machine) : plan_(plan), machine_(std::move(machine)) {}

    Result<void> add(const Wish &wish)
    {
        if (!wish.interface.empty() && machine_.link(wish.interface) == nullptr)
            return Error{.what = fmt::format("there is no interface '{}'", wish.interface),
                         .hint = "'ip link' shows those that there are"};
        for (const auto &address : machine_.addresses) {
            const auto *link = machine_.link(address.device);
            if (address.ip == wish.vip && link != nullptr && link->arp && !link->loopback)
                return Error{
                    .what = fmt::format("{} is on {}, where the LAN is told of it",
                                        toString(wish.vip), address.device),
                    .hint = fmt::format("is this the director? If not: ip address del {}/{} dev {}",
                                        toString(wish.vip), address.length, address.device)};
        }
        // Before the address: with it and without them, the LAN would be told of it.
        if (wish.vip.family() == Family::inet)
            silence(wish);
        const auto home = homeOf(wish);
        if (wish.method == Method::tunnel)
            if (auto done = receive(wish); !done)
                return done;
        if (home == "lo")
            linkUp(home);
        const bool there = std::ranges::any_of(machine_.addresses, [&](const Address &address) {
            return address.ip == wish.vip && address.device == home;
        });
        if (!there)
            act(Local{.device = home, .ip = wish.vip});
        return {};
    }

private:
    void act(const Step &step)
    {
        plan_.actions.push_back({.step = step});
        plan_.next.done.push_back(step);
        imagine(machine_, plan_.actions.back());
    }

    void set(const std::string &path, int value)
    {
        act(Setting{.path = path, .value = value, .before = machine_.setting(path)});
    }

    void linkUp(const std::string &device)
    {
        if (!machine_.link(device)->up)
            act(LinkUp{device});
    }

    // The LAN hears nothing of the address. Values that mean nothing are taken for 0 by the kernel,
    // but hide lower ones.
    void silence(const Wish &wish)
    {
        constexpr int reserved = 4; // of arp_ignore, up to 7
        constexpr int nothing = 8;
        constexpr int bestSource = 2;

        const std::string target = wish.interface.empty() ? std::string(all) : wish.interface;
        for (const auto &device : {std::string(all), target}) {
            const auto ignore = confPath(device, "arp_ignore");
            const auto announce = confPath(device, "arp_announce");
            if (machine_.setting(ignore) >= reserved && machine_.setting(ignore) != nothing)
                set(ignore, 1);
            if (machine_.setting(announce) > bestSource)
                set(announce, bestSource);
        }
        if (effective(machine_, target, "arp_ignore") == 0)
            set(confPath(target, "arp_ignore"), 1);
        if (effective(machine_, target, "arp_announce") != bestSource)
            set(confPath(target, "arp_announce"), bestSource);
    }

    Result<void> receive(const Wish &wish)
    {
        const auto device = tunnelDevice(wish);
        const auto *link = machine_.link(device);
        if (link == nullptr)
            return Error{.what =
                             fmt::format("there is no device {}, which takes packets out of the "
                                         "tunnel",
                                         device),
                         .hint = "in a network namespace: is net.core.fb_tunnels_only_for_init_net "
                                 "set?"};
        if (link->onlyIpv6 && wish.vip.family() == Family::inet)
            act(AnyInside{device});
        if (wish.vip.family() == Family::inet && effective(machine_, device, "rp_filter") == 1)
            set(confPath(device, "rp_filter"), 2);
        linkUp(device);
        const Receiver receiver{.port = wish.port, .family = wish.outer};
        if (wish.tunnel == TunnelType::gue &&
            !(machine_.receivers && machine_.receivers->contains(receiver)))
            act(receiver);
        return {};
    }

    Plan &plan_;
    Machine machine_;
};

// All that a wish may need, whatever the machine has of it.
std::vector<Step> everythingOf(const Wish &wish)
{
    std::vector<Step> steps;
    const auto home = homeOf(wish);

    if (wish.vip.family() == Family::inet)
        for (const auto &device : {std::string(all), wish.interface})
            for (const auto *name : {"arp_ignore", "arp_announce"})
                steps.emplace_back(Setting{.path = confPath(device, name)});
    if (wish.method == Method::tunnel) {
        const auto device = tunnelDevice(wish);
        steps.emplace_back(Setting{.path = confPath(device, "rp_filter")});
        steps.emplace_back(LinkUp{device});
        if (wish.vip.family() == Family::inet)
            steps.emplace_back(AnyInside{device});
        if (wish.tunnel == TunnelType::gue)
            steps.emplace_back(Receiver{.port = wish.port, .family = wish.outer});
    }
    if (home == "lo")
        steps.emplace_back(LinkUp{home});
    steps.emplace_back(Local{.device = home, .ip = wish.vip});
    return steps;
}

// What was done is still as it was left.
bool stands(const Machine &machine, const Step &step)
{
    const auto *setting = std::get_if<Setting>(&step);
    if (setting != nullptr) {
        const auto found = machine.settings.find(setting->path);
        return found != machine.settings.end() && found->second == setting->value;
    }
    if (const auto *local = std::get_if<Local>(&step))
        return std::ranges::any_of(machine.addresses, [&](const Address &address) {
            return address.ip == local->ip && address.device == local->device;
        });
    if (const auto *up = std::get_if<LinkUp>(&step))
        return machine.link(up->device) != nullptr && machine.link(up->device)->up;
    if (const auto *inside = std::get_if<AnyInside>(&step))
        return machine.link(inside->device) != nullptr && !machine.link(inside->device)->onlyIpv6;
    return machine.receivers && machine.receivers->contains(std::get<Receiver>(step));
}

} // namespace

std::string optionsOf(const Wish &wish)
{
    std::string text;
    if (wish.method == Method::tunnel)
        text += " --method tunnel";
    if (wish.outer == Family::inet6)
        text += " --outer inet6";
    if (wish.tunnel == TunnelType::gue)
        text += fmt::format(" --tunnel-type gue --tunnel-port {}", wish.port.value);
    if (!wish.interface.empty())
        text += fmt::format(" --interface {}", wish.interface);
    return text;
}

const Link *Machine::link(std::string_view name) const
{
    const auto found = std::ranges::find(links, name, &Link::name);
    return found == links.end() ? nullptr : &*found;
}

int Machine::setting(std::string_view path) const
{
    const auto found = settings.find(path);
    return found == settings.end() ? 0 : found->second;
}

std::string confPath(std::string_view device, std::string_view name)
{
    return fmt::format("net/ipv4/conf/{}/{}", device, name);
}

std::string sysctlName(std::string_view path)
{
    std::string name(path);
    // An interface with a dot in its name: sysctl takes slashes, then.
    if (name.find('.') == std::string::npos)
        std::ranges::replace(name, '/', '.');
    return name;
}

int effective(const Machine &machine, std::string_view device, std::string_view name)
{
    return std::max(machine.setting(confPath(all, name)), machine.setting(confPath(device, name)));
}

std::string toString(const Action &action)
{
    const auto gone = action.undo ? " is gone" : "";
    return std::visit(
        Overloaded{[&](const LinkUp &step) {
                       return fmt::format("{} is {}", step.device, action.undo ? "down" : "up");
                   },
                   [&](const AnyInside &step) {
                       return fmt::format("{} takes {} out", step.device,
                                          action.undo ? "IPv6 alone" : "IPv4 and IPv6");
                   },
                   [&](const Receiver &step) {
                       return fmt::format("GUE in {} on port {}{}",
                                          step.family == Family::inet ? "IPv4" : "IPv6",
                                          step.port.value, gone);
                   },
                   [&](const Setting &step) {
                       return fmt::format("{} = {}", sysctlName(step.path),
                                          action.undo ? step.before : step.value);
                   },
                   [&](const Local &step) {
                       return fmt::format("{}/{} on {}{}", toString(step.ip), fullLength(step.ip),
                                          step.device, gone);
                   }},
        action.step);
}

std::string tunnelDevice(const Wish &wish)
{
    if (wish.outer == Family::inet6)
        return "ip6tnl0";
    return wish.vip.family() == Family::inet ? "tunl0" : "sit0";
}

std::string homeOf(const Wish &wish)
{
    const bool tunnelled = wish.method == Method::tunnel && wish.vip.family() == Family::inet;
    return tunnelled ? tunnelDevice(wish) : "lo";
}

std::vector<std::string> modulesFor(const Wish &wish, const Machine &machine)
{
    std::vector<std::string> modules;
    if (wish.method != Method::tunnel)
        return modules;
    const auto device = tunnelDevice(wish);
    if (machine.link(device) == nullptr)
        modules.emplace_back(device == "tunl0" ? "ipip" : device == "sit0" ? "sit" : "ip6_tunnel");
    if (wish.tunnel == TunnelType::gue && !machine.receivers)
        modules.emplace_back("fou");
    if (wish.tunnel == TunnelType::gue && wish.outer == Family::inet6)
        modules.emplace_back("fou6");
    return modules;
}

Result<void> checkVip(const Ip &vip)
{
    constexpr std::uint8_t multicast4 = 224;
    constexpr std::uint8_t loopback4 = 127;
    constexpr std::uint8_t multicast6 = 0xff;
    constexpr std::uint8_t linkLocal6 = 0xfe;

    const auto first = vip.bytes().front();
    const bool zero = std::ranges::all_of(vip.bytes(), [](auto byte) { return byte == 0; });
    const bool bad = vip.family() == Family::inet
                         ? first >= multicast4 || first == loopback4
                         : first == multicast6 || first == linkLocal6 || vip == *Ip::parse("::1");
    if (zero || bad)
        return Error{.what = fmt::format("{} cannot be a virtual address", toString(vip)),
                     .hint = "it is one that clients send to, from elsewhere"};
    return {};
}

Result<Plan> planUp(const State &state, const Wish &wish, const Machine &machine)
{
    Plan plan{.next = state};
    Machine imagined = machine;
    const auto same = [&](const Wish &other) { return other.vip == wish.vip; };

    // Wanted in another way than before: that goes first.
    if (const auto old = std::ranges::find_if(state.wishes, same);
        old != state.wishes.end() && *old != wish) {
        auto down = planDown(state, wish.vip, machine);
        if (!down)
            return down;
        plan = std::move(*down);
        for (const auto &action : plan.actions)
            imagine(imagined, action);
    }
    Planner planner(plan, std::move(imagined));
    if (auto added = planner.add(wish); !added)
        return added.error();
    std::erase_if(plan.next.wishes, same);
    plan.next.wishes.push_back(wish);
    return plan;
}

Result<Plan> planDown(const State &state, const Ip &vip, const Machine &machine)
{
    State rest{.wishes = state.wishes};
    std::erase_if(rest.wishes, [&](const Wish &wish) { return wish.vip == vip; });

    std::vector<Step> needed;
    for (const auto &wish : rest.wishes)
        std::ranges::move(everythingOf(wish), std::back_inserter(needed));
    std::vector<Action> undo;
    Machine after = machine;
    for (auto i = state.done.size(); i-- > 0;) {
        const auto &step = state.done[i];
        const bool stays =
            std::ranges::any_of(needed, [&](const Step &other) { return sameThing(step, other); });
        if (stays) {
            rest.done.insert(rest.done.begin(), step);
        } else if (stands(after, step)) {
            undo.push_back({.step = step, .undo = true});
            imagine(after, undo.back());
        }
    }

    // Others may have relied on what goes; theirs is there before.
    Plan plan{.next = std::move(rest)};
    Planner planner(plan, std::move(after));
    for (const auto &wish : std::vector<Wish>(plan.next.wishes))
        static_cast<void>(planner.add(wish)); // whose interface has gone since needs nothing more
    std::ranges::move(undo, std::back_inserter(plan.actions));
    return plan;
}

} // namespace lb::realserver
