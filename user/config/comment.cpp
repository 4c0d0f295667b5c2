// SPDX-License-Identifier: GPL-2.0
#include "comment.hpp"

namespace lb::config {

namespace {

constexpr std::string_view special = "#!\"\\";

Place behind(Place place, std::size_t columns)
{
    place.column += static_cast<std::uint32_t>(columns);
    return place;
}

Origin writtenAt(Place place)
{
    return {place, 1, place, Origin::Kind::written};
}

} // namespace

void uncomment(std::string_view line, Place place, Text &into)
{
    const auto begin = skipBlanks(line, 0);
    line = trimmed(line);
    place = behind(place, begin);
    into.write(line, writtenAt(place));

    Text whole;
    bool quoted = false;
    std::size_t from = 0; // what whole does not have yet
    std::size_t end = line.size();
    for (auto i = line.find_first_of(special); i < end; i = line.find_first_of(special, i + 1)) {
        if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == '\\') {
            const bool comment = i + 1 < end && (line[i + 1] == '#' || line[i + 1] == '!');
            if (comment && !quoted) {
                whole.append(line.substr(from, i - from), writtenAt(behind(place, from)));
                from = i + 1;
            }
            i++;
        } else if (!quoted) {
            end = i;
        }
    }
    if (from == 0 && end == line.size())
        return;
    whole.append(line.substr(from, end - from), writtenAt(behind(place, from)));
    whole.trim();
    if (end < line.size() && line.ends_with('\\'))
        whole.append("\\", writtenAt(behind(place, line.size() - 1)));
    into = std::move(whole);
}

} // namespace lb::config
