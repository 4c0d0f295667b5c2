// SPDX-License-Identifier: GPL-2.0
// $NAME=VALUE: the table of definitions, and a line with them resolved.
#pragma once

#include "findings.hpp"
#include "text.hpp"

#include <map>
#include <memory>
#include <optional>

namespace lb::config {

struct Definition {
    std::vector<Text> lines{}; // one, or several when it was written over several
    [[nodiscard]] bool isBlock() const { return lines.size() > 1; }
};

// The name at the beginning of @chars, empty when none is there.
std::string_view nameAt(std::string_view chars);

// Where in @chars the value begins, when they say $NAME=VALUE from @from on.
struct Assignment {
    std::string_view name{};
    std::size_t value = 0;
};
std::optional<Assignment> assignmentAt(std::string_view chars, std::size_t from);

class Definitions {
public:
    explicit Definitions(const Surroundings &surroundings) : surroundings_(surroundings) {}

    void set(std::string_view name, Definition definition);
    void setFolder(std::string folder) { folder_ = std::move(folder); } // ${_PWD}
    [[nodiscard]] std::shared_ptr<const Definition> find(std::string_view name) const;
    // A defined name that the writer of @name may have meant.
    [[nodiscard]] std::string near(std::string_view name) const;

    // A definition of several lines that ends a text.
    struct Block {
        std::shared_ptr<const Definition> definition{};
        Origin use{};
    };
    // @text from @from on, with every definition resolved. What is not defined stays as it is,
    // and so does a definition of several lines, unless it ends the text: then it is returned
    // and @into has what is before it.
    Block resolve(const Text &text, std::size_t from, Text &into, Findings &findings);

private:
    struct Frame;
    struct Reference;
    bool pass(const Text &text, std::size_t from, Text &into, Findings &findings, Block &block);
    [[nodiscard]] std::optional<std::string> predefined(std::string_view inside) const;

    const Surroundings &surroundings_;
    std::string folder_{};
    std::map<std::string, std::shared_ptr<const Definition>, std::less<>> table_{};
    std::size_t replaced_ = 0;
    std::size_t made_ = 0;
};

} // namespace lb::config
