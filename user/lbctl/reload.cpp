// SPDX-License-Identifier: GPL-2.0
// lbctl diff, commit, confirm, reload and status: what lbd is to run, and what it does.
#include "../base/duration.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "daemon.hpp"
#include "words.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using nlohmann::json;

constexpr Option options[] = {socketOption};
constexpr Option commitOptions[] = {
    {"--confirm", "SECONDS", "take it back after so long unless 'lbctl confirm' comes"},
    socketOption,
};
constexpr std::uint32_t longest = 86400; // of waiting to be confirmed

// "dest add tcp ..." -> '+'
char markOf(const std::string &command)
{
    const auto verb = command.find(' ') + 1;
    const std::string_view rest = std::string_view(command).substr(verb);
    if (rest.starts_with("add"))
        return '+';
    return rest.starts_with("del") ? '-' : '~';
}

Result<void> diff(Context &context, const Arguments &arguments)
{
    const auto answer = askLbd(arguments, {{"do", "diff"}, {"file", absolute(arguments[0].text)}});
    if (!answer)
        return answer.error();
    if (context.form().json) {
        context.write(toText(*answer) + '\n');
        return {};
    }
    std::size_t added = 0, changed = 0, removed = 0;
    for (const auto &step : answer->at("steps")) {
        const auto command = step.get<std::string>();
        const char mark = markOf(command);
        (mark == '+' ? added : mark == '-' ? removed : changed)++;
        context.write(fmt::format("{} {}\n", mark, command));
    }
    context.write(
        added + changed + removed == 0
            ? "nothing differs\n"
            : fmt::format("{} to add, {} to change, {} to remove\n", added, changed, removed));
    return {};
}

void tellChange(Context &context, const json &answer)
{
    if (context.form().json) {
        context.write(toText(answer) + '\n');
        return;
    }
    context.write(fmt::format("{} services, {} changes in {:.3f} s\n", answer.value("services", 0U),
                              answer.value("changes", 0U), answer.value("seconds", 0.0)));
    if (answer.contains("confirm_within"))
        context.write(fmt::format("it is taken back in {} s unless 'lbctl confirm' comes\n",
                                  answer.value("confirm_within", 0U)));
}

Result<void> commit(Context &context, const Arguments &arguments)
{
    std::uint32_t confirm = 0;
    if (const auto *word = arguments.find("--confirm")) {
        const auto seconds = at(*word, parseDuration(word->text, 1, longest));
        if (!seconds)
            return seconds.error();
        confirm = *seconds;
    }
    const auto answer = askLbd(
        arguments, {{"do", "commit"}, {"file", absolute(arguments[0].text)}, {"confirm", confirm}});
    if (!answer)
        return answer.error();
    tellChange(context, *answer);
    return {};
}

Result<void> reload(Context &context, const Arguments &arguments)
{
    const auto answer = askLbd(arguments, {{"do", "reload"}});
    if (!answer)
        return answer.error();
    tellChange(context, *answer);
    return {};
}

Result<void> confirm(Context &context, const Arguments &arguments)
{
    const auto answer = askLbd(arguments, {{"do", "confirm"}});
    if (!answer)
        return answer.error();
    context.write(context.form().json ? toText(*answer) + '\n' : "what was committed stays\n");
    return {};
}

Result<void> status(Context &context, const Arguments &arguments)
{
    const auto answer = askLbd(arguments, {{"do", "status"}});
    if (!answer)
        return answer.error();
    context.write(context.form().json ? toText(*answer) + '\n' : statusText(*answer));
    return {};
}

} // namespace

const Command lbdStatus{
    .name = "status",
    .arguments = "",
    .summary = "Tell what lbd runs, and whether its last reload was refused",
    .options = options,
    .doing = "asking lbd",
    .text = "Example:\n"
            "  lbctl status\n",
    .run = status,
};

const Command lbdDiff{
    .name = "diff",
    .arguments = "FILE",
    .summary = "Show what lbd would change to run this keepalived.conf",
    .options = options,
    .doing = "asking lbd",
    .text = "Nothing is done. + is added, ~ changed, - removed; what is not mentioned is not\n"
            "touched. A file with an error is refused as 'lbd check' does.\n\n"
            "Example:\n"
            "  lbctl diff /etc/keepalived/keepalived.conf\n",
    .run = diff,
};

const Command lbdCommit{
    .name = "commit",
    .arguments = "FILE",
    .summary = "Let lbd run this keepalived.conf, for good or for a while",
    .options = commitOptions,
    .doing = "asking lbd",
    .text =
        "As a reload does, but from this file: what has not changed is not touched, and a file\n"
        "with an error changes nothing. With --confirm, what ran before comes back by itself\n"
        "unless 'lbctl confirm' comes in time: for changes that may cut off whoever makes\n"
        "them. The next reload reads lbd's own file again.\n\n"
        "Examples:\n"
        "  lbctl commit --confirm 60 /etc/keepalived/new.conf\n"
        "  lbctl confirm\n",
    .run = commit,
};

const Command lbdConfirm{
    .name = "confirm",
    .arguments = "",
    .summary = "Keep what was committed",
    .options = options,
    .doing = "asking lbd",
    .text = "Example:\n"
            "  lbctl confirm\n",
    .run = confirm,
};

const Command lbdReload{
    .name = "reload",
    .arguments = "",
    .summary = "Let lbd read its configuration again",
    .options = options,
    .doing = "asking lbd",
    .text = "What has not changed is not touched; a file with an error is refused as a whole, its\n"
            "mistakes are printed, and what runs goes on.\n\n"
            "Example:\n"
            "  lbctl reload\n",
    .run = reload,
};

} // namespace lb::lbctl
