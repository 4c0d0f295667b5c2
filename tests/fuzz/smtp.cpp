// SPDX-License-Identifier: GPL-2.0
// What mail servers say: to SMTP_CHECK, and to a mail.
#include "notify/smtp.hpp"

#include "fuzz.hpp"
#include "health/smtp_talk.hpp"

using namespace lb;

namespace {

void talk(std::string_view input)
{
    health::SmtpTalk talk("me.example");
    while (!input.empty() && !talk.done()) {
        const auto end = input.find('\n');
        const auto said = talk.on(input.substr(0, end));
        if (!said) {
            fuzz::require(!said.error().what.empty(), "a failure is explained");
            fuzz::require(said.error().what.find('\x1b') == std::string::npos,
                          "no terminal obeys it");
            return;
        }
        fuzz::require(!talk.awaited().empty() || talk.done(), "something is waited for");
        input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    }
}

void mail(std::string_view input)
{
    notify::Dialogue dialogue(
        "me.example",
        {.from = "a@example", .to = {"b@example", "c@example"}, .subject = "s", .body = ".\nb\n"});
    while (!input.empty() && !dialogue.done()) {
        const auto end = input.find('\n');
        if (!dialogue.on(input.substr(0, end)))
            return;
        input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    talk(fuzz::textOf(bytes, size));
    mail(fuzz::textOf(bytes, size));
    return 0;
}
