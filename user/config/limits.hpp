// SPDX-License-Identifier: GPL-2.0
// Where reading ends, so that no file, by mistake or by malice, takes all memory or never ends.
// Each is far beyond what people write; who meets one is told so by a finding.
#pragma once

#include <cstddef>

namespace lb::config {

// A fuzzer has seconds and little memory; what is beyond a limit is the same below it.
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
inline constexpr std::size_t smaller = 1'000;
#else
inline constexpr std::size_t smaller = 1;
#endif

inline constexpr std::size_t maxDepth = 100;                 // blocks in blocks
inline constexpr std::size_t maxNesting = 50;                // includes, ~SEQ, $LINES in each other
inline constexpr std::size_t maxIncludes = 10'000;           // files opened
inline constexpr std::size_t maxAlternatives = 10'000;       // that braces in a file's name make
inline constexpr std::size_t maxPattern = 4'096;             // bytes of a file's name
inline constexpr std::size_t maxMade = 10'000'000 / smaller; // words out of ~SEQ and $LINES
inline constexpr std::size_t maxMadeText = (512UL << 20) / smaller;  // bytes out of definitions
inline constexpr std::size_t maxReplacements = 20'000'000 / smaller; // of definitions
inline constexpr std::size_t maxChain = 100;                         // definitions in definitions
inline constexpr std::size_t maxLine =
    (16UL << 20) / smaller;                         // bytes of a line with its definitions
inline constexpr std::size_t maxFile = 256UL << 20; // bytes
inline constexpr std::size_t maxFindings = 1'000;

} // namespace lb::config
