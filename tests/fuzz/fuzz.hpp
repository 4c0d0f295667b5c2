// SPDX-License-Identifier: GPL-2.0
// What every fuzzer needs: bytes as text, and a way to say that something is not as it has to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace lb::fuzz {

inline std::string_view textOf(const std::uint8_t *bytes, std::size_t size)
{
    return {reinterpret_cast<const char *>(bytes), size};
}

// Ends the fuzzer, which keeps the input.
inline void require(bool is, const char *what)
{
    if (is)
        return;
    std::fprintf(stderr, "not so: %s\n", what); // NOLINT
    std::abort();
}

// The first byte of an input says in which pieces the rest comes; the rest is left.
inline std::size_t takePieceSize(std::string_view &input)
{
    if (input.empty())
        return 1;
    const auto size = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    return std::size_t{size} + 1;
}

} // namespace lb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size);
