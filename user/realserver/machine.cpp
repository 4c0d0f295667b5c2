// SPDX-License-Identifier: GPL-2.0
#include "machine.hpp"

#include "../base/fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace lb::realserver {

namespace {

std::string fileOf(std::string_view path)
{
    return fmt::format("/proc/sys/{}", path);
}

std::string textOf(const std::string &path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void readSetting(Machine &machine, std::string path)
{
    std::ifstream file(fileOf(path));
    int value = 0;
    if (file >> value)
        machine.settings.emplace(std::move(path), value);
}

Result<void> writeSetting(const std::string &path, int value)
{
    const Fd file(::open(fileOf(path).c_str(), O_WRONLY | O_CLOEXEC));
    const auto text = std::to_string(value);
    if (!file || ::write(file.get(), text.data(), text.size()) < 0)
        return systemError(errno, fmt::format("setting {} to {}", sysctlName(path), value));
    return {};
}

Result<unsigned> indexOf(const Machine &machine, const std::string &device)
{
    const auto *link = machine.link(device);
    if (link == nullptr)
        return Error{.what = fmt::format("there is no device {}", device)};
    return link->index;
}

// Somewhere beyond every route but the default one (RFC 5737, RFC 3849).
Ip anywhere(Family family)
{
    return *Ip::parse(family == Family::inet ? "203.0.113.1" : "2001:db8:ffff:ffff::1");
}

// "0100007F:0050": words of the machine's own byte order (a little-endian one's).
std::optional<Listener> readSocket(std::string_view text, Family family)
{
    const std::size_t digits = family == Family::inet ? 8 : 32;
    constexpr std::size_t word = 4;
    constexpr int hex = 16;
    std::vector<std::uint8_t> bytes(digits / 2);
    std::uint16_t port = 0;

    if (text.size() != digits + 5 || text[digits] != ':')
        return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); i++) {
        const auto place = i / word * word + (word - 1 - i % word);
        std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, bytes[place], hex);
    }
    std::from_chars(text.data() + digits + 1, text.data() + text.size(), port, hex);
    const auto ip = Ip::fromBytes(family, bytes);
    if (!ip)
        return std::nullopt;
    return Listener{.ip = *ip, .port = {port}};
}

} // namespace

std::vector<Listener> readListeners(std::string_view text, Family family, bool stream)
{
    // States of the kernel: TCP_LISTEN; of UDP TCP_CLOSE, which is one without a peer.
    const std::string_view wanted = stream ? "0A" : "07";
    std::vector<Listener> listeners;
    std::istringstream lines{std::string(text)};

    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        words >> number >> local >> remote >> state;
        if (state != wanted)
            continue;
        if (auto listener = readSocket(local, family)) {
            listener->stream = stream;
            listeners.push_back(*listener);
        }
    }
    return listeners;
}

Result<Machine> readMachine(Kernel &kernel, std::span<const Ip> vips)
{
    Machine machine;
    auto links = kernel.links();
    if (!links)
        return links.error();
    machine.links = std::move(*links);
    auto addresses = kernel.addresses(machine.links);
    if (!addresses)
        return addresses.error();
    machine.addresses = std::move(*addresses);
    machine.receivers = kernel.receivers();

    for (const auto *name : {"arp_ignore", "arp_announce", "rp_filter"}) {
        readSetting(machine, confPath("all", name));
        for (const auto &link : machine.links)
            readSetting(machine, confPath(link.name, name));
    }
    readSetting(machine, "net/ipv4/ip_forward");
    readSetting(machine, "net/ipv6/conf/all/forwarding");
    if (vips.empty())
        return machine;

    for (const auto &vip : vips) {
        if (std::ranges::find(machine.addresses, vip, &Address::ip) == machine.addresses.end())
            continue; // the kernel tells nothing of an address that is not here
        const auto out = kernel.linkTowards(vip, anywhere(vip.family()));
        if (!out)
            continue;
        auto &way = machine.wayBack[vip];
        for (const auto &link : machine.links)
            if (link.index == *out)
                way = link.name;
    }
    for (const auto &[name, family, stream] : {std::tuple{"tcp", Family::inet, true},
                                               {"tcp6", Family::inet6, true},
                                               {"udp", Family::inet, false},
                                               {"udp6", Family::inet6, false}})
        for (const auto &listener :
             readListeners(textOf(fmt::format("/proc/self/net/{}", name)), family, stream))
            machine.listeners.push_back(listener);
    return machine;
}

Result<void> carryOut(Kernel &kernel, const Machine &machine, const Action &action)
{
    const bool done = !action.undo;
    if (const auto *setting = std::get_if<Setting>(&action.step))
        return writeSetting(setting->path, done ? setting->value : setting->before);
    if (const auto *inside = std::get_if<AnyInside>(&action.step))
        return Kernel::setOnlyIpv6(inside->device, !done);
    if (const auto *receiver = std::get_if<Receiver>(&action.step))
        return kernel.setReceiver(*receiver, done);

    const auto *up = std::get_if<LinkUp>(&action.step);
    const auto *local = std::get_if<Local>(&action.step);
    const auto index = indexOf(machine, up != nullptr ? up->device : local->device);
    if (!index)
        return index.error();
    return up != nullptr ? kernel.setUp(*index, done) : kernel.setAddress(*index, local->ip, done);
}

void loadModule(const std::string &name)
{
    std::array<std::string, 4> words{"modprobe", "-q", "--", name};
    std::array<char *, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                               nullptr};
    pid_t child = 0;
    int status = 0;

    if (::posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) == 0)
        ::waitpid(child, &status, 0);
}

} // namespace lb::realserver
