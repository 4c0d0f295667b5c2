// SPDX-License-Identifier: GPL-2.0
#include "exposition.hpp"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace lb::web {

namespace {

// What cannot stand in a line as it is; a quotation mark can, but for a label's value.
void addEscaped(std::string &out, std::string_view text, bool quoted)
{
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quoted)
            out += "\\\"";
        else
            out += c;
    }
}

void addNumber(std::string &out, double value)
{
    // The longest number whose decimals a double has.
    constexpr double exact = 9007199254740992.0;
    if (std::isnan(value))
        out += "NaN";
    else if (std::isinf(value))
        out += value > 0 ? "+Inf" : "-Inf";
    else if (std::trunc(value) == value && std::abs(value) < exact)
        fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(value));
    else
        fmt::format_to(std::back_inserter(out), "{}", value);
}

} // namespace

Labels &Labels::add(std::string_view name, std::string_view value)
{
    if (!text_.empty())
        text_ += ',';
    text_ += name;
    text_ += "=\"";
    addEscaped(text_, value, true);
    text_ += '"';
    return *this;
}

void addHeading(std::string &out, std::string_view name, std::string_view type,
                std::string_view help)
{
    fmt::format_to(std::back_inserter(out), "# HELP {} ", name);
    addEscaped(out, help, false);
    fmt::format_to(std::back_inserter(out), "\n# TYPE {} {}\n", name, type);
}

void addSample(std::string &out, std::string_view name, std::string_view labels,
               std::string_view more, double value)
{
    out += name;
    if (!labels.empty() || !more.empty()) {
        out += '{';
        out += labels;
        if (!labels.empty() && !more.empty())
            out += ',';
        out += more;
        out += '}';
    }
    out += ' ';
    addNumber(out, value);
    out += '\n';
}

} // namespace lb::web
