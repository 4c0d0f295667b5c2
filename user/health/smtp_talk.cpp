// SPDX-License-Identifier: GPL-2.0
#include "smtp_talk.hpp"

#include "quote.hpp"

#include <fmt/core.h>

namespace lb::health {

std::string_view SmtpTalk::awaited() const
{
    constexpr std::string_view names[] = {"greeting", "reply to HELO", "reply to QUIT", ""};
    return names[static_cast<std::size_t>(step_)];
}

Result<std::string> SmtpTalk::on(std::string_view line)
{
    constexpr int longest = 100; // lines
    constexpr std::size_t code = 3;

    if (++lines_ > longest)
        return Error{.what = fmt::format("a reply of more than {} lines", longest)};
    // RFC 5321, 4.2.1: all lines of a reply but the last have a hyphen behind the code.
    if (line.size() > code && line[code] == '-')
        return std::string();
    lines_ = 0;
    switch (step_) {
    case Step::greeting:
        if (!line.starts_with("220"))
            return Error{.what = fmt::format("greeting '{}', expected 220", quote(line))};
        step_ = Step::hello;
        return fmt::format("HELO {}\r\n", helloName_);
    case Step::hello:
        if (!line.starts_with("250"))
            return Error{.what = fmt::format("reply '{}' to HELO, expected 250", quote(line))};
        step_ = Step::quit;
        return std::string("QUIT\r\n");
    case Step::quit: // whatever it says, as by keepalived
        step_ = Step::done;
        return std::string();
    case Step::done:
        break;
    }
    return std::string();
}

} // namespace lb::health
