// SPDX-License-Identifier: GPL-2.0
#include "blocks.hpp"

#include "limits.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::config {

namespace {

// What stands in no block. Only to guess where a } was forgotten: a block that one of these
// opens cannot be inside another.
constexpr std::string_view outermost[] = {
    "global_defs",     "virtual_server", "virtual_server_group", "vrrp_instance",
    "vrrp_sync_group", "vrrp_script",    "vrrp_track_process",   "static_ipaddress",
    "static_routes",   "static_rules",   "bfd_instance",
};

bool isOutermost(std::string_view keyword)
{
    return std::ranges::find(outermost, keyword) != std::ranges::end(outermost);
}

} // namespace

std::vector<Statement> &Blocks::inside()
{
    return open_.empty() ? statements_ : open_.back().outside->back().block;
}

void Blocks::add(Statement statement, Margin margin)
{
    inside().push_back(std::move(statement));
    margin_ = margin;
    canOpen_ = true;
}

void Blocks::open(const Origin &brace)
{
    if (!canOpen_) {
        findings_.error(brace, "'{' opens the block of nothing",
                        "a block is 'KEYWORD ... {', each with one '{'");
        // Its statements are read with those around it.
        static const Statement nameless{.words = {Word{.text = "{"}}};
        inside().push_back(nameless);
        inside().back().words[0].place = brace.place;
        inside().back().words[0].defined = brace.defined;
        inside().back().words[0].length = brace.length;
        margin_ = {};
    }
    if (open_.size() >= maxDepth) {
        findings_.fatal(brace, fmt::format("blocks are nested deeper than {}", maxDepth),
                        "the rest is not read");
        return;
    }
    // Its keyword is no mistake, but stands where another block should have ended.
    auto *outside = &inside();
    if (!open_.empty() && isOutermost(outside->back().words[0].text)) {
        auto statement = std::move(outside->back());
        outside->pop_back();
        blame(open_.back(), fmt::format("'{}' in line {}", statement.words[0].text,
                                        statement.words[0].place.line));
        open_.clear();
        statements_.push_back(std::move(statement));
        outside = &statements_;
    }
    auto &statement = outside->back();
    statement.hasBlock = true;
    statement.open = brace.place;
    open_.push_back({outside, brace, margin_});
    canOpen_ = false;
}

void Blocks::close(const Origin &brace, Margin margin)
{
    canOpen_ = false;
    if (open_.empty()) {
        findings_.error(brace, "'}' closes nothing",
                        closed_.empty() ? std::string("no block is open") : closed_);
        return;
    }
    const auto block = std::move(open_.back());
    open_.pop_back();
    auto &statement = block.outside->back();
    statement.close = brace.place;
    closed_ = fmt::format("the block of '{}' in line {} ended in line {}", statement.words[0].text,
                          statement.words[0].place.line, brace.place.line);
    if (open_.empty() || !margin || !block.margin || *margin == *block.margin || open_.back().doubt)
        return;
    // When a } is missing further in, every block around it looks wrong: that one counts.
    if (block.doubt)
        open_.back().doubt = block.doubt;
    else
        open_.back().doubt = {statement.words[0].text, block.brace, brace};
}

// @block was not closed before @before.
void Blocks::blame(const Open &block, const std::string &before)
{
    const auto &statement = block.outside->back();
    if (block.doubt) {
        findings_.error(block.doubt->open,
                        fmt::format("'{{' of '{}' in line {} is not closed", block.doubt->name,
                                    block.doubt->open.place.line),
                        fmt::format("the '}}' in line {} is not indented as '{}' is",
                                    block.doubt->close.place.line, block.doubt->name));
        return;
    }
    findings_.error(block.brace,
                    fmt::format("'{{' of '{}' in line {} is not closed", statement.words[0].text,
                                block.brace.place.line),
                    fmt::format("a '}}' is missing before {}", before));
}

void Blocks::finish()
{
    if (!open_.empty() && !findings_.stopped())
        blame(open_.back(), "the end of the file");
    open_.clear();
}

} // namespace lb::config
