// SPDX-License-Identifier: GPL-2.0
// What a command works with: where to write, in which form, and the director, which is opened
// when it is first asked for.
#pragma once

#include "../netlink/lb.hpp"
#include "grammar.hpp"
#include "names.hpp"
#include "table.hpp"

#include <optional>
#include <string>

namespace lb::lbctl {

// Where words go.
struct Streams {
    Sink out{};
    Sink fail{};                         // standard error
    std::function<void()> flush = [] {}; // shows what was written, for commands that go on
    bool terminal = false;               // somebody sits there: ask, redraw
};

class Context {
public:
    struct Form {
        bool json = false;
        bool resolve = false;
    };

    Context(Streams streams, Form form)
        : streams_(std::move(streams)), form_(form), names_(form.resolve)
    {}

    [[nodiscard]] const Form &form() const { return form_; }
    [[nodiscard]] const Sink &sink() const { return streams_.out; }
    [[nodiscard]] bool terminal() const { return streams_.terminal; }
    void write(std::string_view text) const { streams_.out(text); }
    void flush() const { streams_.flush(); }
    Names &names() { return names_; }
    std::string show(const netlink::ServiceKey &key);

    // Points into this context.
    Result<netlink::Director *> director();

private:
    Streams streams_;
    Form form_;
    Names names_;
    std::optional<netlink::Director> director_{};
};

} // namespace lb::lbctl
