// SPDX-License-Identifier: GPL-2.0
// A question to a name server and the head of its answer (RFC 1035, 4.1): bytes out, bytes in.
#pragma once

#include "../config/probe.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lb::health {

// Recursion desired, class IN. @name as the configuration has it: checked.
std::vector<std::uint8_t> dnsQuery(std::uint16_t id, config::DnsType type, std::string_view name);

struct DnsAnswer {
    bool truncated = false;
    std::uint8_t code = 0; // RFC 1035, 4.1.1: 0 for no error
    std::uint16_t records = 0;
};

// Nothing when these bytes are no answer to @query: too short, another id or another question. A
// server that does not repeat the question is taken at its id.
std::optional<DnsAnswer> dnsAnswer(std::span<const std::uint8_t> bytes,
                                   std::span<const std::uint8_t> query);

std::string dnsCodeName(std::uint8_t code); // "NXDOMAIN", "code 11"

} // namespace lb::health
