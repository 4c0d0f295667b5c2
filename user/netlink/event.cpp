// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

#include <cerrno>

#include <fmt/core.h>

namespace lb::netlink {

Result<Event> decodeEvent(const Reply &reply)
{
    Event event{.command = reply.command, .object = {}};

    switch (reply.command) {
    case LB_CMD_SERVICE_NEW_NTF:
    case LB_CMD_SERVICE_SET_NTF:
    case LB_CMD_SERVICE_DEL_NTF: {
        auto service = decodeService(reply.attributes);
        if (!service)
            return service.error();
        event.object = std::move(*service);
        return event;
    }
    case LB_CMD_DEST_NEW_NTF:
    case LB_CMD_DEST_SET_NTF:
    case LB_CMD_DEST_DEL_NTF: {
        auto dest = decodeDest(reply.attributes);
        if (!dest)
            return dest.error();
        event.object = *dest;
        return event;
    }
    case LB_CMD_FLUSH_NTF:
        event.object = Flushed{reply.attributes.u32(LB_A_SERVICE_GENERATION)};
        return event;
    case LB_CMD_SETTINGS_SET_NTF:
        event.object = decodeSettings(reply.attributes);
        return event;
    case LB_CMD_SYNC_START_NTF:
    case LB_CMD_SYNC_STOP_NTF: {
        auto daemon = decodeSync(reply.attributes);
        if (!daemon)
            return daemon.error();
        event.object = std::move(*daemon);
        return event;
    }
    default:
        return Error{.code = EBADMSG,
                     .what =
                         fmt::format("the module announced the unknown event {}", reply.command)};
    }
}

Result<void> Director::subscribe()
{
    for (const auto &[name, id] : family_.groups)
        if (name == LB_MCGRP_CONFIG)
            return socket_.join(id);
    return Error{.code = ENOENT, .what = "the module has no events to subscribe to"};
}

Result<void> Director::events(const std::function<bool(const Event &)> &visit)
{
    std::optional<Error> broken;
    auto done = socket_.receive([&](const Reply &reply) {
        if (reply.header.nlmsg_type != family_.number)
            return true;
        const auto event = decodeEvent(reply);
        if (event)
            return visit(*event);
        broken = event.error();
        return false;
    });
    if (done && broken)
        return *broken;
    return done;
}

} // namespace lb::netlink
