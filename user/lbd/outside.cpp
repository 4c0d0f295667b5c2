// SPDX-License-Identifier: GPL-2.0
#include "outside.hpp"

#include "../health/misc.hpp"
#include "../health/track_file.hpp"
#include "../process/run.hpp"
#include "../process/watch.hpp"

#include <fmt/format.h>

namespace lb::lbd {

namespace {

using health::Verdict;

constexpr std::size_t longestNumber = 128; // bytes of a track file that are read

} // namespace

Outside::Outside(const config::Model &model)
{
    const auto &globals = model.globals;
    const auto usual = globals.scriptUser.empty()
                           ? process::defaultIdentity(globals.scriptSecurity)
                           : process::identityOf(globals.scriptUser, globals.scriptGroup);
    const auto know = [&](const config::Script &script) {
        if (script.words.empty())
            return;
        const std::pair key(script.user, script.group);
        if (!identities_.contains(key))
            identities_.emplace(
                key, script.user.empty() ? usual : process::identityOf(script.user, script.group));
    };
    identities_.emplace(std::pair<std::string, std::string>(), usual);
    know(globals.startup);
    know(globals.shutdown);
    for (const auto *fifo : {&globals.fifo, &globals.lvsFifo})
        know(fifo->script);
    for (const auto &server : model.virtualServers) {
        know(server.quorumUp);
        know(server.quorumDown);
        for (const auto &real : server.realServers) {
            know(real.notifyUp);
            know(real.notifyDown);
            for (const auto &probe : real.probes)
                if (const auto *misc = std::get_if<config::MiscProbe>(&probe))
                    know(misc->script);
        }
    }
    for (const auto &file : model.files)
        files_.emplace(file.name, file);
}

Result<process::Identity> Outside::identityOf(const config::Script &script) const
{
    const auto found = identities_.find({script.user, script.group});
    if (found == identities_.end())
        return Error{.what = fmt::format("nobody has looked up the user {}", script.user)};
    return found->second;
}

health::Task<Verdict> Outside::hold(std::shared_ptr<const Outside> outside, const health::Job &job)
{
    if (const auto *misc = std::get_if<health::MiscAsk>(&job.ask)) {
        auto identity = outside->identityOf(misc->script);
        if (!identity)
            co_return Verdict{.why = toString(identity.error()), .inconclusive = true};
        const config::MiscProbe probe{{}, misc->script, misc->timeout, misc->dynamic};
        const auto exit = co_await process::run(
            {.words = misc->script.words, .as = std::move(*identity)}, misc->timeout);
        co_return health::miscVerdict(exit, probe);
    }
    if (const auto *ask = std::get_if<health::FileAsk>(&job.ask)) {
        const auto file = outside->files_.find(ask->trackFile);
        if (file == outside->files_.end())
            co_return Verdict{.why = fmt::format("there is no track_file {}", ask->trackFile),
                              .inconclusive = true};
        const auto text = process::readStart(file->second.path, longestNumber);
        co_return health::fileVerdict(
            text ? std::optional<std::string_view>(*text) : std::nullopt, file->second,
            {ask->trackFile, ask->dynamic, ask->weight, ask->reverse, {}}, ask->own);
    }
    co_return Verdict{.why = "nobody holds such a probe", .inconclusive = true};
}

} // namespace lb::lbd
