// SPDX-License-Identifier: GPL-2.0
// lbctl dest add, set, del
#include "commands.hpp"
#include "context.hpp"
#include "words.hpp"

namespace lb::lbctl {

namespace {

using netlink::Change;

constexpr std::string_view doing = "changing destinations";

Result<void> apply(Context &context, const Change &change)
{
    auto director = context.director();
    if (!director)
        return director.error();
    return (*director)->apply(change);
}

Result<void> add(Context &context, const Arguments &arguments)
{
    auto spec = readDestSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    spec->method = spec->method.value_or(defaultMethod);
    spec->weight = spec->weight.value_or(Weight{});
    return apply(context, Change::add(*spec));
}

Result<void> set(Context &context, const Arguments &arguments)
{
    const auto spec = readDestSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    if (*spec == netlink::DestSpec{.service = spec->service, .endpoint = spec->endpoint})
        return Error{.what = "nothing to change is given",
                     .hint = "--method, --weight, --drain, --deadline, --then, --upper, --lower or "
                             "--tunnel-...",
                     .column = arguments.end()};
    return apply(context, Change::set(*spec));
}

Result<void> del(Context &context, const Arguments &arguments)
{
    const auto spec = readDestSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    return apply(context, Change::remove(spec->service, spec->endpoint));
}

} // namespace

const Command destAdd{
    .name = "dest add",
    .arguments = "PROTOCOL ADDR:PORT DEST[:PORT]",
    .summary = "Add a destination to a service",
    .options = destOptions(),
    .doing = doing,
    .text = "Without a port, the destination's is the service's; only nat can use another.\n"
            "The method is nat unless given (ipvsadm's -m; its default is direct, -g):\n"
            "  nat     rewrites addresses; the destination's gateway must be the director\n"
            "  direct  sends the packet as it is to the destination's network card; the\n"
            "          destination has the service's address on a silent interface\n"
            "  tunnel  wraps the packet in IPIP, GUE or GRE; the destination may be anywhere\n\n"
            "Examples:\n"
            "  lbctl dest add tcp 192.0.2.1:80 10.0.0.1:8080\n"
            "  lbctl dest add tcp 192.0.2.1:80 10.0.0.2 --method direct --weight 3\n"
            "  lbctl dest add tcp 192.0.2.1:80 10.0.0.3 --method tunnel --tunnel-type gue \\\n"
            "      --tunnel-port 6080\n",
    .run = add,
};

const Command destSet{
    .name = "dest set",
    .arguments = "PROTOCOL ADDR:PORT DEST[:PORT]",
    .summary = "Change a destination's method, tunnel, weight or bounds",
    .options = destOptions(),
    .doing = doing,
    .text = "What is not given stays as it is; another type of tunnel begins without port and\n"
            "checksum. A tunnel changes for the connections that are in it, too.\n\n"
            "Examples:\n"
            "  lbctl dest set tcp 192.0.2.1:80 10.0.0.1:8080 --weight 5\n"
            "  lbctl dest set tcp 192.0.2.1:80 10.0.0.1:8080 --upper 1000 --lower 800\n"
            "  lbctl dest set tcp 192.0.2.1:80 10.0.0.1:8080 --drain off\n",
    .run = set,
};

const Command destDel{
    .name = "dest del",
    .arguments = "PROTOCOL ADDR:PORT DEST[:PORT]",
    .summary = "Remove a destination from a service",
    .options = {},
    .doing = doing,
    .text = "To let its connections end first, drain it: lbctl dest drain --wait.\n\n"
            "Example:\n"
            "  lbctl dest del tcp 192.0.2.1:80 10.0.0.1:8080\n",
    .run = del,
};

} // namespace lb::lbctl
