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

class Context {
public:
    struct Form {
        bool json = false;
        bool resolve = false;
        bool terminal = false; // somebody sits there: ask, redraw
    };

    Context(Sink sink, Form form) : sink_(std::move(sink)), form_(form), names_(form.resolve) {}

    [[nodiscard]] const Form &form() const { return form_; }
    [[nodiscard]] const Sink &sink() const { return sink_; }
    void write(std::string_view text) const { sink_(text); }
    Names &names() { return names_; }
    std::string show(const netlink::ServiceKey &key);

    // Points into this context.
    Result<netlink::Director *> director();

private:
    Sink sink_;
    Form form_;
    Names names_;
    std::optional<netlink::Director> director_{};
};

} // namespace lb::lbctl
