// SPDX-License-Identifier: GPL-2.0
// The blocks of probes: TCP_CHECK, HTTP_GET, ... and the words they have in common.
#pragma once

#include "keyword.hpp"
#include "probe.hpp"

namespace lb::config {

// connect_timeout, retry, ...: of real servers and virtual servers.
std::span<const Keyword<Timing>> timingKeywords();
// And of probes, which know one more.
std::span<const Keyword<Timing>> probeTimingKeywords();
// connect_ip, bindto, ...
std::span<const Keyword<Target>> targetKeywords();
// enable_sni, ...: of probes that may speak TLS.
std::span<const Keyword<Secure>> secureKeywords();

// Each adds a probe, if its block describes one.
void takeHttpProbe(std::vector<Probe> &into, Arguments &arguments);
void takeTlsProbe(std::vector<Probe> &into, Arguments &arguments);
void takeTcpProbe(std::vector<Probe> &into, Arguments &arguments);
void takePingProbe(std::vector<Probe> &into, Arguments &arguments);
void takeSmtpProbe(std::vector<Probe> &into, Arguments &arguments);
void takeDnsProbe(std::vector<Probe> &into, Arguments &arguments);
void takeUdpProbe(std::vector<Probe> &into, Arguments &arguments);
void takeMiscProbe(std::vector<Probe> &into, Arguments &arguments);
void takeGrpcProbe(std::vector<Probe> &into, Arguments &arguments);
void takeFileProbe(std::vector<Probe> &into, Arguments &arguments);
void takeBfdProbe(std::vector<Probe> &into, Arguments &arguments);

} // namespace lb::config
