// SPDX-License-Identifier: GPL-2.0
#include "leaving.hpp"

#include "../netlink/names.hpp"

namespace lb::config {

namespace {

constexpr std::string_view ways[] = {"remove", "drain", "cut", "inhibit"};
enum Way : std::size_t { remove, drain, cut };
constexpr auto usualWays = std::span(ways).first(3); // without inhibit

// A word of how connections end, of @names from @first on.
void takeEnd(Leaving &leaving, Arguments &arguments, std::size_t first)
{
    const auto names = netlink::drainEndNames().subspan(first);
    if (const auto end = arguments.choice("an end of connections", names))
        leaving.end = static_cast<std::uint8_t>(*end + first);
}

} // namespace

std::optional<Leaving> takeLeaving(Arguments &arguments, bool mayInhibit)
{
    const auto way =
        arguments.choice("what becomes of a server", mayInhibit ? std::span(ways) : usualWays);
    if (!way)
        return {};
    Leaving leaving;
    switch (*way) {
    case remove:
        break;
    case drain:
        leaving.how = Leaving::How::drain;
        if (!arguments.more())
            break;
        if (const auto seconds = arguments.number("a time in seconds", 0, LB_TIMEOUT_MAX))
            leaving.deadline = static_cast<std::uint32_t>(*seconds);
        if (arguments.more())
            takeEnd(leaving, arguments, LB_DRAIN_END_KEEP);
        break;
    case cut:
        leaving = {.how = Leaving::How::drain, .deadline = 0, .end = LB_DRAIN_END_RESET};
        if (arguments.more())
            takeEnd(leaving, arguments, LB_DRAIN_END_RESET);
        break;
    default:
        leaving.how = Leaving::How::inhibit;
    }
    return leaving;
}

} // namespace lb::config
