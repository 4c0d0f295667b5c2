// SPDX-License-Identifier: GPL-2.0
#include "names.hpp"

#include <fmt/core.h>

namespace lb::notify {

namespace {

std::string_view word(State state)
{
    return state == State::up ? "UP" : "DOWN";
}

// As check_virtual_server.cpp: what says nothing is UDP, and a firewall mark has none.
std::string_view protocolOf(const config::VirtualServer &server)
{
    return std::holds_alternative<config::Mark>(server.name)
               ? "none"
               : toString(server.protocol.value_or(Protocol::udp));
}

std::string show(const Ip &ip, std::string_view protocol, Port port)
{
    return fmt::format("[{}]:{}:{}", toString(ip), protocol, port.value);
}

} // namespace

std::string showVirtual(const config::VirtualServer &server)
{
    if (const auto *mark = std::get_if<config::Mark>(&server.name))
        return fmt::format("FWM {}", mark->value);
    if (const auto *group = std::get_if<config::GroupName>(&server.name))
        return fmt::format("[{}]:0", group->value);
    const auto &endpoint = std::get<Endpoint>(server.name);
    return show(endpoint.ip, protocolOf(server), endpoint.port);
}

std::string showReal(const config::VirtualServer &server, const config::RealServer &real)
{
    if (std::holds_alternative<config::Mark>(server.name))
        return show(real.ip, protocolOf(server), {});
    auto port = real.port;
    if (const auto *endpoint = std::get_if<Endpoint>(&server.name); endpoint && port.value == 0)
        port = endpoint->port;
    return show(real.ip, protocolOf(server), port);
}

std::string virtualLine(const config::VirtualServer &server, State state)
{
    return fmt::format("VS {} {}\n", showVirtual(server), word(state));
}

std::string realLine(const config::VirtualServer &server, const config::RealServer &real,
                     State state)
{
    return fmt::format("RS {} {} {}\n", showReal(server, real), showVirtual(server), word(state));
}

std::string virtualSubject(const std::string &routerId, const config::VirtualServer &server,
                           State state)
{
    return fmt::format("[{}] Virtualserver {} - {}", routerId, showVirtual(server), word(state));
}

std::string realSubject(const std::string &routerId, const config::VirtualServer &server,
                        const config::RealServer &real, State state)
{
    return fmt::format("[{}] Realserver {} of virtual server {} - {}", routerId,
                       showReal(server, real), showVirtual(server), word(state));
}

} // namespace lb::notify
