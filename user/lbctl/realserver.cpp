// SPDX-License-Identifier: GPL-2.0
// lbctl realserver up, down, check
#include "../base/closest.hpp"
#include "../base/number.hpp"
#include "../realserver/change.hpp"
#include "../realserver/check.hpp"
#include "../realserver/keep.hpp"
#include "../realserver/machine.hpp"
#include "commands.hpp"
#include "context.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lb::lbctl {

namespace {

using nlohmann::json;
using realserver::Mark;
using realserver::Wish;

constexpr std::string_view familyNames[] = {"inet", "inet6"};
constexpr std::string_view tunnelTypes[] = {"ipip", "gue"};

constexpr Option method{"--method", "METHOD", "direct (the default) or tunnel", Offers::method,
                        "-m"};
constexpr Option interface {
    "--interface", "NAME", "the one that faces the director; all unless given", Offers::nothing,
        "-i"
};
constexpr Option tunnelType{"--tunnel-type", "TYPE", "with tunnel: ipip (the default) or gue",
                            Offers::tunnelType};
constexpr Option tunnelPort{"--tunnel-port", "PORT", "with gue: the UDP port that it comes to"};
constexpr Option outer{"--outer", "FAMILY",
                       "with tunnel: what it travels in, inet (the default) or inet6"};

constexpr Option upOptions[] = {
    method,     interface, tunnelType,
    tunnelPort, outer,     {"--keep", "", "set it up again at every start, by systemd"},
};
constexpr Option downOptions[] = {
    {"--keep", "", "only for now: it comes back at the next start"},
};
constexpr Option checkOptions[] = {
    method,     interface,
    tunnelType, tunnelPort,
    outer,      {"--port", "PORT", "where something has to listen", Offers::nothing, "-p"},
};

Result<std::vector<Ip>> readVips(Context &context, const Arguments &arguments)
{
    std::vector<Ip> vips;
    for (std::size_t i = 0; i < arguments.count(); i++) {
        const auto &word = arguments[i];
        auto ip = at(word, context.names().readers().ip(word.text));
        if (!ip)
            return ip.error();
        if (const auto good = at(word, realserver::checkVip(*ip)); !good)
            return good.error();
        if (std::ranges::find(vips, *ip) == vips.end())
            vips.push_back(*ip);
    }
    if (vips.empty())
        return Error{.what = "VIP is missing",
                     .hint = "usage: " + usage(arguments.command()),
                     .column = arguments.end()};
    return vips;
}

Result<Port> readPort(const Word &word)
{
    const auto port = at(word, parseNumber(word.text, 1, UINT16_MAX));
    if (!port)
        return port.error();
    return Port{static_cast<std::uint16_t>(*port)};
}

Error notOneOf(const Word &word, std::span<const std::string_view> names)
{
    return {.what = fmt::format("'{}' is none of them", word.text),
            .hint = suggest(word.text, names),
            .column = word.column};
}

// Without the address, which is filled in for each.
Result<Wish> readWish(const Arguments &arguments)
{
    Wish wish;
    if (const auto *word = arguments.find("--method")) {
        const auto found = at(*word, parseMethod(word->text));
        if (!found)
            return found.error();
        if (*found == Method::nat)
            return Error{.what = "with nat a real server needs nothing but its gateway",
                         .hint = "its route to the clients leads through the director",
                         .column = word->column};
        wish.method = *found;
    }
    if (const auto *word = arguments.find("--interface"))
        wish.interface = word->text;
    for (const auto *name : {"--tunnel-type", "--tunnel-port", "--outer"})
        if (const auto *word = arguments.find(name);
            word != nullptr && wish.method != Method::tunnel)
            return Error{.what = fmt::format("{} goes with --method tunnel", name),
                         .column = word->column};
    if (const auto *word = arguments.find("--tunnel-type")) {
        if (word->text == "gre")
            return Error{.what = "a gre device has addresses of its own and is made by hand",
                         .hint = "see tunnels.md",
                         .column = word->column};
        if (std::ranges::find(tunnelTypes, word->text) == std::end(tunnelTypes))
            return notOneOf(*word, tunnelTypes);
        wish.tunnel = *parseTunnelType(word->text);
    }
    if (const auto *word = arguments.find("--tunnel-port")) {
        const auto port = readPort(*word);
        if (!port)
            return port.error();
        wish.port = *port;
    }
    if ((wish.tunnel == TunnelType::gue) != (wish.port.value != 0))
        return Error{.what = "--tunnel-type gue and --tunnel-port go together",
                     .column = arguments.end()};
    if (const auto *word = arguments.find("--outer")) {
        if (std::ranges::find(familyNames, word->text) == std::end(familyNames))
            return notOneOf(*word, familyNames);
        wish.outer = word->text == "inet6" ? Family::inet6 : Family::inet;
    }
    return wish;
}

// What was done, one line each, or as JSON.
class Told {
public:
    explicit Told(Context &context) : context_(context) {}

    void begin(const Ip &vip) { all_.push_back({{"vip", toString(vip)}, {"done", json::array()}}); }
    realserver::Tell hear()
    {
        return [this](const realserver::Action &action) {
            all_.back()["done"].push_back(toString(action));
            if (!context_.form().json)
                context_.write(fmt::format("{}: {}\n", all_.back()["vip"].get<std::string>(),
                                           toString(action)));
        };
    }
    // @nothing is said when nothing was done.
    void end(std::string_view nothing)
    {
        if (all_.back()["done"].empty() && !context_.form().json)
            context_.write(fmt::format("{}: {}\n", all_.back()["vip"].get<std::string>(), nothing));
    }
    void finish()
    {
        if (context_.form().json)
            context_.write(all_.dump(1) + "\n");
    }

private:
    Context &context_;
    json all_ = json::array();
};

Result<void> up(Context &context, const Arguments &arguments)
{
    const auto vips = readVips(context, arguments);
    if (!vips)
        return vips.error();
    const auto wanted = readWish(arguments);
    if (!wanted)
        return wanted.error();
    if (arguments.has("--keep") && arguments.has("--netns"))
        return Error{.what = "--keep is for the machine, not for a network namespace of it",
                     .column = arguments.find("--keep")->column};

    Told told(context);
    for (const auto &vip : *vips) {
        Wish wish = *wanted;
        wish.vip = vip;
        told.begin(vip);
        if (auto done = realserver::up(wish, told.hear()); !done)
            return done;
        told.end("all is there already");
        if (arguments.has("--keep"))
            if (auto kept = realserver::keep(wish); !kept)
                return kept;
    }
    told.finish();
    return {};
}

Result<void> down(Context &context, const Arguments &arguments)
{
    const auto vips = readVips(context, arguments);
    if (!vips)
        return vips.error();
    Told told(context);
    for (const auto &vip : *vips) {
        told.begin(vip);
        if (!arguments.has("--keep") && !arguments.has("--netns"))
            if (auto forgotten = realserver::forget(vip); !forgotten)
                return forgotten;
        if (auto done = realserver::down(vip, told.hear()); !done)
            return done;
        told.end("nothing of it is ours");
    }
    told.finish();
    return {};
}

void print(Context &context, const Wish &wish, const std::vector<realserver::Finding> &findings)
{
    context.write(fmt::format("{} ({})\n", toString(wish.vip), toString(wish.method)));
    for (const auto &finding : findings) {
        context.write(fmt::format("  {:<6} {:<13} {}\n",
                                  realserver::markNames.at(static_cast<std::size_t>(finding.mark)),
                                  finding.thing, finding.what));
        if (!finding.why.empty())
            context.write(fmt::format("         {:<13} why: {}\n", "", finding.why));
        if (!finding.mend.empty())
            context.write(fmt::format("         {:<13} mend: {}\n", "", finding.mend));
    }
}

json toJson(const Wish &wish, const std::vector<realserver::Finding> &findings)
{
    json list = json::array();
    for (const auto &finding : findings)
        list.push_back({{"mark", finding.mark == Mark::right  ? "ok"
                                 : finding.mark == Mark::note ? "note"
                                                              : "wrong"},
                        {"thing", finding.thing},
                        {"what", finding.what},
                        {"why", finding.why},
                        {"mend", finding.mend}});
    return {{"vip", toString(wish.vip)},
            {"method", toString(wish.method)},
            {"right",
             std::ranges::none_of(findings,
                                  [](const auto &finding) { return finding.mark == Mark::wrong; })},
            {"findings", list}};
}

Result<void> check(Context &context, const Arguments &arguments)
{
    const auto vips = readVips(context, arguments);
    if (!vips)
        return vips.error();
    const auto wanted = readWish(arguments);
    if (!wanted)
        return wanted.error();
    std::optional<Port> port;
    if (const auto *word = arguments.find("--port")) {
        const auto read = readPort(*word);
        if (!read)
            return read.error();
        port = *read;
    }
    auto kernel = realserver::Kernel::open();
    if (!kernel)
        return kernel.error();
    const auto machine = realserver::readMachine(*kernel, *vips);
    if (!machine)
        return machine.error();

    json all = json::array();
    std::size_t wrong = 0;
    for (const auto &vip : *vips) {
        Wish wish = *wanted;
        wish.vip = vip;
        // As it was set up, unless told otherwise.
        if (wish == Wish{.vip = vip})
            wish = realserver::wishOf(vip).value_or(wish);
        const auto findings = realserver::examine(wish, port, *machine);
        wrong += static_cast<std::size_t>(
            std::ranges::count(findings, Mark::wrong, &realserver::Finding::mark));
        if (context.form().json)
            all.push_back(toJson(wish, findings));
        else
            print(context, wish, findings);
    }
    if (context.form().json)
        context.write(all.dump(1) + "\n");
    context.flush();
    if (wrong != 0)
        return Error{.what = wrong == 1 ? "one thing is wrong"
                                        : fmt::format("{} things are wrong", wrong)};
    return {};
}

} // namespace

const Command realserverUp{
    .name = "realserver up",
    .arguments = "VIP...",
    .summary = "Make this machine a real server of direct or tunnel",
    .options = upOptions,
    .doing = "setting up a real server",
    .text = "To be run on the real server. Puts the address where the LAN does not hear of it,\n"
            "and sets what else that takes; what is there already is left as it is. lbctl(8)\n"
            "says what and why.\n\n"
            "Examples:\n"
            "  lbctl realserver up 192.0.2.1 2001:db8:f::1 --interface eth0 --keep\n"
            "  lbctl realserver up 192.0.2.1 --method tunnel\n",
    .run = up,
};

const Command realserverDown{
    .name = "realserver down",
    .arguments = "VIP...",
    .summary = "Undo what realserver up has done, and nothing else",
    .options = downOptions,
    .doing = "taking a real server down",
    .text = "What other addresses still need stays, and what was there before, or was changed\n"
            "by somebody since. A module that was loaded stays: others may use it by now.\n\n"
            "Example:\n"
            "  lbctl realserver down 192.0.2.1\n",
    .run = down,
};

const Command realserverCheck{
    .name = "realserver check",
    .arguments = "VIP...",
    .summary = "Tell what is wrong with a real server, and how to mend it",
    .options = checkOptions,
    .doing = "looking at a real server",
    .text = "To be run on the real server; changes nothing. Without options it is checked as it\n"
            "was set up. Exit status 1 when something is wrong.\n\n"
            "Example:\n"
            "  lbctl realserver check 192.0.2.1 --port 80\n",
    .run = check,
};

} // namespace lb::lbctl
