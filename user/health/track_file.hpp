// SPDX-License-Identifier: GPL-2.0
// What a track file says, and what that means for a server (FILE_CHECK): keepalived.conf(5),
// "Track files" and "File checker". keepalived 2.2.7 itself knows FILE_CHECK without "dynamic" and
// takes no notice of what is in the file. Watching the file is process/watch.hpp's.
#pragma once

#include "../config/probe.hpp"
#include "../config/vrrp.hpp"
#include "verdict.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lb::health {

// Below any other product: whoever looks at the file fails.
inline constexpr std::int64_t fault = INT32_MIN;

// The number that @text begins with, in 32 bits; nothing when it begins with none.
std::optional<std::int64_t> fileValue(std::string_view text);

// Times @weight, or its opposite. Of weight 0 the value says good (0) or fault, reversed the
// other way round. In 32 bits.
std::int64_t weigh(std::int64_t value, std::int64_t weight, bool reverse);

// @text is nothing when there is no file, which is as if it said 0. @own is the weight that the
// server has by itself; a dynamic probe asks for one that differs from it by what the file says.
Verdict fileVerdict(std::optional<std::string_view> text, const config::TrackFile &file,
                    const config::FileProbe &probe, std::int64_t own);

} // namespace lb::health
