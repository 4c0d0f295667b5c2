// SPDX-License-Identifier: GPL-2.0
// How ipvsadm ends: with a status, and what standard error gets to read.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace lb::ipvsadm {

// A program that ends with -1 is seen to have ended with 255.
inline constexpr int usageStatus = 255;
inline constexpr int failStatus = 2;

struct Refusal {
    // Both or none, so that no number or text silently becomes a refusal.
    Refusal() = default;
    Refusal(int ends, std::string says) : status(ends), text(std::move(says)) {}

    int status = failStatus;
    std::string text{}; // without the last line's end
};

template <typename T>
using Outcome = boost::system::result<T, Refusal>;

inline Refusal fail(std::string text)
{
    return {failStatus, std::move(text)};
}

using Sink = std::function<void(std::string_view)>;

struct Streams {
    Sink out{};
    Sink fail{};
};

[[noreturn]] void throw_exception_from_error(const Refusal &refusal,
                                             const boost::source_location &);

} // namespace lb::ipvsadm
