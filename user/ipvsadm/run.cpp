// SPDX-License-Identifier: GPL-2.0
#include "run.hpp"

#include "change.hpp"
#include "daemon.hpp"
#include "errors.hpp"
#include "grammar.hpp"
#include "print.hpp"
#include "restore.hpp"
#include "usage.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <iterator>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

using netlink::Director;

constexpr int listStatus = 1;
constexpr std::size_t chunk = std::size_t{64} * 1024;

bool loadModule()
{
    std::array<std::string, 3> words{"/sbin/modprobe", "--", "lb"};
    std::array<char *, 4> argv{words[0].data(), words[1].data(), words[2].data(), nullptr};
    pid_t child = 0;
    int status = 0;

    if (::posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0)
        return false;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Outcome<Director> open()
{
    auto director = Director::open();
    if (!director && director.error().code == ENODEV && loadModule())
        director = Director::open();
    if (director)
        return std::move(*director);
    const int code = director.error().code == ENODEV ? ENOPROTOOPT : director.error().code;
    return fail(fmt::format("Can't initialize ipvs: {}\nAre you sure that IP Virtual Server is "
                            "built in the kernel or as module?",
                            explain(Verb::count, code)));
}

class Runner {
public:
    Runner(Director &director, std::string_view name, const Streams &streams)
        : director_(director), name_(name), streams_(streams)
    {}

    Outcome<void> carryOut(const Command &command)
    {
        switch (command.verb) {
        case Verb::help:
            streams_.out(usage(name_));
            return {};
        case Verb::version:
            streams_.out(version());
            return {};
        case Verb::list:
        case Verb::save:
            return list(command);
        case Verb::restore:
            return restore(false);
        case Verb::zero:
            return zero(command);
        case Verb::startDaemon:
        case Verb::stopDaemon:
            return setDaemon(director_, command);
        default:
            return change(command);
        }
    }

    // All services, or the one that is named.
    Outcome<void> listServices(const Command &command, bool one)
    {
        const auto format = Format::of(command);
        if (!one && format.form != Form::rule)
            streams_.out(versionLine());
        auto views =
            readViews(director_, one ? std::optional(keyOf(command.service)) : std::nullopt);
        if (!views)
            return refuse(command.verb, views.error(), listStatus);
        if (format.sorted)
            sort(*views);

        Names names(format.numeric);
        std::string text = title(format.form);
        for (const auto &view : *views) {
            print(text, view, format, names);
            flush(text, chunk);
        }
        flush(text, 1);
        return {};
    }

    // The rules of standard input, besides what is there or instead of it.
    Outcome<void> restore(bool instead)
    {
        const auto rules =
            readRules("standard input", std::string(std::istreambuf_iterator<char>(std::cin), {}));
        if (!rules)
            return rules.error();
        return instead ? replaceByRules(director_, *rules) : addRules(director_, *rules);
    }

private:
    Outcome<void> list(const Command &command)
    {
        if (command.has(Opt::connection))
            return listConnections(command);
        if (command.has(Opt::service))
            return listServices(command, true);
        if (command.has(Opt::timeout))
            return listTimeouts();
        if (command.has(Opt::daemon)) {
            const auto lines = listDaemons(director_);
            if (!lines)
                return lines.error();
            streams_.out(*lines);
            return {};
        }
        return listServices(command, false);
    }

    // Printed as they come: there may be millions.
    Outcome<void> listConnections(const Command &command)
    {
        const bool persistentConn = command.has(Opt::persistentConn);
        Names names(command.has(Opt::numeric));
        auto text = connectionsTitle(persistentConn);
        const auto done = director_.conns({}, [&](const netlink::Connection &conn) {
            print(text, conn, persistentConn, names);
            flush(text, chunk);
            return true;
        });
        if (!done)
            return refuse(command.verb, done.error(), listStatus);
        flush(text, 1);
        return {};
    }

    Outcome<void> listTimeouts()
    {
        const auto settings = director_.settings();
        if (!settings)
            return Refusal{listStatus, ""};
        const auto value = [&](std::uint16_t type) {
            const auto found = settings->values.find(type);
            return found == settings->values.end() ? 0 : found->second;
        };
        streams_.out(fmt::format("Timeout (tcp tcpfin udp): {} {} {}\n",
                                 value(LB_A_SETTINGS_TCP_ESTABLISHED),
                                 value(LB_A_SETTINGS_TCP_FIN_WAIT), value(LB_A_SETTINGS_UDP)));
        return {};
    }

    // An address without anything in it means all, as no address does.
    Outcome<void> zero(const Command &command)
    {
        const auto &service = command.service;
        const auto any = std::ranges::all_of(service.ip.bytes(), [](auto b) { return b == 0; });
        const bool one = service.fwmark != 0 || service.port != 0 || !any;
        const auto done = director_.zero(one ? std::optional(keyOf(service)) : std::nullopt);
        if (!done)
            return refuse(command.verb, done.error());
        return {};
    }

    Outcome<void> change(const Command &command)
    {
        const auto change = changeOf(command);
        if (!change)
            return refuse(command.verb, change.error());
        const auto *settings = std::get_if<netlink::Settings>(&change->object);
        if (settings != nullptr && settings->values.empty())
            return {};
        if (const auto done = director_.apply(*change); !done)
            return refuse(command.verb, done.error());
        return {};
    }

    void flush(std::string &text, std::size_t from) const
    {
        if (text.size() < from)
            return;
        streams_.out(text);
        text.clear();
    }

    Director &director_;
    std::string_view name_;
    const Streams &streams_;
};

Outcome<void> saveScript(Runner &runner, std::span<const std::string> words)
{
    Command command{.verb = Verb::save};
    if (std::ranges::find(words, "-n") != words.end())
        command.given.set(static_cast<std::size_t>(Opt::numeric));
    return runner.listServices(command, false);
}

// What ipvsadm-save says of words that it does not know.
std::optional<Refusal> checkSave(std::string_view name, std::span<const std::string> words)
{
    for (const auto &word : words)
        if (word.starts_with('-') && word != "-n")
            return Refusal{
                1, fmt::format("{}: Script to save the IPVS table to stdout.\n   With the -n "
                               "option, prints out the table in numeric format.",
                               name.substr(name.rfind('/') + 1))};
    return std::nullopt;
}

Outcome<void> runAny(Program program, std::string_view name, std::span<const std::string> words,
                     const Streams &streams)
{
    if (program == Program::save)
        if (const auto wrong = checkSave(name, words))
            return *wrong;
    auto director = open();
    if (!director)
        return director.error();

    Runner runner(*director, name, streams);
    if (program == Program::save)
        return saveScript(runner, words);
    if (program == Program::restore)
        return runner.restore(true);
    if (words.empty())
        return runner.listServices({.verb = Verb::list}, false);
    const auto command = parse(name, words);
    if (!command)
        return command.error();
    return runner.carryOut(*command);
}

} // namespace

std::optional<Program> programOf(std::string_view path)
{
    const auto name = path.substr(path.rfind('/') + 1);
    if (name == "ipvsadm")
        return Program::ipvsadm;
    if (name == "ipvsadm-save")
        return Program::save;
    if (name == "ipvsadm-restore")
        return Program::restore;
    return std::nullopt;
}

bool isCommand(std::string_view word)
{
    const auto isVerb = [](const Option &option) { return option.tag <= Tag::stopDaemon; };
    // lbctl's own.
    if (word == "-h" || word == "--help" || word == "--version" || word == "-V")
        return false;

    for (const auto &option : allOptions()) {
        if (!isVerb(option))
            continue;
        if (word.starts_with("--") ? word.substr(2, word.find('=') - 2) == option.name
                                   : word.size() > 1 && word[0] == '-' && option.letter != 0 &&
                                         word[1] == option.letter)
            return true;
    }
    return false;
}

int run(Program program, std::string_view name, std::span<const std::string> words,
        const Streams &streams)
{
    const auto done = runAny(program, name, words, streams);
    if (done)
        return 0;
    if (!done.error().text.empty())
        streams.fail(done.error().text + "\n");
    return done.error().status;
}

} // namespace lb::ipvsadm
