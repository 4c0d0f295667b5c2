// SPDX-License-Identifier: GPL-2.0
// What each kind of probe says to a server and takes for a good answer, one file each. A dialogue
// ends by itself: each of its steps has a deadline. When it is held is the prober's.
#pragma once

#include "job.hpp"
#include "net.hpp"
#include "verdict.hpp"

namespace lb::health {

// By reference and for as long as the dialogue lasts.
Task<Verdict> probeTcp(const Way &way);
Task<Verdict> probeHttp(const Way &way, const HttpAsk &ask, Tls tls);
Task<Verdict> probeGrpc(const Way &way, const GrpcAsk &ask, Tls tls);
Task<Verdict> probeSmtp(const SmtpAsk &ask);
Task<Verdict> probeDns(const Way &way, const DnsAsk &ask);
Task<Verdict> probeUdp(const Way &way, const UdpAsk &ask);
Task<Verdict> probePing(const Way &way);

} // namespace lb::health
