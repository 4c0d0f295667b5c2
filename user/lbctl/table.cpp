// SPDX-License-Identifier: GPL-2.0
#include "table.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr std::size_t sample = 5000; // rows that decide about widths

} // namespace

Table::Table(Sink sink, std::vector<Align> columns, std::vector<Row> headings)
    : sink_(std::move(sink)), columns_(std::move(columns)), widths_(columns_.size())
{
    for (auto &heading : headings)
        row(std::move(heading));
}

void Table::row(Row cells)
{
    cells.resize(columns_.size());
    if (streaming_) {
        write(cells);
        return;
    }
    for (std::size_t i = 0; i < cells.size(); i++)
        widths_[i] = std::max(widths_[i], cells[i].size());
    waiting_.push_back(std::move(cells));
    if (waiting_.size() >= sample)
        finish();
}

void Table::finish()
{
    for (const auto &cells : std::exchange(waiting_, {}))
        write(cells);
    streaming_ = true;
}

void Table::write(const Row &cells) const
{
    fmt::memory_buffer line;
    const auto out = fmt::appender(line);

    for (std::size_t i = 0; i < cells.size(); i++) {
        if (i > 0)
            fmt::format_to(out, "  ");
        if (columns_[i] == Align::right)
            fmt::format_to(out, "{:>{}}", cells[i], widths_[i]);
        else
            fmt::format_to(out, "{:<{}}", cells[i], widths_[i]);
    }
    std::string_view text(line.data(), line.size());
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    sink_(text);
    sink_("\n");
}

} // namespace lb::lbctl
