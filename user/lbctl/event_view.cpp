// SPDX-License-Identifier: GPL-2.0
#include "event_view.hpp"

#include "health_view.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

std::string eventText(const nlohmann::json &event)
{
    if (event.contains("lost"))
        return fmt::format("lost {} events: they came faster than they were read",
                           event.value("lost", std::uint64_t{0}));
    auto thing = event.contains("virtual_server")
                     ? virtualName({{"name", event["virtual_server"]},
                                    {"protocol", event.value("protocol", "")}})
                     : std::string();
    if (const auto server = event.value("server", ""); !server.empty())
        thing += (thing.empty() ? "" : ", ") + server;
    return fmt::format("{} {} {}{}{}: {}", event.value("number", std::uint64_t{0}),
                       event.value("time", ""), event.value("event", ""), thing.empty() ? "" : " ",
                       thing, event.value("reason", ""));
}

} // namespace lb::lbctl
