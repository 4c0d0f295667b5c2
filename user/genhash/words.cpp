// SPDX-License-Identifier: GPL-2.0
#include "words.hpp"

#include "../base/number.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include <getopt.h>

#include <fmt/format.h>

namespace lb::genhash {

namespace {

// A colon first: a value that is missing is told from an option that is unknown.
constexpr const char *letters = ":hvSIs:V:p:u:m:P:t:";

constexpr std::array<option, 12> names{{
    {"use-ssl", no_argument, nullptr, 'S'},
    {"use-sni", no_argument, nullptr, 'I'},
    {"server", required_argument, nullptr, 's'},
    {"port", required_argument, nullptr, 'p'},
    {"url", required_argument, nullptr, 'u'},
    {"use-virtualhost", required_argument, nullptr, 'V'},
    {"verbose", no_argument, nullptr, 'v'},
    {"help", no_argument, nullptr, 'h'},
    {"fwmark", required_argument, nullptr, 'm'},
    {"protocol", required_argument, nullptr, 'P'},
    {"timeout", required_argument, nullptr, 't'},
    {nullptr, 0, nullptr, 0},
}};

Error wrong(std::string what)
{
    return {.what = std::move(what)};
}

// "--server", or "-s", as in @word.
std::string nameOf(int letter, std::string_view word)
{
    if (word.starts_with("--"))
        return std::string(word);
    return fmt::format("-{}", static_cast<char>(letter));
}

Result<std::uint64_t> number(std::string_view text, std::string_view what, std::uint64_t min,
                             std::uint64_t max)
{
    auto value = parseNumber(text, min, max);
    if (!value)
        return wrong(fmt::format("invalid {} '{}'", what, text));
    return value;
}

Result<config::HttpVersion> versionOf(std::string_view text)
{
    if (text == "1.0")
        return config::HttpVersion::v10;
    if (text == "1.0c" || text == "1.0C")
        return config::HttpVersion::v10Close;
    if (text == "1.1")
        return config::HttpVersion::v11;
    return wrong(fmt::format("invalid HTTP protocol version '{}'", text));
}

// An option and its value.
Result<void> take(Ask &ask, int letter, std::string_view value)
{
    switch (letter) {
    case 'v':
        ask.verbose = true;
        break;
    case 'S':
        ask.tls = true;
        break;
    case 'I':
        ask.sni = true;
        break;
    case 's':
        if (value.empty())
            return wrong("server should be an address or a name, and is empty");
        ask.server = value;
        break;
    case 'V':
        ask.host = value;
        break;
    case 'u':
        ask.url = value;
        break;
    case 'p': {
        const auto port = number(value, "port number", 1, UINT16_MAX);
        if (!port)
            return port.error();
        ask.port = {static_cast<std::uint16_t>(*port)};
        break;
    }
    case 'm': {
        const auto mark = number(value, "fwmark", 0, UINT32_MAX);
        if (!mark)
            return mark.error();
        ask.mark = static_cast<std::uint32_t>(*mark);
        break;
    }
    case 't': {
        constexpr std::uint64_t most = 86400;
        const auto timeout = number(value, "timeout", 1, most);
        if (!timeout)
            return timeout.error();
        ask.timeout = std::chrono::seconds(*timeout);
        break;
    }
    default: {
        const auto version = versionOf(value);
        if (!version)
            return version.error();
        ask.version = *version;
    }
    }
    return {};
}

} // namespace

Result<Ask> readWords(std::span<const std::string> words)
{
    Ask ask;
    bool server = false;
    bool port = false;
    bool url = false;
    bool help = words.size() < 2; // no single word says enough
    std::vector<std::string> complaints;

    std::vector<std::string> copies{"genhash"};
    copies.insert(copies.end(), words.begin(), words.end());
    std::vector<char *> argv;
    argv.reserve(copies.size() + 1);
    for (auto &copy : copies)
        argv.push_back(copy.data());
    const auto argc = static_cast<int>(argv.size());
    argv.push_back(nullptr);

    ::optind = 0; // begins anew
    ::opterr = 0;
    for (int letter = 0; !help;) {
        // Only this thread reads words. NOLINTNEXTLINE(concurrency-mt-unsafe)
        letter = ::getopt_long(argc, argv.data(), letters, names.data(), nullptr);
        if (letter == -1)
            break;
        const std::string_view word = argv[static_cast<std::size_t>(::optind) - 1];
        const bool known =
            std::string_view(letters).find(static_cast<char>(::optopt)) != std::string_view::npos;
        if (letter == ':') {
            complaints.push_back(
                fmt::format("Missing parameter for option {}", nameOf(::optopt, word)));
        } else if (letter == '?') {
            // Of a known letter only a long option can be wrong: it has a value and takes none.
            complaints.push_back(fmt::format("Unknown option {}", ::optopt == 0 || known
                                                                      ? std::string(word)
                                                                      : nameOf(::optopt, {})));
        } else if (letter == 'h') {
            complaints.emplace_back();
        } else {
            const auto taken = take(ask, letter, ::optarg != nullptr ? ::optarg : "");
            if (!taken) {
                complaints.push_back(taken.error().what);
                break;
            }
            server = server || letter == 's';
            port = port || letter == 'p';
            url = url || letter == 'u';
        }
    }
    if (help)
        return wrong("");
    if (complaints.empty() && ::optind < argc) {
        std::string text = "Unexpected argument(s):";
        for (int i = ::optind; i < argc; i++)
            text += fmt::format(" {}", argv[static_cast<std::size_t>(i)]);
        complaints.push_back(std::move(text));
    }
    if (complaints.empty())
        for (const auto &[given, name] :
             {std::pair{server, "--server"}, {port, "--port"}, {url, "--url"}})
            if (!given)
                complaints.push_back(fmt::format("{} is missing", name));
    if (complaints.empty())
        return ask;
    std::erase(complaints, "");
    return wrong(fmt::format("{}", fmt::join(complaints, "\n")));
}

std::string usage(std::string_view name)
{
    return fmt::format(
        "Usage: {} COMMAND [OPTIONS]\n"
        "Commands:\n"
        "   -s server-address -p port -u url\n"
        "   -S -s server-address -p port -u url\n"
        "   -h\n"
        "\n"
        "Options:\n"
        "Either long or short options are allowed.\n"
        "   --use-ssl         -S       Use SSL connection to remote server.\n"
        "   --use-sni         -I       Use SNI during SSL handshake (uses virtualhost setting; "
        "see -V).\n"
        "   --server          -s       Use the specified remote server address.\n"
        "   --port            -p       Use the specified remote server port.\n"
        "   --url             -u       Use the specified remote server url.\n"
        "   --use-virtualhost -V       Use the specified virtualhost in GET query.\n"
        "   --verbose         -v       Use verbose mode output.\n"
        "   --help            -h       Display this short inlined help screen.\n"
        "   --fwmark          -m       Use the specified FW mark.\n"
        "   --protocol        -P       Use the specified HTTP protocol - '1.0', 1.0c', '1.1'.\n"
        "                                1.0c means 1.0 with 'Connection: close'\n"
        "   --timeout         -t       Timeout in seconds\n",
        name);
}

std::string requestOf(const Ask &ask)
{
    using config::HttpVersion;

    std::string host;
    if (ask.host) {
        host = *ask.host;
    } else if (const auto ip = Ip::parse(ask.server)) {
        host = toString(Endpoint{.ip = *ip, .port = ask.port});
    } else {
        host = fmt::format("{}:{}", ask.server, ask.port.value);
    }
    return fmt::format("GET {} HTTP/1.{}\r\n"
                       "User-Agent: KeepAliveClient\r\n"
                       "{}"
                       "Host: {}\r\n\r\n",
                       ask.url, ask.version == HttpVersion::v11 ? 1 : 0,
                       ask.version == HttpVersion::v10 ? "" : "Connection: close\r\n", host);
}

} // namespace lb::genhash
