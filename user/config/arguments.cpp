// SPDX-License-Identifier: GPL-2.0
#include "arguments.hpp"

#include "../base/closest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

namespace lb::config {

namespace {

constexpr std::uint64_t microsecondsPerSecond = 1'000'000;
constexpr std::size_t decimals = 6;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b, bool anyCase)
{
    return anyCase ? std::ranges::equal(a, b, {}, lower, lower) : a == b;
}

template <typename Number>
std::optional<Number> parseWhole(std::string_view text)
{
    Number value = 0;
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

// "12", "0.25", ".5": exact, where a float would round.
std::optional<std::uint64_t> parseMicroseconds(std::string_view text)
{
    const auto dot = std::min(text.find('.'), text.size());
    auto fraction = std::string(text.substr(std::min(dot + 1, text.size())));
    if (text.empty() || text == "." || fraction.size() > decimals)
        return {};
    fraction.resize(decimals, '0');
    const auto whole = dot ? parseWhole<std::uint64_t>(text.substr(0, dot)) : 0;
    const auto part = parseWhole<std::uint64_t>(fraction);
    if (!whole || !part || fraction.starts_with('+') ||
        *whole > UINT64_MAX / microsecondsPerSecond - 1)
        return {};
    return *whole * microsecondsPerSecond + *part;
}

std::string showSeconds(Duration duration)
{
    const auto count = static_cast<std::uint64_t>(duration.count());
    if (count % microsecondsPerSecond == 0)
        return fmt::format("{}", count / microsecondsPerSecond);
    auto text =
        fmt::format("{}.{:06}", count / microsecondsPerSecond, count % microsecondsPerSecond);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

} // namespace

bool Arguments::take(std::string_view text)
{
    const auto *word = peek();
    if (!word || word->text != text)
        return false;
    next_++;
    return true;
}

const Word *Arguments::word(std::string_view what)
{
    if (more())
        return &statement_->words[next_++];
    // Behind what is there, where it should stand.
    const auto &last = statement_->words.back();
    report_.error(Where(last), fmt::format("'{}' needs {}", keyword().text, what));
    return nullptr;
}

std::optional<std::uint64_t> Arguments::number(std::string_view what, std::uint64_t min,
                                               std::uint64_t max)
{
    const auto *text = word(what);
    if (!text)
        return {};
    const auto value = parseWhole<std::uint64_t>(text->text);
    if (value && *value >= min && *value <= max)
        return value;
    refuse(*text,
           fmt::format("'{}' is not {}: a number from {} to {}", text->text, what, min, max));
    return {};
}

std::optional<std::int64_t> Arguments::integer(std::string_view what, std::int64_t min,
                                               std::int64_t max)
{
    const auto *text = word(what);
    if (!text)
        return {};
    const auto value = parseWhole<std::int64_t>(text->text);
    if (value && *value >= min && *value <= max)
        return value;
    refuse(*text,
           fmt::format("'{}' is not {}: a number from {} to {}", text->text, what, min, max));
    return {};
}

std::optional<Duration> Arguments::timer(std::string_view what, Duration min, Duration max)
{
    const auto *text = word(what);
    if (!text)
        return {};
    const auto value = parseMicroseconds(text->text);
    if (value && *value >= static_cast<std::uint64_t>(min.count()) &&
        *value <= static_cast<std::uint64_t>(max.count()))
        return Duration(*value);
    refuse(*text, fmt::format("'{}' is not {}: seconds from {} to {}, with up to six decimals",
                              text->text, what, showSeconds(min), showSeconds(max)));
    return {};
}

std::optional<Ip> Arguments::ip(std::string_view what)
{
    const auto *text = word(what);
    if (!text)
        return {};
    if (auto ip = Ip::parse(text->text))
        return *ip;
    refuse(*text, fmt::format("'{}' is not {}: an IPv4 or IPv6 address", text->text, what));
    return {};
}

std::optional<Port> Arguments::port()
{
    const auto value = number("a port", 1, UINT16_MAX);
    if (!value)
        return {};
    return Port{static_cast<std::uint16_t>(*value)};
}

std::optional<bool> Arguments::boolean(bool absent)
{
    static constexpr std::array<std::string_view, 6> names{"on",  "true",  "yes",
                                                           "off", "false", "no"};
    constexpr std::size_t firstOff = 3;

    if (!more())
        return absent;
    const auto found = choice("a switch", names, true);
    if (!found)
        return {};
    return *found < firstOff;
}

std::optional<std::size_t> Arguments::choice(std::string_view what,
                                             std::span<const std::string_view> names, bool anyCase)
{
    const auto *text = word(what);
    if (!text)
        return {};
    const auto found = std::ranges::find_if(
        names, [&](std::string_view name) { return same(name, text->text, anyCase); });
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    refuse(*text, fmt::format("'{}' is not {}", text->text, what), suggest(text->text, names));
    return {};
}

void Arguments::end()
{
    if (more())
        report_.note(Where(statement_->words[next_]),
                     fmt::format("'{}' means nothing behind '{}'", statement_->words[next_].text,
                                 keyword().text),
                     "keepalived ignores it; remove it");
    next_ = statement_->words.size();
}

} // namespace lb::config
