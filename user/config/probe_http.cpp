// SPDX-License-Identifier: GPL-2.0
// HTTP_GET and SSL_GET.
#include "probe_keywords.hpp"

#include <charconv>

namespace lb::config {

namespace {

constexpr std::string_view versions[] = {"1.0", "1.0C", "1.1", "2"}; // the last is lbd's own

// In the order of the bits of Regex::options.
constexpr std::string_view regexOptions[] = {
    "allow_empty_class", "alt_bsux",
    "auto_callout",      "caseless",
    "dollar_endonly",    "dotall",
    "dupnames",          "extended",
    "firstline",         "match_unset_backref",
    "multiline",         "never_ucp",
    "never_utf",         "no_auto_capture",
    "no_auto_possess",   "no_dotstar_anchor",
    "no_start_optimize", "ucp",
    "ungreedy",          "utf",
    "never_backslash_c", "alt_circumflex",
    "alt_verbnames",     "use_offset_limit",
};

std::optional<std::uint16_t> parseStatus(std::string_view text)
{
    constexpr std::uint16_t least = 100, most = 999; // three digits: RFC 9112, 4
    std::uint16_t code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (error != std::errc() || end != text.data() + text.size() || code < least || code > most)
        return {};
    return code;
}

void takeStatus(Url &url, Arguments &arguments)
{
    while (const auto *word = arguments.more() ? arguments.word("a status") : nullptr) {
        const std::string_view text = word->text;
        const auto dash = text.find('-');
        const auto first = parseStatus(text.substr(0, dash));
        const auto last =
            dash == std::string_view::npos ? first : parseStatus(text.substr(dash + 1));
        if (!first || !last || *first > *last)
            arguments.refuse(*word, fmt::format("'{}' is no status of HTTP", text),
                             "a number from 100 to 999, or a range: 200-299");
        else
            url.status.push_back({*first, *last});
    }
}

void takeDigest(Url &url, Arguments &arguments)
{
    std::array<std::uint8_t, 16> digest{};
    const auto *word = arguments.word("an MD5 digest");
    if (!word)
        return;
    const std::string_view text = word->text;
    bool good = text.size() == 2 * digest.size();
    for (std::size_t i = 0; good && i < digest.size(); i++) {
        const auto *at = text.data() + 2 * i;
        const auto [end, error] = std::from_chars(at, at + 2, digest[i], 16);
        good = error == std::errc() && end == at + 2;
    }
    if (good)
        url.digest = digest;
    else
        arguments.refuse(*word, fmt::format("'{}' is no MD5 digest", text),
                         "32 hexadecimal digits, as lbctl genhash prints them");
}

Regex &regexOf(Url &url)
{
    if (!url.regex)
        url.regex.emplace();
    return *url.regex;
}

void takeRegex(Url &url, Arguments &arguments)
{
    if (const auto *word = arguments.word("a regular expression"))
        regexOf(url).pattern = word->text;
}

void takeNoMatch(Url &url, Arguments & /*arguments*/)
{
    regexOf(url).noMatch = true;
}

void takeRegexOptions(Url &url, Arguments &arguments)
{
    do {
        if (const auto option = arguments.choice("an option of a regular expression", regexOptions))
            regexOf(url).options |= std::uint32_t{1} << *option;
    } while (arguments.more());
}

void takeStack(Url &url, Arguments &arguments)
{
    const auto start = arguments.number("a size in bytes", 1, SIZE_MAX);
    const auto most = start ? arguments.number("a size in bytes", *start, SIZE_MAX) : std::nullopt;
    if (most) {
        regexOf(url).stackStart = *start;
        regexOf(url).stackMax = *most;
    }
}

template <std::size_t Regex::*member>
void takeOffset(Url &url, Arguments &arguments)
{
    if (const auto value = arguments.number("an offset in bytes", 0, SIZE_MAX))
        regexOf(url).*member = *value;
}

constexpr Keyword<Url> urlKeywords[] = {
    {"path", text<&Url::path>},
    {"digest", takeDigest},
    {"status_code", takeStatus},
    {"virtualhost", text<&Url::virtualHost>},
    {"regex", takeRegex},
    {"regex_no_match", takeNoMatch},
    {"regex_options", takeRegexOptions},
    {"regex_stack", takeStack},
    {"regex_min_offset", takeOffset<&Regex::minOffset>},
    {"regex_max_offset", takeOffset<&Regex::maxOffset>},
};

void takeUrl(HttpProbe &probe, Arguments &arguments)
{
    Url url{.where = Where(arguments.keyword())};
    takeBlock<Url, Url>(url, arguments.statement().block, arguments.report(), urlKeywords);
    if (url.path.empty()) {
        arguments.refuse(arguments.keyword(), "this url has no path", "path /");
        return;
    }
    if (url.regex && url.regex->pattern.empty()) {
        arguments.report().note(url.where, "what is said of its regex means nothing",
                                "there is no 'regex' here");
        url.regex.reset();
    }
    if (url.regex && url.regex->maxOffset && url.regex->maxOffset < url.regex->minOffset)
        arguments.refuse(arguments.keyword(),
                         "regex_max_offset is below regex_min_offset: nothing can match");
    probe.urls.push_back(std::move(url));
}

void takeVersion(HttpProbe &probe, Arguments &arguments)
{
    if (const auto version = arguments.choice("a version of HTTP", versions, true))
        probe.version = static_cast<HttpVersion>(*version);
}

void takeOldRetry(HttpProbe &probe, Arguments &arguments)
{
    arguments.report().warning(Where(arguments.keyword()),
                               "'nb_get_retry' is an old name of 'retry'", "write retry");
    number<&Timing::retry, 1>(probe, arguments);
}

constexpr Keyword<HttpProbe> httpKeywords[] = {
    {"url", takeUrl, Shape::block},
    {"http_protocol", takeVersion},
    {"fast_recovery", boolean<&HttpProbe::fastRecovery>},
    {"tls_compliant", boolean<&HttpProbe::tlsCompliant>},
    {"virtualhost", text<&HttpProbe::virtualHost>},
    {"nb_get_retry", takeOldRetry},
};

void take(std::vector<Probe> &into, Arguments &arguments, bool tls)
{
    HttpProbe probe{};
    probe.tls = tls;
    takeBlock<HttpProbe, HttpProbe, Target, Secure, Timing>(
        probe, arguments.statement().block, arguments.report(), httpKeywords, targetKeywords(),
        secureKeywords(), probeTimingKeywords());
    if (probe.urls.empty())
        arguments.refuse(arguments.keyword(),
                         fmt::format("this {} asks for nothing", arguments.keyword().text),
                         "url { path / }");
    else
        into.emplace_back(std::move(probe));
}

} // namespace

void takeHttpProbe(std::vector<Probe> &into, Arguments &arguments)
{
    take(into, arguments, false);
}

void takeTlsProbe(std::vector<Probe> &into, Arguments &arguments)
{
    take(into, arguments, true);
}

} // namespace lb::config
