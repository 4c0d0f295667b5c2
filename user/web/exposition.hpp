// SPDX-License-Identifier: GPL-2.0
// The text format that Prometheus reads (version 0.0.4): escaping and lines. Which families there
// are is for who exports them.
#pragma once

#include <string>
#include <string_view>

namespace lb::web {

inline constexpr std::string_view expositionType = "text/plain; version=0.0.4; charset=utf-8";

// name="value", more of them behind commas, without braces.
class Labels {
public:
    Labels &add(std::string_view name, std::string_view value);
    [[nodiscard]] const std::string &text() const { return text_; }
    std::string take() { return std::move(text_); }

private:
    std::string text_{};
};

// "# HELP" and "# TYPE": before the first line of a family.
void addHeading(std::string &out, std::string_view name, std::string_view type,
                std::string_view help);
// @labels and @more are as of Labels, and may be empty.
void addSample(std::string &out, std::string_view name, std::string_view labels,
               std::string_view more, double value);

} // namespace lb::web
