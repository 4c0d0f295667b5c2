// SPDX-License-Identifier: GPL-2.0
// An answer of HTTP/1 means the same in whatever pieces it comes.
#include "fuzz.hpp"
#include "health/http_answer.hpp"
#include "health/regex.hpp"

#include <algorithm>

#include <fmt/ranges.h>

using namespace lb;
using namespace lb::health;

namespace {

std::string made(std::string_view input, std::size_t piece)
{
    HttpAnswer answer({.digest = true, .text = true});
    while (!input.empty() && !answer.done()) {
        if (!answer.take(input.substr(0, piece)))
            return "none";
        input.remove_prefix(std::min(piece, input.size()));
    }
    if (!answer.end())
        return "none";
    const auto &body = answer.body();
    fuzz::require(body.text().size() <= HttpBody::mostKept + 65536, "what is kept is bounded");
    static_cast<void>(found({.pattern = "a[b-d]+$"}, body.text()));
    return fmt::format("{} {} {} {}", answer.status(), body.size(), body.digest(), body.text());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    auto input = fuzz::textOf(bytes, size);
    const auto piece = fuzz::takePieceSize(input);
    fuzz::require(made(input, piece) == made(input, std::max<std::size_t>(input.size(), 1)),
                  "pieces make no difference");
    return 0;
}
