// SPDX-License-Identifier: GPL-2.0
// Columns of text, aligned: words to the left, numbers to the right.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lb::lbctl {

using Sink = std::function<void(std::string_view)>;

class Table {
public:
    enum class Align { left, right };
    using Row = std::vector<std::string>;

    // @headings are rows too, but shown even when no other follows.
    Table(Sink sink, std::vector<Align> columns, std::vector<Row> headings);

    // Widths are those of the first rows; a long table is then written as it comes, and a cell
    // wider than its column pushes the rest of its row.
    void row(Row cells);
    void finish();

private:
    void write(const Row &cells) const;

    Sink sink_;
    std::vector<Align> columns_;
    std::vector<std::size_t> widths_;
    std::vector<Row> waiting_;
    bool streaming_ = false;
};

} // namespace lb::lbctl
