// SPDX-License-Identifier: GPL-2.0
#include "smtp.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace lb::notify {

namespace {

constexpr std::size_t codeLength = 3;

// An address cannot end the command that it stands in.
std::string clean(std::string text)
{
    std::erase_if(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '\x7f';
    });
    return text;
}

// What stands between < and >, or all of it.
std::string addressOf(const std::string &text)
{
    const auto begin = text.find('<');
    const auto end = text.find('>', begin == std::string::npos ? 0 : begin);
    return clean(begin == std::string::npos || end == std::string::npos
                     ? text
                     : text.substr(begin + 1, end - begin - 1));
}

} // namespace

Dialogue::Dialogue(std::string hello, Message message)
    : hello_(clean(std::move(hello))), message_(std::move(message))
{}

int Dialogue::expected() const
{
    switch (step_) {
    case Step::greeting:
        return 220;
    case Step::data:
        return 354;
    case Step::quit:
        return 221;
    default:
        return 250;
    }
}

std::string_view Dialogue::doing() const
{
    switch (step_) {
    case Step::greeting:
        return "the greeting";
    case Step::hello:
        return "HELO";
    case Step::from:
        return "MAIL FROM";
    case Step::to:
        return "RCPT TO";
    case Step::data:
        return "DATA";
    case Step::content:
        return "the mail";
    default:
        return "QUIT";
    }
}

std::string Dialogue::next()
{
    switch (step_) {
    case Step::greeting:
        step_ = Step::hello;
        return fmt::format("HELO {}\r\n", hello_);
    case Step::hello:
        step_ = Step::from;
        return fmt::format("MAIL FROM:<{}>\r\n", addressOf(message_.from));
    case Step::from:
    case Step::to:
        if (recipient_ < message_.to.size()) {
            step_ = Step::to;
            return fmt::format("RCPT TO:<{}>\r\n", addressOf(message_.to[recipient_++]));
        }
        step_ = Step::data;
        return "DATA\r\n";
    case Step::data:
        step_ = Step::content;
        return dataOf(message_);
    case Step::content:
        accepted_ = true;
        step_ = Step::quit;
        return "QUIT\r\n";
    default:
        step_ = Step::done;
        return {};
    }
}

Result<std::string> Dialogue::on(std::string_view line)
{
    int code = 0;
    const auto read =
        std::from_chars(line.data(), line.data() + std::min(line.size(), codeLength), code);
    if (line.size() < codeLength || read.ec != std::errc() || read.ptr != line.data() + codeLength)
        return Error{.what = fmt::format("the answer to {} is no SMTP: '{}'", doing(), line)};
    // RFC 5321, 4.2.1: more lines of this answer follow.
    if (line.size() > codeLength && line[codeLength] == '-')
        return std::string();
    // 251: will be forwarded, as good as 250 for a recipient.
    if (code != expected() && !(step_ == Step::to && code == 251))
        return Error{.code = code, .what = fmt::format("{} was answered '{}'", doing(), line)};
    return next();
}

} // namespace lb::notify
