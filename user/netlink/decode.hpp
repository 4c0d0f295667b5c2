// SPDX-License-Identifier: GPL-2.0
// What the decoders of this folder share.
#pragma once

#include "message.hpp"

namespace lb::netlink {

// The module left out what the spec promises: a version mismatch, in practice.
inline Error lacks(std::string_view what)
{
    return {.code = EBADMSG,
            .what = "the module's answer lacks " + std::string(what),
            .hint = "lbctl and the module are of different versions"};
}

Result<Ip> decodeIp(std::optional<std::uint16_t> family, std::optional<Bytes> bytes);

} // namespace lb::netlink
