// SPDX-License-Identifier: GPL-2.0
#include "quote.hpp"

#include <algorithm>

namespace lb::health {

std::string quote(std::string_view line)
{
    constexpr std::size_t most = 80;
    std::string text(line.substr(0, most));
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
    return text;
}

} // namespace lb::health
