// SPDX-License-Identifier: GPL-2.0
#include "definitions.hpp"

#include "../base/closest.hpp"
#include "../base/number.hpp"
#include "limits.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace lb::config {

namespace {

bool isNameStart(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

} // namespace

std::string_view nameAt(std::string_view chars)
{
    if (chars.empty() || !isNameStart(chars[0]))
        return {};
    std::size_t end = 1;
    while (end < chars.size() &&
           (isNameStart(chars[end]) || (chars[end] >= '0' && chars[end] <= '9')))
        end++;
    return chars.substr(0, end);
}

std::optional<Assignment> assignmentAt(std::string_view chars, std::size_t from)
{
    if (from >= chars.size() || chars[from] != '$')
        return {};
    const auto name = nameAt(chars.substr(from + 1));
    const auto equals = from + 1 + name.size();
    if (name.empty() || equals >= chars.size() || chars[equals] != '=')
        return {};
    return Assignment{name, skipBlanks(chars, equals + 1)};
}

void Definitions::set(std::string_view name, Definition definition)
{
    auto value = std::make_shared<const Definition>(std::move(definition));
    const auto there = table_.find(name);
    if (there != table_.end())
        there->second = std::move(value);
    else
        table_.emplace(name, std::move(value));
}

std::shared_ptr<const Definition> Definitions::find(std::string_view name) const
{
    const auto there = table_.find(name);
    return there == table_.end() ? nullptr : there->second;
}

std::string Definitions::near(std::string_view name) const
{
    std::vector<std::string_view> known;
    for (const auto &[other, definition] : table_)
        known.push_back(other);
    return std::string(closest(name, known));
}

// What ${@inside} means without being defined in a file.
std::optional<std::string> Definitions::predefined(std::string_view inside) const
{
    std::vector<std::string_view> words;
    for (auto at = skipBlanks(inside, 0); at < inside.size(); at = skipBlanks(inside, at)) {
        auto end = at;
        while (end < inside.size() && !isBlank(inside[end]))
            end++;
        words.push_back(inside.substr(at, end - at));
        at = end;
    }
    if (words.empty())
        return {};
    const auto name = words[0];
    if (words.size() == 1) {
        if (name == "_PWD")
            return folder_;
        if (name == "_INSTANCE")
            return surroundings_.configId;
        if (name == "_HASH")
            return "#";
        if (name == "_BANG")
            return "!";
    }
    if (name == "_ENV" && words.size() == 2 && surroundings_.environment)
        return surroundings_.environment(std::string(words[1]));
    if (name == "_RANDOM" && words.size() <= 3 && surroundings_.random) {
        const auto least = words.size() > 1 ? parseNumber(words[1], 0, UINT32_MAX)
                                            : Result<std::uint64_t>(std::uint64_t{0});
        const auto most = words.size() > 2 ? parseNumber(words[2], 0, UINT32_MAX)
                                           : Result<std::uint64_t>(std::uint64_t{32767});
        if (least && most && *least <= *most)
            return fmt::format("{}", surroundings_.random(static_cast<std::uint32_t>(*least),
                                                          static_cast<std::uint32_t>(*most)));
    }
    return {};
}

// A text that is being copied; those of definitions lie above the one that uses them.
struct Definitions::Frame {
    const Text *text = nullptr;
    std::size_t at = 0;
    std::shared_ptr<const Definition> definition{}; // whose text it is
    Origin use{};                                   // of the outermost $
};

// $NAME or ${NAME} as it stands in a text.
struct Definitions::Reference {
    std::string_view inside{}; // the braces, or the name
    std::size_t end = 0;       // in the text
};

// Copies until nothing is left. True when what was put in makes a new reference with what was
// before it: ${${A}}.
bool Definitions::pass(const Text &text, std::size_t from, Text &into, Findings &findings,
                       Block &block)
{
    std::vector<Frame> frames;
    bool again = false;

    // What follows when @frame is at its end.
    const auto following = [&frames](std::size_t at) -> std::optional<char> {
        const auto &top = frames.back().text->chars();
        if (at < top.size())
            return top[at];
        for (auto i = frames.size() - 1; i-- > 0;)
            if (frames[i].at < frames[i].text->chars().size())
                return frames[i].text->chars()[frames[i].at];
        return {};
    };
    const auto referenceAt = [&](std::string_view chars,
                                 std::size_t at) -> std::optional<Reference> {
        const auto behind = chars.substr(at + 1);
        if (behind.starts_with('{')) {
            const auto end = behind.find('}');
            if (end == std::string_view::npos || nameAt(behind.substr(1)).empty())
                return {};
            return Reference{behind.substr(1, end - 1), at + 1 + end + 1};
        }
        const auto name = nameAt(behind);
        const auto end = at + 1 + name.size();
        const auto next = following(end);
        if (name.empty() || (next && !isBlank(*next) && *next != ',' && *next != ')'))
            return {};
        return Reference{name, end};
    };
    const auto endsAll = [&frames](std::size_t at) {
        if (!trimmed(frames.back().text->chars().substr(at)).empty())
            return false;
        return std::ranges::all_of(frames.begin(), frames.end() - 1, [](const Frame &frame) {
            return trimmed(frame.text->chars().substr(frame.at)).empty();
        });
    };
    // @end: of the characters from at on that stay as they are.
    const auto keep = [&](std::size_t end) {
        auto &frame = frames.back();
        const bool outside = frames.size() == 1;
        made_ += outside ? 0 : end - frame.at;
        into.append(*frame.text, frame.at, end, outside ? nullptr : &frame.use);
        frame.at = end;
    };

    frames.push_back({&text, from});
    while (!frames.empty() && !findings.stopped()) {
        const auto chars = frames.back().text->chars();
        const auto at = frames.back().at;
        if (at >= chars.size()) {
            frames.pop_back();
            continue;
        }
        if (chars[at] != '$') {
            keep(std::min(chars.find('$', at), chars.size()));
            continue;
        }
        const auto reference = referenceAt(chars, at);
        auto definition = reference ? find(reference->inside) : nullptr;
        const auto use = frames.size() > 1 ? frames.back().use
                         : reference       ? text.span(at, reference->end)
                                           : text.at(at);
        if (reference && !definition) {
            if (const auto value = predefined(reference->inside)) {
                again = again || into.chars().ends_with("${");
                into.append(*value, {use.place, use.length, use.place, Origin::Kind::made});
                frames.back().at = reference->end;
                continue;
            }
        }
        if (definition && definition->isBlock()) {
            if (endsAll(reference->end)) {
                block = {std::move(definition), use};
                return false;
            }
            definition = nullptr;
        }
        if (!definition) {
            keep(at + 1);
            continue;
        }
        if (std::ranges::any_of(
                frames, [&](const Frame &frame) { return frame.definition == definition; })) {
            findings.error(use, fmt::format("the definition '{}' uses itself", reference->inside),
                           "its value is put in when it is used, not when it is defined");
            frames.back().at = reference->end;
            continue;
        }
        if (frames.size() > maxChain || ++replaced_ > maxReplacements ||
            into.chars().size() > maxLine || made_ > maxMadeText) {
            findings.fatal(use,
                           fmt::format("the definition '{}' is not put in: too much comes out of "
                                       "the definitions",
                                       reference->inside),
                           fmt::format("at most {} in each other, {} bytes in a line, {} bytes and "
                                       "{} replacements in all",
                                       maxChain, maxLine, maxMadeText, maxReplacements));
            break;
        }
        again = again || into.chars().ends_with("${");
        frames.back().at = reference->end;
        const auto *value = &definition->lines.front();
        frames.push_back({value, 0, std::move(definition), use});
    }
    return again;
}

Definitions::Block Definitions::resolve(const Text &text, std::size_t from, Text &into,
                                        Findings &findings)
{
    constexpr int passes = 8;
    Block block;

    into.clear();
    bool again = pass(text, from, into, findings, block);
    for (int i = 1; again && i < passes; i++) {
        const auto before = std::exchange(into, {});
        again = pass(before, 0, into, findings, block);
    }
    return block;
}

} // namespace lb::config
