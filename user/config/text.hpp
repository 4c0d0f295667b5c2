// SPDX-License-Identifier: GPL-2.0
// Characters of a line that know where they were written, also after definitions are resolved.
#pragma once

#include "tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lb::config {

struct Origin {
    enum class Kind : std::uint8_t {
        written, // at place, the next character one column further
        defined, // comes out of a definition that is used at place; the next is one further there
        made,    // stands nowhere: a number of ~SEQ, ${_PWD}
    };
    Place place{};
    std::uint32_t length = 1; // of the use; of a written character 1
    Place defined{};
    Kind kind = Kind::written;

    [[nodiscard]] Place source() const { return kind == Kind::written ? place : defined; }
};

class Text {
public:
    Text() = default;
    Text(std::string_view chars, const Origin &origin);

    [[nodiscard]] std::string_view chars() const
    {
        return owns_ ? std::string_view(made_) : written_;
    }
    [[nodiscard]] Origin at(std::size_t i) const;
    // From @begin up to @end as one: what a finding marks.
    [[nodiscard]] Origin span(std::size_t begin, std::size_t end) const;

    // Nothing but @chars, which stays where it is.
    void write(std::string_view chars, const Origin &origin);
    void clear();
    void append(std::string_view chars, const Origin &origin);
    // With @use, as what comes out of a definition that is used there.
    void append(const Text &other, std::size_t begin, std::size_t end, const Origin *use = nullptr);
    void trim(); // blanks at the end
    // A copy that needs nobody else.
    [[nodiscard]] Text copy(std::size_t begin, std::size_t end) const;

private:
    struct Run {
        std::size_t begin = 0;
        Origin origin{}; // of its first character
    };
    [[nodiscard]] std::size_t runOf(std::size_t i) const;

    bool owns_ = true;
    std::string_view written_{};
    std::string made_{};
    std::vector<Run> runs_{};
};

Origin advance(Origin origin, std::size_t columns);

inline bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Where in @chars, from @from on, the first is that is not blank.
inline std::size_t skipBlanks(std::string_view chars, std::size_t from)
{
    while (from < chars.size() && isBlank(chars[from]))
        from++;
    return from;
}

std::string_view trimmed(std::string_view chars);

} // namespace lb::config
