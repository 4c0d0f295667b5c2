// SPDX-License-Identifier: GPL-2.0
#include "regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <memory>

#include <pcre2.h>

#include <fmt/core.h>

namespace lb::health {

namespace {

// In the order of Regex::options, which is that of the names in config/probe_http.cpp.
constexpr std::uint32_t options[] = {
    PCRE2_ALLOW_EMPTY_CLASS, PCRE2_ALT_BSUX,
    PCRE2_AUTO_CALLOUT,      PCRE2_CASELESS,
    PCRE2_DOLLAR_ENDONLY,    PCRE2_DOTALL,
    PCRE2_DUPNAMES,          PCRE2_EXTENDED,
    PCRE2_FIRSTLINE,         PCRE2_MATCH_UNSET_BACKREF,
    PCRE2_MULTILINE,         PCRE2_NEVER_UCP,
    PCRE2_NEVER_UTF,         PCRE2_NO_AUTO_CAPTURE,
    PCRE2_NO_AUTO_POSSESS,   PCRE2_NO_DOTSTAR_ANCHOR,
    PCRE2_NO_START_OPTIMIZE, PCRE2_UCP,
    PCRE2_UNGREEDY,          PCRE2_UTF,
    PCRE2_NEVER_BACKSLASH_C, PCRE2_ALT_CIRCUMFLEX,
    PCRE2_ALT_VERBNAMES,     PCRE2_USE_OFFSET_LIMIT,
};

template <auto release>
struct Release {
    template <typename T>
    void operator()(T *what) const
    {
        release(what);
    }
};
using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using Data = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;
using Context = std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>>;

std::string messageOf(int error)
{
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return reinterpret_cast<const char *>(text.data());
}

PCRE2_SPTR bytes(std::string_view text)
{
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

} // namespace

Result<bool> found(const config::Regex &regex, std::string_view in)
{
    // More than there are places to begin at in what is searched at most, and done in well under a
    // second: nothing else runs meanwhile.
    constexpr std::uint32_t mostSteps = 5'000'000;

    std::uint32_t bits = regex.maxOffset != 0 ? PCRE2_USE_OFFSET_LIMIT : 0;
    for (std::size_t i = 0; i < std::size(options); i++)
        if ((regex.options >> i & 1U) != 0)
            bits |= options[i];
    int error = 0;
    PCRE2_SIZE at = 0;
    const Code code(
        pcre2_compile(bytes(regex.pattern), regex.pattern.size(), bits, &error, &at, nullptr));
    if (!code)
        return Error{.what = fmt::format("regex '{}': {} at character {}", regex.pattern,
                                         messageOf(error), at + 1)};
    if (regex.minOffset > in.size())
        return false;

    const Data data(pcre2_match_data_create_from_pattern(code.get(), nullptr));
    const Context context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), mostSteps);
    if (regex.maxOffset != 0)
        pcre2_set_offset_limit(context.get(), regex.maxOffset);
    const int result = pcre2_match(code.get(), bytes(in), in.size(), regex.minOffset, 0, data.get(),
                                   context.get());
    if (result == PCRE2_ERROR_NOMATCH)
        return false;
    if (result < 0)
        return Error{.what = fmt::format("regex '{}': {}", regex.pattern, messageOf(result))};
    return true;
}

} // namespace lb::health
