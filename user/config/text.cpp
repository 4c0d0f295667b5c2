// SPDX-License-Identifier: GPL-2.0
#include "text.hpp"

#include <algorithm>

namespace lb::config {

Origin advance(Origin origin, std::size_t columns)
{
    const auto further = static_cast<std::uint32_t>(columns);
    switch (origin.kind) {
    case Origin::Kind::written:
        origin.place.column += further;
        origin.defined = origin.place;
        break;
    case Origin::Kind::defined:
        origin.defined.column += further;
        break;
    case Origin::Kind::made:
        break;
    }
    return origin;
}

std::string_view trimmed(std::string_view chars)
{
    const auto begin = skipBlanks(chars, 0);
    auto end = chars.size();
    while (end > begin && isBlank(chars[end - 1]))
        end--;
    return chars.substr(begin, end - begin);
}

namespace {

// How what is written at @origin looks from where its definition is used.
Origin through(const Origin &origin, const Origin &use)
{
    return {use.place, use.length, origin.source(),
            origin.kind == Origin::Kind::made ? Origin::Kind::made : Origin::Kind::defined};
}

} // namespace

Text::Text(std::string_view chars, const Origin &origin)
{
    append(chars, origin);
}

std::size_t Text::runOf(std::size_t i) const
{
    const auto after =
        std::upper_bound(runs_.begin(), runs_.end(), i,
                         [](std::size_t at, const Run &run) { return at < run.begin; });
    return static_cast<std::size_t>(after - runs_.begin()) - 1;
}

Origin Text::at(std::size_t i) const
{
    if (runs_.empty())
        return {};
    const auto &run = runs_[runOf(i)];
    return advance(run.origin, i - run.begin);
}

Origin Text::span(std::size_t begin, std::size_t end) const
{
    auto origin = at(begin);
    if (end <= begin + 1)
        return origin;
    const auto last = at(end - 1);
    if (last.place.file == origin.place.file && last.place.line == origin.place.line &&
        last.place.column >= origin.place.column)
        origin.length = last.place.column + last.length - origin.place.column;
    // A word of which only a part comes out of a definition is defined where that part is.
    for (auto run = runOf(begin); run < runs_.size() && runs_[run].begin < end; run++)
        if (origin.kind == Origin::Kind::written &&
            runs_[run].origin.kind != Origin::Kind::written) {
            origin.defined = runs_[run].origin.defined;
            break;
        }
    return origin;
}

void Text::write(std::string_view chars, const Origin &origin)
{
    clear();
    owns_ = false;
    written_ = chars;
    runs_.push_back({0, origin});
}

void Text::clear()
{
    owns_ = true;
    written_ = {};
    made_.clear();
    runs_.clear();
}

void Text::append(std::string_view chars, const Origin &origin)
{
    if (chars.empty())
        return;
    runs_.push_back({made_.size(), origin});
    made_ += chars;
}

void Text::append(const Text &other, std::size_t begin, std::size_t end, const Origin *use)
{
    while (begin < end) {
        const auto run = other.runOf(begin);
        const auto stop =
            run + 1 < other.runs_.size() ? std::min(end, other.runs_[run + 1].begin) : end;
        const auto origin = other.at(begin);
        append(other.chars().substr(begin, stop - begin),
               use == nullptr ? origin : through(origin, *use));
        begin = stop;
    }
}

void Text::trim()
{
    auto end = chars().size();
    while (end > 0 && isBlank(chars()[end - 1]))
        end--;
    if (owns_)
        made_.resize(end);
    else
        written_ = written_.substr(0, end);
}

Text Text::copy(std::size_t begin, std::size_t end) const
{
    Text text;
    text.append(*this, begin, end);
    return text;
}

} // namespace lb::config
