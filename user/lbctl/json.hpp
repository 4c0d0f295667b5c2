// SPDX-License-Identifier: GPL-2.0
// Objects as JSON text. The keys are the attribute names of the spec, enumerated values their
// names there: what a program reads is what the kernel's contract says.
#pragma once

#include "../netlink/lb.hpp"

#include <span>
#include <string>
#include <vector>

namespace lb::lbctl {

std::string toJson(const netlink::ServiceKey &key);
std::string toJson(const netlink::Service &service);
std::string toJson(const netlink::Destination &dest);
std::string toJson(const netlink::Connection &conn);
std::string toJson(const netlink::Settings &settings);
std::string toJson(const netlink::Total &total);
std::string toJson(const netlink::Info &info);
std::string toJson(const netlink::SyncDaemon &daemon);
// {"sent-messages":3, ...}
std::string toJson(const std::vector<netlink::SyncCounter> &counters);
// One line: {"event":"dest-new", ...}
std::string toJson(const netlink::Event &event);
// {"count":3}, as conn-count and conn-del reply
std::string countJson(std::uint64_t count);

// Key and rates only, measured over intervalMs.
std::string ratesJson(const netlink::ServiceKey &key, const netlink::Rates &rates);
std::string ratesJson(const netlink::Destination &dest, const netlink::Rates &rates);
std::string ratesJson(const netlink::Rates &rates);

// "service-new" for LB_CMD_SERVICE_NEW_NTF
std::string_view eventName(std::uint8_t command);

// An array, one object per line.
template <typename Objects>
std::string arrayJson(const Objects &objects)
{
    std::string text = "[";
    for (const auto &object : objects) {
        text += text.size() == 1 ? "\n" : ",\n";
        text += toJson(object);
    }
    return text + "\n]";
}

} // namespace lb::lbctl
