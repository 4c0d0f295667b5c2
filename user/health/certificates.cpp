// SPDX-License-Identifier: GPL-2.0
#include "certificates.hpp"

#include <fmt/chrono.h>

namespace lb::health {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;

std::string date(Certificates::Time time)
{
    return fmt::format("{:%F %R} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string count(std::int64_t number, std::string_view what)
{
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string warningOf(const std::string &owner, Certificates::Time ends, Certificates::Time now)
{
    if (ends <= now)
        return fmt::format("the certificate of {} has ended on {}", owner, date(ends));
    const auto left = ends - now;
    return fmt::format("the certificate of {} ends in {}, on {}", owner,
                       left >= days(1) ? count(std::chrono::floor<days>(left).count(), "day")
                                       : count(std::chrono::floor<hours>(left).count(), "hour"),
                       date(ends));
}

// Which server, and by which name it was asked for the certificate.
std::string ownerOf(const Job &job)
{
    std::string_view name;
    if (const auto *http = std::get_if<HttpAsk>(&job.ask); http && !http->urls.empty())
        name = http->urls.front().server;
    else if (const auto *grpc = std::get_if<GrpcAsk>(&job.ask))
        name = grpc->server;
    const auto peer = toString(job.way.to);
    return name.empty() ? peer : fmt::format("{} ({})", peer, name);
}

} // namespace

std::optional<Certificates::News> Certificates::on(const Job &job, Time ends, Time now)
{
    if (job.certificateWarning == days())
        return {};
    return on(ownerOf(job), job.certificateWarning, ends, now);
}

std::optional<Certificates::News> Certificates::on(const std::string &owner, days warning,
                                                   Time ends, Time now)
{
    const auto known = told_.find(owner);
    const bool soon = warning > days() && ends - now <= warning;
    if (!soon) {
        const bool renewed = known != told_.end() && ends > known->second.ends;
        if (known != told_.end())
            told_.erase(known);
        if (!renewed)
            return {};
        return News{true,
                    fmt::format("the certificate of {} was renewed, until {}", owner, date(ends))};
    }
    if (known != told_.end() && known->second.ends == ends && now - known->second.at < days(1))
        return {};
    told_[owner] = {.ends = ends, .at = now};
    forgetOld(now);
    return News{false, warningOf(owner, ends, now)};
}

// Of servers that nobody asks any more: the others are told of once a day.
void Certificates::forgetOld(Time now)
{
    constexpr auto old = days(7); // longer than anybody's delay_loop
    std::erase_if(told_, [&](const auto &one) { return now - one.second.at > old; });
}

} // namespace lb::health
