// SPDX-License-Identifier: GPL-2.0
#include "error.hpp"

#include <stdexcept>
#include <system_error>

#include <fmt/core.h>

namespace lb {

std::string toString(const Error &error)
{
    return error.hint.empty() ? error.what : fmt::format("{} ({})", error.what, error.hint);
}

Error systemError(int code, std::string doing)
{
    return {.code = code,
            .what = fmt::format("{}: {}", doing, std::generic_category().message(code))};
}

void throw_exception_from_error(const Error &error, const boost::source_location &)
{
    throw std::logic_error("the value of a failed result was used: " + toString(error));
}

} // namespace lb
