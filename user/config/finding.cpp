// SPDX-License-Identifier: GPL-2.0
// A finding for people.
#include "text.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::config {

namespace {

constexpr std::size_t widest = 160;

// Nothing that a file holds may move the cursor.
std::string printable(std::string_view text)
{
    std::string shown;
    for (const char c : text)
        shown += (c >= 0 && c < ' ' && c != '\t') || c == '\x7f' ? '?' : c;
    return shown;
}

bool isCharacter(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; // not the rest of one in UTF-8
}

std::string_view lineOf(const File &file, std::uint32_t line)
{
    if (line == 0 || line > file.lines.size())
        return {};
    auto text = std::string_view(file.text).substr(file.lines[line - 1]);
    text = text.substr(0, text.find('\n'));
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string pathOf(const Tree &tree, const Place &place)
{
    return place.file < tree.files.size() ? printable(tree.files[place.file].path) : std::string();
}

// The line at @place and a mark below @length bytes of it.
std::string marked(const Tree &tree, const Place &place, std::size_t length)
{
    if (place.file >= tree.files.size())
        return {};
    auto line = lineOf(tree.files[place.file], place.line);
    if (line.empty())
        return {};
    auto begin = std::min<std::size_t>(place.column - 1, line.size());
    // Of a line that fits no screen, what is around the mark.
    if (line.size() > widest) {
        auto from = begin > widest / 2 ? begin - widest / 2 : 0;
        while (from < begin && !isCharacter(line[from]))
            from++;
        line = line.substr(from, widest);
        begin -= from;
    }
    // Tabs stay tabs, so that the mark stands below the word.
    std::string mark;
    for (const char c : line.substr(0, begin))
        if (isCharacter(c))
            mark += c == '\t' ? '\t' : ' ';
    std::size_t width = 0;
    for (const char c : line.substr(begin, length))
        width += isCharacter(c) ? 1 : 0;
    return fmt::format("    {}\n    {}{}\n", printable(line), mark,
                       std::string(std::max<std::size_t>(width, 1), '^'));
}

std::string toString(const Place &place, const Tree &tree)
{
    return fmt::format("{}:{}:{}", pathOf(tree, place), place.line, place.column);
}

} // namespace

std::string toString(const Finding &finding, const Tree &tree)
{
    static constexpr std::string_view severities[] = {"error", "warning", "note"};
    auto told = fmt::format("{}: {}: {}\n", toString(finding.place, tree),
                            severities[static_cast<std::size_t>(finding.severity)],
                            printable(finding.what));
    told += marked(tree, finding.place, finding.length);
    if (finding.defined != finding.place) {
        told += fmt::format("{}: it comes from here\n", toString(finding.defined, tree));
        told += marked(tree, finding.defined, 1);
    }
    if (!finding.hint.empty())
        told += fmt::format("    hint: {}\n", printable(finding.hint));
    return told;
}

} // namespace lb::config
