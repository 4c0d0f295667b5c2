// SPDX-License-Identifier: GPL-2.0
// vrrp_script, track_file, vrrp_track_process.
#include "vrrp.hpp"

namespace lb::config {

namespace {

constexpr std::uint64_t second = 1'000'000;
constexpr std::uint64_t longestTimer = UINT32_MAX; // microseconds
constexpr std::int64_t mostWeight = 253;
constexpr std::int64_t mostFileWeight = INT32_MAX;

// NAME { ... }: read by @keywords and added, if there is none of this name.
template <typename T>
void add(std::vector<T> &into, Arguments &arguments, std::span<const Keyword<T>> keywords)
{
    T item{};
    const auto *name = arguments.word("a name");
    takeBlock<T, T>(item, arguments.statement().block, arguments.report(), keywords);
    if (!name)
        return;
    item.name = name->text;
    item.where = Where(*name);
    const auto other = std::ranges::find(into, item.name, &T::name);
    if (other != into.end())
        arguments.refuse(
            *name, fmt::format("there is a {} '{}' already", arguments.keyword().text, item.name),
            fmt::format("see line {}", other->where.place.line));
    else
        into.push_back(std::move(item));
}

template <typename T, std::int64_t most>
void takeWeight(T &into, Arguments &arguments)
{
    if (const auto weight = arguments.integer("a weight", -most, most))
        into.weight = static_cast<std::int32_t>(*weight);
    into.reverse = arguments.take("reverse");
}

// --- vrrp_script

void takeCommand(VrrpScript &into, Arguments &arguments)
{
    if (auto script = takeScript(arguments)) {
        script->user = into.script.user;
        script->group = into.script.group;
        into.script = std::move(*script);
    }
}

void takeUser(VrrpScript &into, Arguments &arguments)
{
    const auto *user = arguments.word("a user");
    if (!user)
        return;
    into.script.user = user->text;
    into.script.group = arguments.more() ? arguments.word("a group")->text : "";
}

constexpr Keyword<VrrpScript> scriptKeywords[] = {
    {"script", takeCommand},
    {"interval", timer<&VrrpScript::interval, 1, longestTimer>},
    {"timeout", timer<&VrrpScript::timeout, 1, longestTimer>},
    {"weight", takeWeight<VrrpScript, mostWeight>},
    {"rise", number<&VrrpScript::rise, 1>},
    {"fall", number<&VrrpScript::fall, 1>},
    {"user", takeUser},
    {"init_fail", flag<&VrrpScript::startFailed>},
};

// --- track_file

void takeInit(TrackFile &into, Arguments &arguments)
{
    into.init = true;
    if (arguments.more() && arguments.peek()->text != "overwrite") {
        if (const auto value = arguments.integer("a value", INT64_MIN, INT64_MAX))
            into.initValue = *value;
    }
    into.overwrite = arguments.take("overwrite");
}

constexpr Keyword<TrackFile> fileKeywords[] = {
    {"file", text<&TrackFile::path>},
    {"weight", takeWeight<TrackFile, mostFileWeight>},
    {"init_file", takeInit},
};

// --- vrrp_track_process

void takeProcess(TrackProcess &into, Arguments &arguments)
{
    into.command.clear();
    do {
        if (const auto *word = arguments.word("a process"))
            into.command.push_back(word->text);
    } while (arguments.more());
}

void takeMatch(TrackProcess &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"initial", "partial"};
    into.match = ParamMatch::exact;
    if (!arguments.more())
        return;
    if (const auto match = arguments.choice("a way to match", names))
        into.match = *match ? ParamMatch::partial : ParamMatch::initial;
}

void takeDelay(TrackProcess &into, Arguments &arguments)
{
    if (const auto delay = arguments.timer("a time", Duration(0), std::chrono::hours(1))) {
        into.forkDelay = *delay;
        into.terminateDelay = *delay;
    }
}

constexpr std::uint64_t hour = 3600 * second;

constexpr Keyword<TrackProcess> processKeywords[] = {
    {"process", takeProcess},
    {"param_match", takeMatch},
    {"weight", takeWeight<TrackProcess, mostWeight + 1>},
    {"quorum", number<&TrackProcess::quorum, 1>},
    {"quorum_max", number<&TrackProcess::quorumMax>},
    {"fork_delay", timer<&TrackProcess::forkDelay, 0, hour>},
    {"terminate_delay", timer<&TrackProcess::terminateDelay, 0, hour>},
    {"delay", takeDelay},
    {"full_command", flag<&TrackProcess::fullCommand>},
};

} // namespace

void takeVrrpScript(std::vector<VrrpScript> &into, Arguments &arguments)
{
    add<VrrpScript>(into, arguments, scriptKeywords);
}

void takeTrackFile(std::vector<TrackFile> &into, Arguments &arguments)
{
    add<TrackFile>(into, arguments, fileKeywords);
}

void takeTrackProcess(std::vector<TrackProcess> &into, Arguments &arguments)
{
    add<TrackProcess>(into, arguments, processKeywords);
}

} // namespace lb::config
