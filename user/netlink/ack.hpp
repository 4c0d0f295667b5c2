// SPDX-License-Identifier: GPL-2.0
// The kernel's answer to a request: done, or refused with an errno, a sentence and the attribute
// that is to blame (the extended ack).
#pragma once

#include "message.hpp"

namespace lb::netlink {

// What an NLMSG_ERROR (or the end of a dump) says about @request; success is an empty result.
Result<void> readAck(const Reply &reply, Bytes request);

// "key.port" for the attribute that starts at @offset of @request; empty if there is none.
std::string attributeAt(Bytes request, std::size_t offset);

// What an errno means in this family, for refusals that bring no sentence.
std::string explain(int code);

} // namespace lb::netlink
