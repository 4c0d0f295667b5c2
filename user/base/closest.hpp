// SPDX-License-Identifier: GPL-2.0
// "Did you mean": the candidate a mistyped word most likely stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lb {

// Empty when nothing is near: more than one slip per three letters is another word.
std::string_view closest(std::string_view word, std::span<const std::string_view> candidates);

// "did you mean 'wrr'?", or, when nothing is near, "one of rr wrr lc wlc".
std::string suggest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace lb
