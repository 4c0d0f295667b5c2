// SPDX-License-Identifier: GPL-2.0
#include "findings.hpp"

#include "limits.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::config {

void Findings::add(Severity severity, const Origin &origin, std::string what, std::string hint)
{
    if (stopped_)
        return;
    const auto defined = origin.kind == Origin::Kind::written && origin.defined == Place{}
                             ? origin.place
                             : origin.defined;
    if (!known_.emplace(origin.place, defined, what).second)
        return;
    all_.push_back({.severity = severity,
                    .place = origin.place,
                    .length = std::max(origin.length, std::uint32_t{1}),
                    .what = std::move(what),
                    .hint = std::move(hint),
                    .defined = defined});
    if (all_.size() < maxFindings)
        return;
    all_.push_back(
        {.place = origin.place,
         .what = fmt::format("the rest is not read: {} things are wrong already", maxFindings),
         .defined = defined});
    stopped_ = true;
}

void Findings::error(const Origin &origin, std::string what, std::string hint)
{
    add(Severity::error, origin, std::move(what), std::move(hint));
}

void Findings::note(const Origin &origin, std::string what, std::string hint)
{
    add(Severity::note, origin, std::move(what), std::move(hint));
}

void Findings::fatal(const Origin &origin, std::string what, std::string hint)
{
    add(Severity::error, origin, std::move(what), std::move(hint));
    stopped_ = true;
}

std::vector<Finding> Findings::take()
{
    std::ranges::stable_sort(all_, {}, &Finding::place);
    return std::move(all_);
}

} // namespace lb::config
