// SPDX-License-Identifier: GPL-2.0
// The dialogue that hands a mail to a server (RFC 5321), as a machine without I/O: lines of the
// server in, lines for it out.
#pragma once

#include "../base/error.hpp"
#include "message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lb::notify {

class Dialogue {
public:
    // The server speaks first.
    Dialogue(std::string hello, Message message);

    // One line of the server, without its end; what to send, or nothing as it is not done.
    // An error ends it: a code of 500 and above is for ever (RFC 5321, 4.2.1).
    Result<std::string> on(std::string_view line);
    // The server took it; what follows does not matter.
    [[nodiscard]] bool accepted() const { return accepted_; }
    [[nodiscard]] bool done() const { return step_ == Step::done; }

private:
    enum class Step : std::uint8_t { greeting, hello, from, to, data, content, quit, done };

    [[nodiscard]] int expected() const;
    [[nodiscard]] std::string_view doing() const;
    std::string next();

    std::string hello_;
    Message message_;
    Step step_ = Step::greeting;
    std::size_t recipient_ = 0; // the next
    bool accepted_ = false;
};

} // namespace lb::notify
