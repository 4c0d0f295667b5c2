// SPDX-License-Identifier: GPL-2.0
// A configuration in keepalived's language as statements in blocks, each word with its place.
// Knows no keyword: comments, quotes, includes, definitions, conditions and sequences are behind
// us here, what the words mean lies ahead (keyword.hpp).
#pragma once

#include "../base/error.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lb::config {

// In one of Tree::files.
struct Place {
    std::uint32_t file = 0;
    std::uint32_t line = 1;   // from 1
    std::uint32_t column = 1; // in bytes, from 1

    friend auto operator<=>(const Place &, const Place &) = default;
};

struct Word {
    // Definitions resolved, without double quotes. Single quotes and escapes are still there:
    // keepalived knows them after some keywords only (escaped.hpp).
    std::string text{};
    Place place{}; // where it is written; of what comes out of a definition, where that is used
    std::uint32_t length = 0; // of what is written there, in bytes
    bool quoted = false;      // any part of it
    // Of what comes out of a definition ($NAME=...): where in it; equal to place otherwise.
    Place defined{};
};

struct Statement {
    std::vector<Word> words{}; // never empty; the first is the keyword
    // All of them as written, definitions resolved, when there are quotes or a \ among them:
    // what escapedWords() reads.
    std::string line{};
    bool hasBlock = false;
    Place open{};  // of its {
    Place close{}; // of its }, when that is there
    std::vector<Statement> block{};
};

// Of a warning keepalived says something, too, and makes do with something else; a note is ours.
enum class Severity { error, warning, note };

struct Finding {
    Severity severity = Severity::error;
    Place place{};
    std::uint32_t length = 1; // of what is to be marked in that line, in bytes
    std::string what{};       // a sentence without a full stop
    std::string hint{};       // what to do about it, if that is known
    Place defined{};          // as of Word; equal to place when there is no definition between
};

struct File {
    std::string path{};
    std::string text{};               // as read
    std::vector<std::size_t> lines{}; // where each begins in it
};

struct Tree {
    std::vector<File> files{}; // the first is the one that was asked for
    std::vector<Statement> statements{};
    std::vector<Finding> findings{}; // in the order of the text
};

// What the language asks of the machine.
struct Surroundings {
    std::string configId{}; // of @ID and ${_INSTANCE}: the host's name up to its first dot
    // Of an absolute path; a directory is an error, too.
    std::function<Result<std::string>(const std::string &path)> read{};
    // The paths that match a pattern with wildcards and braces, as glob(3), sorted.
    std::function<std::vector<std::string>(const std::string &pattern)> glob{};
    // ${_RANDOM MIN MAX}
    std::function<std::uint32_t(std::uint32_t least, std::uint32_t most)> random{};
    // ${_ENV NAME}
    std::function<std::optional<std::string>(const std::string &name)> environment{};
};

// This machine's.
Surroundings surroundings();

// Never fails: what cannot be read or understood is in the tree's findings. @path is absolute.
Tree read(const std::string &path, const Surroundings &surroundings);

// A finding for people: file:line:column, what, the line, a mark below the word, the hint.
std::string toString(const Finding &finding, const Tree &tree);

} // namespace lb::config
