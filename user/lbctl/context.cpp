// SPDX-License-Identifier: GPL-2.0
#include "context.hpp"

#include <fmt/core.h>

namespace lb::lbctl {

std::string Context::show(const netlink::ServiceKey &key)
{
    if (key.fwmark != 0)
        return toString(key);
    return fmt::format("{} {}", toString(key.protocol), names_.show(key.endpoint));
}

Result<netlink::Director *> Context::director()
{
    if (!director_) {
        auto opened = netlink::Director::open();
        if (!opened)
            return opened.error();
        director_.emplace(std::move(*opened));
    }
    return &*director_;
}

} // namespace lb::lbctl
