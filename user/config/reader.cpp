// SPDX-License-Identifier: GPL-2.0
#include "reader.hpp"

#include "comment.hpp"
#include "limits.hpp"
#include "sequence.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>

namespace lb::config {

namespace {

constexpr auto severalLines = "'{}' has several lines, so it can only end a line";
constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

std::uint32_t marginOf(std::string_view line)
{
    std::uint32_t margin = 0;
    for (const char c : line.substr(0, skipBlanks(line, 0)))
        margin = c == '\t' ? (margin / 8 + 1) * 8 : margin + 1;
    return margin;
}

std::string folderOf(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

Origin writtenAt(Place place, std::size_t length = 1)
{
    return {place, static_cast<std::uint32_t>(length), place, Origin::Kind::written};
}

std::vector<std::size_t> linesOf(std::string_view text)
{
    std::vector<std::size_t> lines{0};
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
        lines.push_back(end + 1);
    return lines;
}

bool continues(std::string_view chars)
{
    return chars.ends_with('\\');
}

} // namespace

Tree read(const std::string &path, const Surroundings &surroundings)
{
    return Reader(surroundings).read(path);
}

Tree Reader::read(const std::string &path)
{
    Error error;
    const auto file = load(path, error);
    if (file)
        readLines(*file);
    else
        findings_.error(writtenAt({}), error.what, error.hint);
    blocks_.finish();

    Tree tree;
    tree.files.assign(std::make_move_iterator(files_.begin()),
                      std::make_move_iterator(files_.end()));
    if (tree.files.empty())
        tree.files.push_back({.path = path});
    tree.statements = std::move(statements_);
    tree.findings = findings_.take();
    return tree;
}

std::optional<std::uint32_t> Reader::load(const std::string &path, Error &error)
{
    if (const auto there = known_.find(path); there != known_.end())
        return there->second;
    auto text = surroundings_.read(path);
    if (!text) {
        error = text.error();
        return {};
    }
    const auto file = static_cast<std::uint32_t>(files_.size());
    auto lines = linesOf(*text);
    files_.push_back({path, std::move(*text), std::move(lines)});
    known_.emplace(path, file);
    return file;
}

void Reader::readLines(std::uint32_t file)
{
    const auto folder = std::exchange(folder_, folderOf(files_[file].path));
    const auto checks = checks_;
    const std::string_view text = files_[file].text;
    const bool clean = text.find('\0') == std::string_view::npos;
    definitions_.setFolder(folder_);
    reading_.push_back(file);

    std::optional<Pending> pending;
    Text line;
    Place place{file, 0, 1};
    std::size_t at = 0;
    if (text.starts_with(byteOrderMark)) {
        findings_.note(writtenAt({file, 1, 1}, byteOrderMark.size()),
                       "the file begins with a byte order mark",
                       "keepalived takes it for a part of the first word");
        at = byteOrderMark.size();
        place.column += static_cast<std::uint32_t>(at);
    }
    while (at < text.size() && !findings_.stopped()) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto chars = text.substr(at, end - at);
        place.line++;
        if (const auto nul = clean ? std::string_view::npos : chars.find('\0');
            nul != std::string_view::npos) {
            findings_.error(advance(writtenAt(place), nul), "a NUL byte ends the line here",
                            "is this a text file?");
            chars = chars.substr(0, nul);
        }
        uncomment(chars, place, line);
        margin_ = marginOf(chars);
        readLine(line, pending);
        at = end + 1;
        place.column = 1;
    }
    if (pending) {
        findings_.note(
            pending->origin,
            fmt::format("the definition of '{}' goes on at the end of the file", pending->name),
            "its last line is written without a '\\'");
        define(std::move(*pending));
    }
    reading_.pop_back();
    folder_ = folder;
    definitions_.setFolder(folder_);
    checks_ = checks;
}

void Reader::readLine(const Text &line, std::optional<Pending> &pending)
{
    const auto chars = line.chars();
    if (pending) {
        continueDefinition(line, pending);
        return;
    }
    if (chars.empty())
        return;
    if (continues(chars)) {
        const auto behind = chars.starts_with('@') ? chars.find_first_of(" \t") : 0;
        const auto at = skipBlanks(chars, std::min(behind, chars.size()));
        if (const auto assignment = assignmentAt(chars, at)) {
            const bool wanted = at == 0 || condition(chars, 0).has_value();
            pending = {std::string(assignment->name),
                       line.span(at, at + 1 + assignment->name.size()),
                       {},
                       wanted};
            continueDefinition(line.copy(assignment->value, chars.size()), pending);
            return;
        }
        findings_.note(line.at(chars.size() - 1),
                       "this '\\' is taken for a part of the line, which ends here",
                       "only definitions go on in the next line, and those not behind an "
                       "empty one");
    }
    take(line, 0, true);
}

void Reader::continueDefinition(const Text &line, std::optional<Pending> &pending)
{
    const auto chars = line.chars();
    const bool more = continues(chars);
    Text value = line.copy(0, chars.size() - (more ? 1 : 0));
    value.trim();
    if (!value.chars().empty())
        pending->definition.lines.push_back(std::move(value));
    if (more)
        return;
    define(std::move(*pending));
    pending.reset();
}

void Reader::define(Pending &&pending)
{
    if (pending.definition.lines.empty())
        pending.definition.lines.emplace_back();
    if (pending.wanted)
        definitions_.set(pending.name, std::move(pending.definition));
}

std::optional<std::size_t> Reader::condition(std::string_view chars, std::size_t at) const
{
    const bool negative = chars.substr(at + 1).starts_with('^');
    const auto begin = at + (negative ? 2 : 1);
    auto end = begin;
    while (end < chars.size() && !isBlank(chars[end]))
        end++;
    const bool same = chars.substr(begin, end - begin) == surroundings_.configId;
    return same == negative ? std::nullopt : std::optional(end);
}

void Reader::take(const Text &text, std::size_t from, bool conditional)
{
    const auto chars = text.chars();
    auto at = skipBlanks(chars, from);
    if (conditional && at < chars.size() && chars[at] == '@') {
        const auto behind = condition(chars, at);
        if (!behind)
            return;
        at = skipBlanks(chars, *behind);
        margin_.reset();
    }
    if (at >= chars.size())
        return;
    if (const auto assignment = assignmentAt(chars, at)) {
        Definition definition;
        definition.lines.push_back(text.copy(assignment->value, chars.size()));
        definitions_.set(assignment->name, std::move(definition));
        return;
    }
    if (Sequence::startsAt(chars.substr(at))) {
        repeat(text, at);
        return;
    }
    if (chars.find('$', at) == std::string_view::npos) {
        takeStatements(text, at);
        return;
    }
    Text resolved;
    const auto block = definitions_.resolve(text, at, resolved, findings_);
    if (block.definition) {
        takeBlock(resolved, block);
        return;
    }
    // A definition may have brought a condition, or a sequence.
    const auto all = resolved.chars();
    std::size_t begin = 0;
    if (chars[at] == '$' && all.starts_with('@')) {
        const auto behind = condition(all, 0);
        if (!behind)
            return;
        begin = *behind;
    }
    begin = skipBlanks(all, begin);
    if (chars[at] == '$' && Sequence::startsAt(all.substr(begin)))
        repeat(resolved, begin);
    else
        takeStatements(resolved, begin);
}

bool Reader::enter(const Origin &origin)
{
    if (nesting_ >= maxNesting) {
        findings_.fatal(origin, fmt::format("includes, sequences and definitions of several lines "
                                            "are nested deeper than {}",
                                            maxNesting));
        return false;
    }
    nesting_++;
    margin_.reset();
    return true;
}

void Reader::countMade(std::size_t words, const Origin &origin)
{
    made_ += words;
    if (made_ > maxMade)
        findings_.fatal(origin, fmt::format("more than {} words come out of sequences and "
                                            "definitions",
                                            maxMade));
}

void Reader::repeat(const Text &text, std::size_t at)
{
    const auto chars = text.chars();
    const auto open = chars.find('(', at);
    const auto close = chars.find(')', open);
    const auto word = trimmed(chars.substr(at, open - at));
    if (close == std::string_view::npos) {
        findings_.error(text.span(at, chars.size()),
                        fmt::format("the '(' of {} is not closed", word));
        return;
    }
    Text inside;
    definitions_.resolve(text.copy(open + 1, close), 0, inside, findings_);
    const auto sequence = Sequence::parse(word, inside.chars());
    auto origin = text.span(at, close + 1);
    if (!sequence) {
        findings_.error(origin, sequence.error().what, sequence.error().hint);
        return;
    }
    const auto rest = skipBlanks(chars, close + 1);
    if (sequence->count() > maxMade / rounds_) {
        findings_.fatal(origin, fmt::format("this makes more than {} lines", maxMade));
        return;
    }
    if (rest >= chars.size() || !enter(origin))
        return;
    const auto rounds = std::exchange(rounds_, rounds_ * sequence->count());
    origin.kind = Origin::Kind::made;
    origin.defined = origin.place;
    for (std::uint64_t i = 0; i < sequence->count() && !findings_.stopped(); i++) {
        for (std::size_t name = 0; name < sequence->names().size(); name++) {
            Definition definition;
            definition.lines.emplace_back(sequence->value(i, name), origin);
            definitions_.set(sequence->names()[name], std::move(definition));
        }
        countMade(1, origin);
        take(text, rest, true);
    }
    rounds_ = rounds;
    nesting_--;
}

void Reader::takeBlock(const Text &head, const Definitions::Block &block)
{
    const auto *definition = block.definition.get();
    if (std::ranges::find(blocksInUse_, definition) != blocksInUse_.end()) {
        findings_.error(block.use, "this definition uses itself",
                        "its value is put in when it is used, not when it is defined");
        return;
    }
    if (!enter(block.use))
        return;
    blocksInUse_.push_back(definition);
    bool first = true;
    for (const auto &line : definition->lines) {
        if (findings_.stopped())
            break;
        Text one;
        const bool joined = first && !trimmed(head.chars()).empty();
        if (joined)
            one.append(head, 0, head.chars().size());
        one.append(line, 0, line.chars().size(), &block.use);
        first = false;
        countMade(1, block.use);
        take(one, 0, !joined);
    }
    blocksInUse_.pop_back();
    nesting_--;
}

void Reader::takeStatements(const Text &text, std::size_t from)
{
    const auto chars = text.chars();
    std::size_t begin = from; // of the statement
    std::size_t end = from;   // of its last word
    bool behindClose = false; // a } that begins the line

    for (auto token = nextToken(chars, from);; token = nextToken(chars, token.end)) {
        const auto margin = margin_;
        switch (token.kind) {
        case Token::Kind::end:
            endStatement(text, begin, end, false);
            return;
        case Token::Kind::open:
            endStatement(text, begin, end, true);
            blocks_.open(text.at(token.begin));
            margin_.reset();
            break;
        case Token::Kind::close:
            endStatement(text, begin, end, false);
            blocks_.close(text.at(token.begin), margin);
            behindClose = margin.has_value();
            margin_.reset();
            break;
        case Token::Kind::word:
            if (words_.empty() && !token.quoted && includeChecks(textOf(token, chars))) {
                include(text, token);
                return;
            }
            if (words_.empty()) {
                begin = token.begin;
                statementMargin_ = margin;
            }
            margin_.reset();
            end = token.end;
            takeWord(text, token);
            if (behindClose)
                findings_.note(
                    text.span(token.begin, token.end),
                    fmt::format("'{}' behind '}}' begins a new statement", words_.back().text),
                    "what is left over here can go, anything else is clearer on a "
                    "line of its own");
            behindClose = false;
            break;
        }
        if (findings_.stopped())
            return;
    }
}

void Reader::takeWord(const Text &text, const Token &token)
{
    const auto chars = text.chars();
    const auto origin = text.span(token.begin, token.end);
    words_.push_back({.text = std::string(textOf(token, chars)),
                      .place = origin.place,
                      .length = origin.length,
                      .quoted = token.quoted,
                      .defined = origin.defined});
    if (token.unterminated)
        findings_.error(origin, "the quote is not closed in this line", "'\"' is missing");
    if (token.reference == Token::nowhere)
        return;
    const auto name = nameAt(chars.substr(token.reference + 2));
    const auto stop = chars.find('}', token.reference) + 1;
    const auto there = definitions_.find(name);
    const auto near = definitions_.near(name);
    if (there && there->isBlock())
        findings_.error(text.span(token.reference, stop), fmt::format(severalLines, name));
    else
        findings_.error(text.span(token.reference, stop), fmt::format("'{}' is not defined", name),
                        near.empty() ? std::string("'${...}' stays as it is in double quotes only")
                                     : fmt::format("did you mean '{}'?", near));
}

void Reader::endStatement(const Text &text, std::size_t begin, std::size_t end, bool opens)
{
    if (words_.empty())
        return;
    const auto &first = words_.front();
    const auto chars = text.chars().substr(begin, end - begin);
    if (nesting_ > reading_.size() - 1)
        countMade(words_.size(), text.at(begin));
    if (!first.quoted && first.text.starts_with('$') && first.text.size() > 1 &&
        first.text[1] != '{') {
        const auto name = nameAt(std::string_view(first.text).substr(1));
        const auto known = definitions_.find(name);
        const auto near = definitions_.near(name);
        const auto origin = text.span(begin, begin + first.text.size());
        if (known && known->isBlock())
            findings_.error(origin, fmt::format(severalLines, name));
        else if (known)
            findings_.error(origin,
                            fmt::format("'${}' is put in before blanks, ',' and ')' only", name),
                            fmt::format("'${{{}}}' is put in everywhere", name));
        else
            findings_.error(origin, fmt::format("'{}' is not defined", first.text),
                            near.empty()
                                ? std::string("a definition is $NAME=VALUE: letters, digits and "
                                              "_, no blank before the '='")
                                : fmt::format("did you mean '${}'?", near));
        if (!opens) {
            words_.clear();
            return;
        }
    }
    if (!first.quoted && first.text == "include_check")
        checks_ = changed(checks_, std::span(words_).subspan(1));

    Statement statement;
    if (chars.find_first_of("\"'\\") != std::string_view::npos)
        statement.line = chars;
    statement.words.reserve(words_.size());
    std::ranges::move(words_, std::back_inserter(statement.words));
    words_.clear();
    blocks_.add(std::move(statement), statementMargin_);
}

} // namespace lb::config
