// SPDX-License-Identifier: GPL-2.0
// From the words of a command to the values they mean; every error points at its word.
#pragma once

#include "../netlink/lb.hpp"
#include "grammar.hpp"

namespace lb::lbctl {

// The options that say something about a destination: of dest add, dest set and saved lines.
std::span<const Option> destOptions();
std::span<const Option> serviceOptions();
std::span<const Option> connOptions(); // the filter's

// What a service's name may begin with: tcp, udp, fwmark, fwmark6
std::span<const std::string_view> serviceWords();

// The first two words: tcp 192.0.2.1:80, fwmark 5
Result<netlink::ServiceKey> readService(const Arguments &arguments, const WordReaders &readers);
// The first two words if they are there.
Result<std::optional<netlink::ServiceKey>> readServiceIfGiven(const Arguments &arguments,
                                                              const WordReaders &readers);
Result<netlink::ServiceSpec> readServiceSpec(const Arguments &arguments,
                                             const WordReaders &readers);
// The first three words; without a port, the service's.
Result<netlink::DestSpec> readDestSpec(const Arguments &arguments, const WordReaders &readers);
Result<netlink::ConnectionFilter> readFilter(const Arguments &arguments,
                                             const WordReaders &readers);
// NAME VALUE...
Result<netlink::Settings> readSettings(const Arguments &arguments);
Result<std::uint64_t> readNumber(const Word &word, std::uint64_t min, std::uint64_t max);

// What a new destination is without being told: the defaults that --help states.
inline constexpr Method defaultMethod = Method::nat;
inline constexpr std::string_view defaultScheduler = "wlc";

// The word of @arguments that the attribute @name of a refused request came from, or nullptr.
const Word *wordOf(const Arguments &arguments, std::string_view name);

} // namespace lb::lbctl
