// SPDX-License-Identifier: GPL-2.0
#include "closest.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace lb {

namespace {

// Slips that turn @a into @b: a letter more, less, other, or two neighbours swapped.
std::size_t slips(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);

    for (std::size_t j = 0; j <= b.size(); j++)
        above[j] = j;
    for (std::size_t i = 1; i <= a.size(); i++) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); j++) {
            const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + other});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

} // namespace

std::string_view closest(std::string_view word, std::span<const std::string_view> candidates)
{
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string_view best;

    for (const auto candidate : candidates) {
        const auto count = slips(word, candidate);
        if (count < least) {
            least = count;
            best = candidate;
        }
    }
    return best;
}

std::string suggest(std::string_view word, std::span<const std::string_view> candidates)
{
    const auto best = closest(word, candidates);
    if (!best.empty())
        return fmt::format("did you mean '{}'?", best);
    return fmt::format("one of {}", fmt::join(candidates, " "));
}

} // namespace lb
