// SPDX-License-Identifier: GPL-2.0
#include "rules.hpp"

#include "change.hpp"
#include "errors.hpp"
#include "grammar.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

constexpr std::size_t mostComplaints = 20;
constexpr std::string_view blanks = " \t\r";

struct Split {
    std::vector<std::string> words{};
    std::vector<std::size_t> columns{}; // from 1
};

// A program's name in front says nothing.
Split split(std::string_view line)
{
    Split found;
    std::size_t start = 0;
    while ((start = line.find_first_not_of(blanks, start)) != line.npos) {
        const auto stop = std::min(line.find_first_of(blanks, start), line.size());
        if (found.words.empty() && line[start] == '#')
            break;
        if (line.substr(start, stop - start) != "ipvsadm") {
            found.words.emplace_back(line.substr(start, stop - start));
            found.columns.push_back(start + 1);
        }
        start = stop;
    }
    return found;
}

std::string_view lineOf(std::string_view text, std::size_t line)
{
    while (line-- > 1)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    return text.substr(0, text.find_first_of("\r\n"));
}

// One line's command, or what is wrong with it.
Outcome<Command> readLine(const Split &line, std::size_t &column)
{
    std::optional<std::size_t> culprit;
    auto command = parse("ipvsadm", line.words, &culprit);
    column = culprit && *culprit < line.columns.size() ? line.columns[*culprit] : 0;
    if (!command) {
        if (command.error().status != usageStatus || !command.error().text.starts_with("Try"))
            return command;
        return Refusal{usageStatus, "no command of ipvsadm's (a line begins with -A, -a, -E, -e, "
                                    "-D, -d, -C, --set, --start-daemon or --stop-daemon)"};
    }
    const auto verb = command->verb;
    if (changes(verb) || verb == Verb::startDaemon || verb == Verb::stopDaemon)
        return command;
    column = line.columns.front();
    return fail(fmt::format("'{}' cannot stand in a file (it says what there is to be)",
                            line.words.front()));
}

class Builder {
public:
    explicit Builder(plane::Model model) : settings_(std::move(model.settings))
    {
        for (auto &[key, pool] : model.services)
            drafts_[key] = Draft(std::move(pool));
    }

    // 0, or why not.
    int take(const netlink::Change &change, std::size_t line)
    {
        if (const auto *service = std::get_if<netlink::ServiceSpec>(&change.object))
            return take(change.command, *service, line);
        if (const auto *dest = std::get_if<netlink::DestSpec>(&change.object))
            return take(change.command, *dest, line);
        if (const auto *settings = std::get_if<netlink::Settings>(&change.object))
            for (const auto &[type, value] : settings->values) {
                settings_.values[type] = value;
                settingLines_[type] = line;
            }
        else
            drafts_.clear();
        return 0;
    }

    plane::Model finish() &&
    {
        plane::Model model;
        for (auto &[key, draft] : drafts_)
            model.services[key] = std::move(draft).finish();
        model.settings = std::move(settings_);
        model.settingLines = std::move(settingLines_);
        return model;
    }

private:
    // Members by endpoint: finding one does not look at all.
    struct Draft {
        plane::Pool pool{};
        std::map<Endpoint, std::size_t> places{};
        std::vector<bool> gone{};

        Draft() = default;
        explicit Draft(plane::Pool from) : pool(std::move(from)), gone(pool.members.size())
        {
            for (std::size_t i = 0; i < pool.members.size(); i++)
                places[pool.members[i].endpoint] = i;
        }
        plane::Pool finish() &&
        {
            std::vector<plane::Member> stay;
            for (std::size_t i = 0; i < pool.members.size(); i++)
                if (!gone[i])
                    stay.push_back(pool.members[i]);
            pool.members = std::move(stay);
            return std::move(pool);
        }
    };

    int take(std::uint8_t command, const netlink::ServiceSpec &spec, std::size_t line)
    {
        const auto found = drafts_.find(spec.key);
        if (command == LB_CMD_SERVICE_NEW && found != drafts_.end())
            return EEXIST;
        if (command != LB_CMD_SERVICE_NEW && found == drafts_.end())
            return ESRCH;
        if (command == LB_CMD_SERVICE_DEL) {
            drafts_.erase(found);
            return 0;
        }
        auto &pool = drafts_[spec.key].pool;
        pool.scheduler = spec.scheduler.value_or("");
        pool.schedulerFlags = spec.schedulerFlags.value_or(0);
        pool.onePacket = spec.onePacket.value_or(false);
        pool.persistence = {.timeout = spec.persistTimeout.value_or(0)};
        if (spec.persistPrefix && *spec.persistPrefix < addressBits(spec.key))
            pool.persistence.prefix = spec.persistPrefix;
        pool.persistence.engine = spec.persistEngine.value_or(LB_PERSIST_ENGINE_NONE);
        pool.line = line;
        return 0;
    }

    int take(std::uint8_t command, const netlink::DestSpec &spec, std::size_t line)
    {
        const auto found = drafts_.find(spec.service);
        if (found == drafts_.end())
            return ESRCH;
        auto &draft = found->second;
        const auto place = draft.places.find(spec.endpoint);
        if (command == LB_CMD_DEST_NEW && place != draft.places.end())
            return EEXIST;
        if (command != LB_CMD_DEST_NEW && place == draft.places.end())
            return ENOENT;
        if (command == LB_CMD_DEST_DEL) {
            draft.gone[place->second] = true;
            draft.places.erase(place);
            return 0;
        }
        if (command == LB_CMD_DEST_NEW) {
            draft.places[spec.endpoint] = draft.pool.members.size();
            draft.pool.members.emplace_back();
            draft.gone.push_back(false);
        }
        auto &member = draft.pool.members[draft.places[spec.endpoint]];
        member.endpoint = spec.endpoint;
        member.method = spec.method.value_or(Method::direct);
        member.weight = spec.weight.value_or(Weight{});
        member.upper = spec.upper.value_or(0);
        member.lower = spec.lower.value_or(0);
        member.tunnel = {spec.tunnelType.value_or(TunnelType::ipip),
                         spec.tunnelPort.value_or(Port{}),
                         spec.tunnelChecksum.value_or(TunnelChecksum::none)};
        member.line = line;
        return 0;
    }

    std::map<netlink::ServiceKey, Draft> drafts_{};
    netlink::Settings settings_;
    std::map<std::uint16_t, std::size_t> settingLines_{};
};

} // namespace

std::string complain(const Rules &rules, std::size_t line, std::size_t column,
                     std::string_view what)
{
    const auto text = lineOf(rules.text, line);
    const auto words = split(text);
    const auto from = column != 0 || words.columns.empty() ? std::max<std::size_t>(column, 1)
                                                           : words.columns.front();
    std::size_t length = 1;
    for (std::size_t i = 0; i < words.words.size(); i++)
        if (column == 0 || words.columns[i] == column)
            length = words.columns[i] + words.words[i].size() - from;
    std::string mark;
    for (const char c : text.substr(0, std::min(from - 1, text.size())))
        mark += c == '\t' ? '\t' : ' ';
    return fmt::format("{}:{}:{}: {}\n    {}\n    {}{}\n", rules.file, line, from, what, text, mark,
                       std::string(length, '^'));
}

Outcome<Rules> readRules(std::string file, std::string text)
{
    Rules rules{std::move(file), std::move(text), {}};
    std::string_view left = rules.text;
    std::string complaints;
    std::size_t wrong = 0;
    int status = failStatus;

    for (std::size_t line = 1; !left.empty(); line++) {
        const auto stop = std::min(left.find('\n'), left.size());
        const auto words = split(left.substr(0, stop));
        left.remove_prefix(std::min(stop + 1, left.size()));
        if (words.words.empty())
            continue;
        std::size_t column = 0;
        auto command = readLine(words, column);
        if (command) {
            rules.rules.push_back({line, std::move(*command)});
            continue;
        }
        if (wrong == 0)
            status = command.error().status;
        if (wrong++ < mostComplaints)
            complaints += complain(rules, line, column, command.error().text);
    }
    if (wrong == 0)
        return rules;
    if (wrong > mostComplaints)
        complaints += fmt::format("and {} more\n", wrong - mostComplaints);
    return Refusal{status, complaints + "nothing was changed"};
}

Outcome<plane::Model> applied(const Rules &rules, plane::Model model)
{
    Builder builder(std::move(model));
    for (const auto &[line, command] : rules.rules) {
        if (!changes(command.verb))
            continue;
        const auto change = changeOf(command);
        const int code = change ? builder.take(*change, line) : change.error().code;
        if (code != 0)
            return Refusal{usageStatus, complain(rules, line, 0, explain(command.verb, code)) +
                                            "nothing was changed"};
    }
    return std::move(builder).finish();
}

} // namespace lb::ipvsadm
