// SPDX-License-Identifier: GPL-2.0
#include "run.hpp"

#include "../host/netns.hpp"
#include "commands.hpp"
#include "complete.hpp"
#include "help.hpp"
#include "words.hpp"

#include <cerrno>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

// Options may stand before the command; the grammar wants them behind it.
std::vector<Word> order(std::span<const std::string> words)
{
    std::vector<Word> leading;
    std::vector<Word> rest;
    std::size_t i = 0;

    for (; i < words.size() && words[i].starts_with('-'); i++) {
        leading.push_back({words[i], i + 1});
        if ((words[i] == "-n" || words[i] == "--netns") && i + 1 < words.size()) {
            i++;
            leading.push_back({words[i], i + 1});
        }
    }
    for (; i < words.size(); i++)
        rest.push_back({words[i], i + 1});
    rest.insert(rest.end(), leading.begin(), leading.end());
    return rest;
}

Result<void> execute(const Arguments &arguments, Context &context)
{
    if (const auto *netns = arguments.find("--netns"))
        if (auto entered = host::enterNetns(netns->text); !entered)
            return entered;
    return arguments.command().run(context, arguments);
}

} // namespace

std::string explain(const Error &error, const Arguments &arguments)
{
    if (error.code == EPERM || error.code == EACCES)
        return fmt::format("{} needs CAP_NET_ADMIN: run it as root or with sudo",
                           arguments.command().doing);
    // The module is missing, or a file is wrong: not the fault of this command's words.
    if (error.code == ENODEV || (error.code == 0 && error.column == 0))
        return toString(error);

    std::string blame;
    if (const auto *word = wordOf(arguments, error.attribute);
        word != nullptr && !error.attribute.empty())
        blame = word->text + ": ";
    return fmt::format("{}: {}{}", arguments.command().name, blame, toString(error));
}

Exit run(std::span<const std::string> words, const Streams &streams)
{
    if (!words.empty() && words.front() == "__complete") {
        Context context(streams, {});
        for (const auto &word : complete(context, words.subspan(1)))
            streams.out(word + "\n");
        return Exit::done;
    }

    const auto ordered = order(words);
    if (ordered.empty() || ordered.front().text == "--help" || ordered.front().text == "-h" ||
        ordered.front().text == "help") {
        streams.out(overview());
        return Exit::done;
    }
    if (ordered.front().text == "--version" || ordered.front().text == "-V")
        return run(std::vector<std::string>{"version"}, streams);

    const auto wrong = [&](const Error &error) {
        streams.fail(fmt::format("lbctl: {}\n", toString(error)));
        return Exit::usage;
    };
    const auto found = findCommand(commands(), ordered);
    if (!found)
        return wrong(found.error());
    const auto arguments = parseArguments(*found, ordered, globalOptions());
    if (!arguments)
        return wrong(arguments.error());
    if (arguments->has("--help")) {
        streams.out(help(*found->command));
        return Exit::done;
    }

    Context context(streams,
                    {.json = arguments->has("--json"), .resolve = arguments->has("--resolve")});
    const auto done = execute(*arguments, context);
    if (done)
        return Exit::done;
    streams.fail(fmt::format("lbctl: {}\n", explain(done.error(), *arguments)));
    return done.error().column != 0 ? Exit::usage : Exit::refused;
}

} // namespace lb::lbctl
