// SPDX-License-Identifier: GPL-2.0
#include "errors.hpp"

#include <cerrno>
#include <cstring>

namespace lb::ipvsadm {

namespace {

std::string_view ofVerb(Verb verb, int code)
{
    switch (verb) {
    case Verb::add:
    case Verb::edit:
        if (code == ENOENT)
            return "Scheduler or persistence engine not found";
        if (verb == Verb::add)
            return code == EEXIST ? "Service already exists" : "";
        [[fallthrough]];
    case Verb::del:
    case Verb::zero:
    case Verb::list:
    case Verb::save:
        return code == ESRCH ? "No such service" : "";
    case Verb::addDest:
    case Verb::editDest:
    case Verb::delDest:
        if (code == ESRCH)
            return "Service not defined";
        if (verb == Verb::addDest)
            return code == EEXIST ? "Destination already exists" : "";
        return code == ENOENT ? "No such destination" : "";
    case Verb::startDaemon:
        return code == EEXIST ? "Daemon has already run" : "";
    case Verb::stopDaemon:
        return code == ESRCH ? "No daemon is running" : "";
    default:
        return "";
    }
}

std::string_view ofCode(int code)
{
    switch (code) {
    case EPERM:
        return "Permission denied (you must be root)";
    case EINVAL:
        return "Invalid operation.  Possibly wrong module version, address not unicast, ...";
    case ENOPROTOOPT:
        return "Protocol not available";
    case ENOMEM:
        return "Memory allocation problem";
    case EOPNOTSUPP:
        return "Operation not supported with IPv6";
    case EAFNOSUPPORT:
        return "Operation not supported with specified address family";
    case EMSGSIZE:
        return "Module is wrong version";
    default:
        return "";
    }
}

} // namespace

std::string explain(Verb verb, int code)
{
    auto text = ofVerb(verb, code);
    if (text.empty())
        text = ofCode(code);
    return text.empty() ? std::strerror(code) : std::string(text);
}

Refusal refuse(Verb verb, const Error &error, int status)
{
    return {status, error.code != 0 ? explain(verb, error.code) : toString(error)};
}

} // namespace lb::ipvsadm
