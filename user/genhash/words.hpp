// SPDX-License-Identifier: GPL-2.0
// The command line of keepalived's genhash: what is asked for, or what is wrong with it.
#pragma once

#include "../base/endpoint.hpp"
#include "../config/probe.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lb::genhash {

struct Ask {
    std::string server{}; // an address or a name
    Port port{};
    std::string url{};
    std::optional<std::string> host{}; // virtual host
    config::HttpVersion version = config::HttpVersion::v10;
    std::chrono::seconds timeout{5};
    std::uint32_t mark = 0;
    bool tls = false;
    bool sni = false; // the virtual host is asked for when TLS begins
    bool verbose = false;
};

// An error says in its lines what is wrong, or nothing when only the usage is wanted.
Result<Ask> readWords(std::span<const std::string> words);

// @name is what the program was called by.
std::string usage(std::string_view name);

// The request, byte for byte as a probe of keepalived's sends it.
std::string requestOf(const Ask &ask);

} // namespace lb::genhash
