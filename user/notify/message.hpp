// SPDX-License-Identifier: GPL-2.0
// A mail as text: its headers as keepalived writes them (RFC 5322), and its way into the dialogue
// with a server (RFC 5321).
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace lb::notify {

struct Message {
    std::string from{};
    std::vector<std::string> to{};
    std::string subject{};
    std::string body{}; // "=> TCP CHECK failed on service <="; lines end with \n
    std::chrono::system_clock::time_point written{};
};

// Headers and body with lines that end with CR LF; no text becomes a header or ends the mail.
// What follows DATA: its last line is the "." that ends it.
std::string dataOf(const Message &message);

} // namespace lb::notify
