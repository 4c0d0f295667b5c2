// SPDX-License-Identifier: GPL-2.0
// Where something of the model was written: travels along for report, and says nothing about
// what it is, so that all are equal.
#pragma once

#include "tree.hpp"

namespace lb::config {

struct Where {
    Place place{};
    std::uint32_t length = 0; // bytes
    Place defined{};

    Where() = default;
    explicit Where(const Word &word) : place(word.place), length(word.length), defined(word.defined)
    {}
    friend bool operator==(const Where &, const Where &) { return true; }
};

} // namespace lb::config
