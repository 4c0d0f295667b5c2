// SPDX-License-Identifier: GPL-2.0
// lbctl service add, set, del
#include "../base/closest.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "words.hpp"

namespace lb::lbctl {

namespace {

using netlink::Change;

constexpr std::string_view doing = "changing services";

// The kernel knows which schedulers it has; a mistyped one deserves their names.
Result<void> applyNamingSchedulers(netlink::Director &director, const Change &change,
                                   std::string_view scheduler)
{
    auto done = director.apply(change);
    if (done || done.error().code != ENOENT || done.error().attribute != "scheduler")
        return done;
    auto error = done.error();
    if (const auto info = director.info()) {
        const std::vector<std::string_view> names(info->schedulers.begin(), info->schedulers.end());
        error.hint = suggest(scheduler, names);
    }
    return error;
}

Result<void> add(Context &context, const Arguments &arguments)
{
    auto spec = readServiceSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    if (!spec->scheduler)
        spec->scheduler = defaultScheduler;
    auto director = context.director();
    if (!director)
        return director.error();
    return applyNamingSchedulers(**director, Change::add(*spec), *spec->scheduler);
}

Result<void> set(Context &context, const Arguments &arguments)
{
    const auto spec = readServiceSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    if (*spec == netlink::ServiceSpec{.key = spec->key})
        return Error{.what = "nothing to change is given",
                     .hint = "--scheduler NAME, --scheduler-flags FLAG,..., --one-packet on|off, "
                             "--mss-clamp N|auto|off, --persist SECONDS, "
                             "--timeout STATE=TIME,..., --slow-start SECONDS or --orphans WHAT",
                     .column = arguments.end()};
    auto director = context.director();
    if (!director)
        return director.error();
    return applyNamingSchedulers(**director, Change::set(*spec), spec->scheduler.value_or(""));
}

Result<void> del(Context &context, const Arguments &arguments)
{
    const auto key = readService(arguments, context.names().readers());
    if (!key)
        return key.error();
    auto director = context.director();
    if (!director)
        return director.error();
    return (*director)->apply(Change::remove(*key));
}

} // namespace

const Command serviceAdd{
    .name = "service add",
    .arguments = "PROTOCOL ADDR:PORT",
    .summary = "Add a virtual service",
    .options = serviceOptions(),
    .doing = doing,
    .text = "PROTOCOL is tcp, udp or sctp; PORT 0 is every port without a service of its own. Or "
            "the two\n"
            "words are fwmark MARK (IPv6: fwmark6 MARK): packets that a firewall has marked so.\n"
            "The service has no destinations until 'lbctl dest add' gives it some; until then its\n"
            "clients are told that nobody is there.\n\n"
            "Examples:\n"
            "  lbctl service add tcp 192.0.2.1:80\n"
            "  lbctl service add udp [2001:db8::1]:53 --scheduler rr\n"
            "  lbctl service add udp 192.0.2.1:514 --scheduler wrr --one-packet on\n"
            "  lbctl service add tcp 192.0.2.1:443 --scheduler mh --scheduler-flags fallback,port\n"
            "  lbctl service add tcp 192.0.2.1:8080 --mss-clamp auto\n"
            "  lbctl service add tcp 192.0.2.1:22 --timeout established=8h,fin-wait=30s\n"
            "  lbctl service add fwmark 5 --persist 300\n"
            "  lbctl service add udp 192.0.2.1:5060 --persist 300 --persist-engine sip\n",
    .run = add,
};

const Command serviceSet{
    .name = "service set",
    .arguments = "PROTOCOL ADDR:PORT",
    .summary = "Change a service's scheduling, persistence or timeouts",
    .options = serviceOptions(),
    .doing = doing,
    .text =
        "Connections that exist stay where they are. A scheduler that does not know the flags\n"
        "that the service has is refused; --scheduler-flags none, or other flags, settles that.\n"
        "--timeout says all timeouts that the service is to have of its own; they hold from a\n"
        "connection's next packet on.\n\n"
        "Examples:\n"
        "  lbctl service set tcp 192.0.2.1:80 --scheduler mh --scheduler-flags fallback\n"
        "  lbctl service set tcp 192.0.2.1:80 --scheduler wrr --scheduler-flags none\n"
        "  lbctl service set tcp 192.0.2.1:80 --persist 300 --persist-prefix 24\n"
        "  lbctl service set udp 192.0.2.1:53 --timeout udp=10s\n"
        "  lbctl service set udp 192.0.2.1:53 --timeout none\n",
    .run = set,
};

const Command serviceDel{
    .name = "service del",
    .arguments = "PROTOCOL ADDR:PORT",
    .summary = "Remove a service and its destinations",
    .options = {},
    .doing = doing,
    .text = "Example:\n"
            "  lbctl service del tcp 192.0.2.1:80\n",
    .run = del,
};

} // namespace lb::lbctl
