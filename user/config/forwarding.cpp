// SPDX-License-Identifier: GPL-2.0
// How packets get to a server: lvs_method, lb_kind, sorry_server_lvs_method.
#include "virtual_server_keywords.hpp"

namespace lb::config {

namespace {

constexpr std::string_view methods[] = {"NAT", "DR", "TUN"}; // as enum Method
constexpr std::string_view checksums[] = {"nocsum", "csum", "remcsum"};

void takeTunnel(Tunnel &tunnel, Arguments &arguments)
{
    const auto *before = &arguments.keyword();
    if (arguments.take("type")) {
        before = arguments.peek() ? arguments.peek() : before;
        if (const auto type = arguments.choice("a type of tunnel", tunnelTypeNames))
            tunnel.type = static_cast<TunnelType>(*type);
        if (arguments.take("port")) {
            const auto port = arguments.port();
            if (tunnel.type != TunnelType::gue)
                arguments.refuse(*before, fmt::format("{} has no port", toString(tunnel.type)),
                                 "only gue has one");
            else if (port)
                tunnel.port = *port;
        } else if (tunnel.type == TunnelType::gue) {
            arguments.refuse(*before, "gue needs a port", "type gue port 6080");
        }
    }
    if (!arguments.more())
        return;
    const auto *word = arguments.peek();
    const auto checksum = arguments.choice("a kind of checksum", checksums);
    if (!checksum)
        return;
    tunnel.checksum = static_cast<TunnelChecksum>(*checksum);
    if (tunnel.type == TunnelType::ipip)
        arguments.refuse(*word, "ipip has no checksum");
    else if (tunnel.type == TunnelType::gre && tunnel.checksum == TunnelChecksum::remote)
        arguments.refuse(*word, "gre has no remote checksum", "only gue has");
}

} // namespace

std::optional<Forwarding> takeForwarding(Arguments &arguments)
{
    Forwarding forwarding;
    const auto method = arguments.choice("a forwarding method", methods);
    if (!method)
        return {};
    forwarding.method = static_cast<Method>(*method);
    if (forwarding.method == Method::tunnel)
        takeTunnel(forwarding.tunnel, arguments);
    return forwarding;
}

} // namespace lb::config
