// SPDX-License-Identifier: GPL-2.0
// What a mail server is asked, and which replies are good (RFC 5321, 3.1 to 3.8), as a machine
// without I/O: its lines in, ours out.
#pragma once

#include "../base/error.hpp"

#include <string>
#include <string_view>

namespace lb::health {

class SmtpTalk {
public:
    // The server speaks first.
    explicit SmtpTalk(std::string helloName) : helloName_(std::move(helloName)) {}

    // One line of the server, without its end; what is said to it now, often nothing.
    Result<std::string> on(std::string_view line);
    [[nodiscard]] bool done() const { return step_ == Step::done; }
    // What is waited for: "greeting", "reply to HELO".
    [[nodiscard]] std::string_view awaited() const;

private:
    enum class Step : std::uint8_t { greeting, hello, quit, done };

    std::string helloName_;
    Step step_ = Step::greeting;
    int lines_ = 0; // of this reply
};

} // namespace lb::health
