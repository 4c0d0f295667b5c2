// SPDX-License-Identifier: GPL-2.0
// TCP_CHECK: a connection can be opened.
#include "dialogue.hpp"

namespace lb::health {

Task<Verdict> probeTcp(const Way &way)
{
    const auto stream = co_await Stream::connect(way);
    co_return stream ? Verdict::up("connected") : verdictOf(stream.error());
}

} // namespace lb::health
