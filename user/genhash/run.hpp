// SPDX-License-Identifier: GPL-2.0
// keepalived's genhash: fetches a page and prints the MD5 that a check's `digest` compares.
// Where keepalived's ends with 0 although there is no digest, this ends with 1 and says why on
// standard error.
#pragma once

#include "page.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lb::genhash {

struct Streams {
    Sink out{};
    Sink fail{}; // standard error
};

// Whether a program called by this path is it.
bool isGenhash(std::string_view path);

// Its exit status. @name is what it was called by, as its usage has it.
int run(std::string_view name, std::span<const std::string> words, const Streams &streams);

} // namespace lb::genhash
