// SPDX-License-Identifier: GPL-2.0
#include "sequence.hpp"

#include "definitions.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/core.h>

namespace lb::config {

namespace {

constexpr std::array<std::string_view, 3> words{"~SEQx", "~SEQ", "~LST"};
constexpr auto usage = "~SEQ(NAME, [START, [STEP,]] END), the numbers decimal, 0x hexadecimal or 0 "
                       "octal";

// At commas that are in no braces, without blanks around.
std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    bool braces = false;
    for (std::size_t i = 0; i <= text.size(); i++) {
        if (i < text.size() && (text[i] != ',' || braces)) {
            braces = text[i] == '{' || (braces && text[i] != '}');
            continue;
        }
        parts.push_back(trimmed(text.substr(begin, i - begin)));
        begin = i + 1;
    }
    return parts;
}

// {a, b} as a and b, anything else as itself.
std::vector<std::string_view> members(std::string_view part)
{
    if (part.size() >= 2 && part.starts_with('{') && part.ends_with('}'))
        return split(part.substr(1, part.size() - 2));
    return {part};
}

// As strtol with base 0.
Result<std::int64_t> parseSigned(std::string_view text)
{
    const auto refused = [&] {
        return Error{.what = fmt::format("'{}' is not a number", text), .hint = usage};
    };
    auto digits = text;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+'))
        digits.remove_prefix(1);
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
        base = 16;
        digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits.starts_with('0')) {
        base = 8;
        digits.remove_prefix(1);
    }
    // Half of what fits, so that no difference overflows.
    constexpr std::int64_t most = INT64_MAX / 2;
    std::uint64_t value = 0;
    const char *end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, value, base);
    if (failure == std::errc::result_out_of_range || (failure == std::errc{} && value > most))
        return Error{.what = fmt::format("{} is too large", text),
                     .hint = fmt::format("at most {}", most)};
    if (failure != std::errc{} || stop != end)
        return refused();
    return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

std::optional<Error> checkName(std::string_view name)
{
    if (!name.empty() && nameAt(name) == name)
        return {};
    return Error{.what = fmt::format("'{}' is not a definition's name", name),
                 .hint = "letters, digits and _, no digit first"};
}

} // namespace

bool Sequence::startsAt(std::string_view chars)
{
    for (const auto word : words)
        if (chars.starts_with(word)) {
            const auto next = skipBlanks(chars, word.size());
            return next < chars.size() && chars[next] == '(';
        }
    return false;
}

Result<Sequence> Sequence::parse(std::string_view word, std::string_view inside)
{
    return word == "~LST" ? parseList(inside) : parseNumbers(inside, word == "~SEQx");
}

Result<Sequence> Sequence::parseNumbers(std::string_view inside, bool hex)
{
    const auto parts = split(inside);
    if (parts.size() < 2 || parts.size() > 4)
        return Error{
            .what = fmt::format("a name and one to three numbers are expected in '({})'", inside),
            .hint = usage};
    if (auto error = checkName(parts[0]))
        return std::move(*error);

    std::vector<std::int64_t> numbers;
    for (std::size_t i = 1; i < parts.size(); i++) {
        const auto number = parseSigned(parts[i]);
        if (!number)
            return number.error();
        numbers.push_back(*number);
    }
    Sequence sequence;
    const auto end = numbers.back();
    sequence.names_.emplace_back(parts[0]);
    sequence.hex_ = hex;
    if (numbers.size() > 1)
        sequence.start_ = numbers.front();
    else
        sequence.start_ = end < 0 ? -1 : 1;
    if (numbers.size() > 2)
        sequence.step_ = numbers[1];
    else
        sequence.step_ = end < sequence.start_ ? -1 : 1;
    if (hex && (sequence.start_ < 0 || end < 0))
        return Error{.what = "~SEQx is for numbers from 0 on", .hint = usage};
    if (sequence.step_ == 0)
        return Error{.what = "a step of 0 never gets to the end", .hint = usage};
    if ((end > sequence.start_ && sequence.step_ < 0) ||
        (end < sequence.start_ && sequence.step_ > 0))
        return Error{.what = fmt::format("steps of {} do not lead from {} to {}", sequence.step_,
                                         sequence.start_, end),
                     .hint = usage};
    sequence.rounds_ = static_cast<std::uint64_t>((end - sequence.start_) / sequence.step_) + 1;
    return sequence;
}

Result<Sequence> Sequence::parseList(std::string_view inside)
{
    constexpr auto example = "~LST(NAME, a, b) or ~LST({NAME, OTHER}, {a, b}, {c, d})";
    const auto parts = split(inside);
    if (parts.size() < 2)
        return Error{.what = fmt::format("a name and values are expected in '({})'", inside),
                     .hint = example};
    Sequence sequence;
    for (const auto name : members(parts[0])) {
        if (auto error = checkName(name))
            return std::move(*error);
        sequence.names_.emplace_back(name);
    }
    for (std::size_t i = 1; i < parts.size(); i++) {
        const auto values = members(parts[i]);
        if (values.size() > sequence.names_.size())
            return Error{.what = fmt::format("'{}' has more values than there are names", parts[i]),
                         .hint = example};
        if (parts[i].find('"') != std::string_view::npos)
            return Error{
                .what = fmt::format("{} is quoted, which the values of ~LST cannot be", parts[i]),
                .hint = example};
        sequence.list_.emplace_back(values.begin(), values.end());
    }
    return sequence;
}

std::uint64_t Sequence::count() const
{
    return list_.empty() ? rounds_ : list_.size();
}

std::string Sequence::value(std::uint64_t i, std::size_t name) const
{
    if (!list_.empty())
        return name < list_[i].size() ? list_[i][name] : std::string();
    const auto number = start_ + static_cast<std::int64_t>(i) * step_;
    return hex_ ? fmt::format("{:x}", number) : fmt::format("{}", number);
}

} // namespace lb::config
