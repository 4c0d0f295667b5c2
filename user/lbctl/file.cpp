// SPDX-License-Identifier: GPL-2.0
#include "file.hpp"

#include "../base/closest.hpp"
#include "../netlink/names.hpp"
#include "commands.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace lb::lbctl {

namespace {

using netlink::ServiceKey;

std::string_view lineOf(std::string_view text, std::size_t line)
{
    std::size_t start = 0;
    for (; line > 1; line--) {
        start = text.find('\n', start);
        if (start == std::string_view::npos)
            return {};
        start++;
    }
    auto found = text.substr(start, text.find('\n', start) - start);
    if (found.ends_with('\r'))
        found.remove_suffix(1);
    return found;
}

// What a line is allowed to say.
Result<Found> findSaved(std::span<const Word> words)
{
    auto found = findCommand(commands(), words);
    if (!found)
        return found;
    const auto name = found->command->name;
    if (name == "service add" || name == "dest add" || name == "settings set")
        return found;
    return Error{.what = fmt::format("'{}' cannot stand in a configuration", name),
                 .hint = "a file says what there is: service add, dest add, settings set",
                 .column = words.front().column};
}

class Reader {
public:
    Reader(std::span<const std::string> schedulers, bool adding)
        : schedulers_(schedulers.begin(), schedulers.end()), adding_(adding)
    {}

    Result<void> take(std::size_t line, std::span<const Word> words)
    {
        const auto found = findSaved(words);
        if (!found)
            return found.error();
        const auto arguments = parseArguments(*found, words, {});
        if (!arguments)
            return arguments.error();
        if (found->command->name == "service add")
            return takeService(line, *arguments);
        if (found->command->name == "dest add")
            return takeDest(line, *arguments);
        return takeSettings(line, *arguments);
    }

    plane::Model model() && { return std::move(model_); }

private:
    Result<void> takeService(std::size_t line, const Arguments &arguments)
    {
        auto spec = readServiceSpec(arguments, {});
        if (!spec)
            return spec.error();
        auto scheduler = spec->scheduler.value_or(std::string(defaultScheduler));
        if (!schedulers_.empty() &&
            std::ranges::find(schedulers_, scheduler) == schedulers_.end()) {
            const auto *word = arguments.find("--scheduler");
            return Error{.what = fmt::format("the module has no scheduler '{}'", scheduler),
                         .hint = suggest(scheduler, schedulers_),
                         .column = word != nullptr ? word->column : arguments.end()};
        }

        auto &pool = model_.services[spec->key];
        if (pool.line != 0)
            return Error{.what = fmt::format("service {} is in line {} already",
                                             toString(spec->key), pool.line),
                         .column = arguments[1].column};
        pool.scheduler = std::move(scheduler);
        pool.schedulerFlags = spec->schedulerFlags.value_or(0);
        pool.onePacket = spec->onePacket.value_or(false);
        pool.mssClamp = spec->mssClamp.value_or(0);
        pool.persistence.timeout = spec->persistTimeout.value_or(0);
        // A prefix of the whole address is as good as none.
        if (spec->persistPrefix && *spec->persistPrefix < addressBits(spec->key))
            pool.persistence.prefix = spec->persistPrefix;
        if (pool.persistence.timeout == 0 && pool.persistence.prefix)
            return Error{.what = "--persist-prefix needs --persist",
                         .column = arguments.find("--persist-prefix")->column};
        pool.persistence.engine = spec->persistEngine.value_or(LB_PERSIST_ENGINE_NONE);
        if (pool.persistence.timeout == 0 && pool.persistence.engine != LB_PERSIST_ENGINE_NONE)
            return Error{.what = "--persist-engine needs --persist",
                         .column = arguments.find("--persist-engine")->column};
        pool.timeouts = spec->timeouts.value_or(netlink::Timeouts{});
        pool.slowStart = spec->slowStart.value_or(0);
        pool.orphans = spec->orphans.value_or(LB_ORPHANS_DEFAULT);
        pool.line = line;
        return {};
    }

    Result<void> takeDest(std::size_t line, const Arguments &arguments)
    {
        const auto spec = readDestSpec(arguments, {});
        if (!spec)
            return spec.error();
        const auto service = model_.services.find(spec->service);
        if (!adding_ && service == model_.services.end())
            return Error{
                .what = fmt::format("no line above adds the service {}", toString(spec->service)),
                .hint = nearest(spec->service),
                .column = arguments[1].column};
        const auto [there, added] =
            memberLines_.emplace(std::pair{spec->service, spec->endpoint}, line);
        if (!added)
            return Error{.what = fmt::format("destination {} is in line {} already",
                                             toString(spec->endpoint), there->second),
                         .column = arguments[2].column};
        model_.services[spec->service].members.push_back(
            {spec->endpoint,
             spec->method.value_or(defaultMethod),
             spec->weight.value_or(Weight{}),
             spec->drain.value_or(false),
             line,
             Tunnel{spec->tunnelType.value_or(TunnelType::ipip), spec->tunnelPort.value_or(Port{}),
                    spec->tunnelChecksum.value_or(TunnelChecksum::none)},
             spec->upper.value_or(0),
             spec->lower.value_or(0),
             {spec->deadline, spec->drainEnd.value_or(LB_DRAIN_END_KEEP)}});
        return {};
    }

    Result<void> takeSettings(std::size_t line, const Arguments &arguments)
    {
        const auto settings = readSettings(arguments);
        if (!settings)
            return settings.error();
        for (const auto &[type, value] : settings->values) {
            const auto [there, added] = model_.settingLines.emplace(type, line);
            if (!added)
                return Error{.what = fmt::format("{} is in line {} already",
                                                 netlink::settingsSet[type], there->second),
                             .column = arguments[0].column};
            model_.settings.values[type] = value;
        }
        return {};
    }

    // A service that the writer of @key may have meant.
    [[nodiscard]] std::string nearest(const ServiceKey &key) const
    {
        std::vector<std::string> known;
        for (const auto &[other, pool] : model_.services)
            known.push_back(toString(other));
        const std::vector<std::string_view> views(known.begin(), known.end());
        const auto best = closest(toString(key), views);
        return best.empty() ? std::string("add it with 'service add' first")
                            : fmt::format("did you mean '{}'?", best);
    }

    plane::Model model_;
    std::map<std::pair<ServiceKey, Endpoint>, std::size_t> memberLines_;
    std::vector<std::string_view> schedulers_;
    bool adding_;
};

} // namespace

Reading readFile(std::string_view text, std::span<const std::string> schedulers, bool adding)
{
    Reader reader(schedulers, adding);
    Reading reading;
    std::size_t line = 0;

    while (!text.empty()) {
        const auto stop = std::min(text.find('\n'), text.size());
        const auto words = splitLine(text.substr(0, stop));
        text.remove_prefix(std::min(stop + 1, text.size()));
        line++;
        if (words.empty())
            continue;
        if (auto taken = reader.take(line, words); !taken)
            reading.complaints.push_back({line, taken.error()});
    }
    reading.model = std::move(reader).model();
    return reading;
}

std::string toString(const Complaint &complaint, std::string_view file, std::string_view text)
{
    const auto &error = complaint.error;
    const auto line = lineOf(text, complaint.line);
    const auto words = splitLine(line);
    // Without a word to blame it is the whole command.
    const auto column = error.column != 0 || words.empty() ? error.column : words.front().column;
    auto told = fmt::format("{}:{}:{}: {}\n", file, complaint.line, column, toString(error));

    if (line.empty())
        return told;
    // Tabs stay tabs, so that the mark stands below the word.
    std::string mark;
    for (const char c : line.substr(0, std::min(column - 1, line.size())))
        mark += c == '\t' ? '\t' : ' ';
    std::size_t length = 1;
    for (const auto &word : words)
        if (error.column == 0 || (word.column <= column && column < word.column + word.text.size()))
            length = word.column + word.text.size() - column;
    return told + fmt::format("    {}\n    {}{}\n", line, mark, std::string(length, '^'));
}

std::size_t columnOf(std::string_view text, std::size_t line, std::string_view attribute)
{
    const auto words = splitLine(lineOf(text, line));
    if (words.empty())
        return 0;
    const auto found = findSaved(words);
    if (!found)
        return 0;
    const auto arguments = parseArguments(*found, words, {});
    const auto *word = arguments ? wordOf(*arguments, attribute) : nullptr;
    return word != nullptr ? word->column : 0;
}

} // namespace lb::lbctl
