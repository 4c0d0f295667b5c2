// SPDX-License-Identifier: GPL-2.0
#include "json.hpp"

#include "../netlink/names.hpp"

#include <nlohmann/json.hpp>

namespace lb::lbctl {

namespace {

using Json = nlohmann::ordered_json;
using netlink::AttributeSet;

// The key that the spec gives an attribute.
std::string key(const AttributeSet &set, int type)
{
    return std::string(set[static_cast<std::uint16_t>(type)]);
}

template <typename Names>
Json nameOr(const Names &names, std::uint8_t value)
{
    return value < names.size() ? Json(names[value]) : Json(value);
}

// The names of the bits that are set.
Json flagsOf(std::span<const std::string_view> names, std::uint32_t flags)
{
    Json json = Json::array();
    for (std::size_t bit = 0; bit < names.size(); bit++)
        if ((flags >> bit & 1U) != 0)
            json.push_back(names[bit]);
    return json;
}

Json protocolName(std::uint8_t protocol)
{
    const auto name = toString(static_cast<Protocol>(protocol));
    return name.empty() ? Json(protocol) : Json(name);
}

Json object(const netlink::Stats &stats)
{
    using netlink::statsSet;
    return {{key(statsSet, LB_A_STATS_CONNS), stats.conns},
            {key(statsSet, LB_A_STATS_IN_PACKETS), stats.inPackets},
            {key(statsSet, LB_A_STATS_OUT_PACKETS), stats.outPackets},
            {key(statsSet, LB_A_STATS_IN_BYTES), stats.inBytes},
            {key(statsSet, LB_A_STATS_OUT_BYTES), stats.outBytes}};
}

Json object(const netlink::Rates &rates)
{
    using netlink::ratesSet;
    return {{key(ratesSet, LB_A_RATES_INTERVAL_MS), rates.intervalMs},
            {key(ratesSet, LB_A_RATES_CONNS), rates.conns},
            {key(ratesSet, LB_A_RATES_IN_PACKETS), rates.inPackets},
            {key(ratesSet, LB_A_RATES_OUT_PACKETS), rates.outPackets},
            {key(ratesSet, LB_A_RATES_IN_BYTES), rates.inBytes},
            {key(ratesSet, LB_A_RATES_OUT_BYTES), rates.outBytes}};
}

Json object(const netlink::ServiceKey &service)
{
    using netlink::keySet;
    if (service.fwmark != 0)
        return {{key(keySet, LB_A_KEY_FAMILY), toString(service.endpoint.ip.family())},
                {key(keySet, LB_A_KEY_FWMARK), service.fwmark}};
    return {{key(keySet, LB_A_KEY_FAMILY), toString(service.endpoint.ip.family())},
            {key(keySet, LB_A_KEY_PROTOCOL), toString(service.protocol)},
            {key(keySet, LB_A_KEY_ADDR), toString(service.endpoint.ip)},
            {key(keySet, LB_A_KEY_PORT), service.endpoint.port.value}};
}

// An object with the generation, empty when it is not known.
Json generationOf(std::optional<std::uint32_t> generation, const AttributeSet &set, int type)
{
    Json json = Json::object();
    if (generation)
        json[key(set, type)] = *generation;
    return json;
}

Json object(const netlink::Timeouts &timeouts)
{
    Json json = Json::object();
    for (const auto &[type, seconds] : timeouts)
        json[key(netlink::settingsSet, type)] = seconds;
    return json;
}

Json object(const netlink::Service &service)
{
    using netlink::serviceSet;
    Json json{{key(serviceSet, LB_A_SERVICE_KEY), object(service.key)}};
    if (!service.keyOnly)
        json.update(
            {{key(serviceSet, LB_A_SERVICE_SCHEDULER), service.scheduler},
             {key(serviceSet, LB_A_SERVICE_SCHED_FLAGS),
              flagsOf(netlink::schedulerFlagNames(), service.schedulerFlags)},
             {key(serviceSet, LB_A_SERVICE_ONE_PACKET), service.onePacket},
             {key(serviceSet, LB_A_SERVICE_MSS_CLAMP),
              service.mssClamp == LB_MSS_CLAMP_AUTO ? Json("auto") : Json(service.mssClamp)},
             {key(serviceSet, LB_A_SERVICE_PERSIST_TIMEOUT), service.persistence.timeout},
             {key(serviceSet, LB_A_SERVICE_PERSIST_PREFIX),
              service.persistence.prefix.value_or(addressBits(service.key))},
             {key(serviceSet, LB_A_SERVICE_PERSIST_ENGINE),
              netlink::persistEngineName(service.persistence.engine)},
             {key(serviceSet, LB_A_SERVICE_TIMEOUTS), object(service.timeouts)},
             {key(serviceSet, LB_A_SERVICE_DESTS), service.dests},
             {key(serviceSet, LB_A_SERVICE_ACTIVE), service.active},
             {key(serviceSet, LB_A_SERVICE_INACTIVE), service.inactive},
             {key(serviceSet, LB_A_SERVICE_STATS), object(service.stats)},
             {key(serviceSet, LB_A_SERVICE_SINCE_ZERO), object(service.sinceZero)},
             {key(serviceSet, LB_A_SERVICE_RATES), object(service.rates)},
             {key(serviceSet, LB_A_SERVICE_SLOW_START), service.slowStart},
             {key(serviceSet, LB_A_SERVICE_ORPHANS), netlink::orphansName(service.orphans)}});
    json.update(generationOf(service.generation, serviceSet, LB_A_SERVICE_GENERATION));
    return json;
}

Json identity(const netlink::Destination &dest)
{
    using netlink::destSet;
    return {{key(destSet, LB_A_DEST_SERVICE), object(dest.service)},
            {key(destSet, LB_A_DEST_FAMILY), toString(dest.endpoint.ip.family())},
            {key(destSet, LB_A_DEST_ADDR), toString(dest.endpoint.ip)},
            {key(destSet, LB_A_DEST_PORT), dest.endpoint.port.value}};
}

// With other methods there is none.
Json tunnelOf(const netlink::Destination &dest)
{
    using netlink::destSet;
    const bool is = dest.method == Method::tunnel;
    return {{key(destSet, LB_A_DEST_TUNNEL_TYPE), is ? Json(toString(dest.tunnel.type)) : Json()},
            {key(destSet, LB_A_DEST_TUNNEL_PORT), is ? Json(dest.tunnel.port.value) : Json()},
            {key(destSet, LB_A_DEST_TUNNEL_CHECKSUM),
             is ? Json(toString(dest.tunnel.checksum)) : Json()}};
}

// Without a deadline nothing comes then.
Json drainingOf(const netlink::Destination &dest)
{
    using netlink::destSet;
    const auto &[deadline, end] = dest.draining;
    return {
        {key(destSet, LB_A_DEST_DEADLINE), deadline ? Json(*deadline) : Json()},
        {key(destSet, LB_A_DEST_DRAIN_END), deadline ? Json(netlink::drainEndName(end)) : Json()}};
}

Json object(const netlink::Destination &dest)
{
    using netlink::destSet;
    auto json = identity(dest);
    if (!dest.keyOnly)
        json.update({{key(destSet, LB_A_DEST_METHOD), toString(dest.method)},
                     {key(destSet, LB_A_DEST_WEIGHT), dest.weight.value},
                     {key(destSet, LB_A_DEST_DRAIN), dest.drain},
                     {key(destSet, LB_A_DEST_ACTIVE), dest.active},
                     {key(destSet, LB_A_DEST_INACTIVE), dest.inactive},
                     {key(destSet, LB_A_DEST_LOCAL), dest.local},
                     {key(destSet, LB_A_DEST_TEMPLATES), dest.templates},
                     {key(destSet, LB_A_DEST_STATS), object(dest.stats)},
                     {key(destSet, LB_A_DEST_SINCE_ZERO), object(dest.sinceZero)},
                     {key(destSet, LB_A_DEST_RATES), object(dest.rates)},
                     {key(destSet, LB_A_DEST_UPPER), dest.upper},
                     {key(destSet, LB_A_DEST_LOWER), dest.lower},
                     {key(destSet, LB_A_DEST_FULL), dest.full},
                     {key(destSet, LB_A_DEST_RAMP), dest.ramp ? Json(*dest.ramp) : Json()}});
    if (!dest.keyOnly) {
        json.update(tunnelOf(dest));
        json.update(drainingOf(dest));
    }
    json.update(generationOf(dest.generation, destSet, LB_A_DEST_GENERATION));
    return json;
}

Json object(const netlink::SyncDaemon &daemon)
{
    using netlink::syncSet;
    return {{key(syncSet, LB_A_SYNC_ROLE), netlink::syncRoleName(daemon.role)},
            {key(syncSet, LB_A_SYNC_IFNAME), daemon.interface},
            {key(syncSet, LB_A_SYNC_ID), daemon.id.value_or(0)},
            {key(syncSet, LB_A_SYNC_MAX_LENGTH), daemon.maxLength.value_or(0)},
            {key(syncSet, LB_A_SYNC_GROUP), daemon.group ? toString(*daemon.group) : ""},
            {key(syncSet, LB_A_SYNC_PORT), daemon.port.value_or(0)},
            {key(syncSet, LB_A_SYNC_TTL), daemon.ttl.value_or(0)},
            {key(syncSet, LB_A_SYNC_PORTS), daemon.ports}};
}

Json object(const std::vector<netlink::SyncCounter> &counters)
{
    Json json = Json::object();
    for (const auto &counter : counters)
        json[counter.name] = counter.value;
    return json;
}

Json object(const netlink::Settings &settings)
{
    auto json = object(settings.values);
    if (settings.generation)
        json[key(netlink::settingsSet, LB_A_SETTINGS_GENERATION)] = *settings.generation;
    return json;
}

} // namespace

std::string toJson(const netlink::ServiceKey &key)
{
    return object(key).dump();
}

std::string toJson(const netlink::Service &service)
{
    return object(service).dump();
}

std::string toJson(const netlink::Destination &dest)
{
    return object(dest).dump();
}

namespace {

std::string templateJson(const netlink::Connection &tpl)
{
    using netlink::connSet;
    Json json{{key(connSet, LB_A_CONN_FAMILY), toString(tpl.client.ip.family())}};
    if (tpl.fwmark != 0)
        json[key(connSet, LB_A_CONN_FWMARK)] = tpl.fwmark;
    else
        json.update({{key(connSet, LB_A_CONN_PROTOCOL), protocolName(tpl.protocol)},
                     {key(connSet, LB_A_CONN_VIRTUAL_ADDR), toString(tpl.service.ip)},
                     {key(connSet, LB_A_CONN_VIRTUAL_PORT), tpl.service.port.value}});
    json.update({{key(connSet, LB_A_CONN_CLIENT_ADDR), toString(tpl.client.ip)},
                 {key(connSet, LB_A_CONN_CLIENT_PREFIX), tpl.clientPrefix},
                 {key(connSet, LB_A_CONN_DEST_FAMILY), toString(tpl.dest.ip.family())},
                 {key(connSet, LB_A_CONN_DEST_ADDR), toString(tpl.dest.ip)},
                 {key(connSet, LB_A_CONN_DEST_PORT), tpl.dest.port.value},
                 {key(connSet, LB_A_CONN_METHOD), toString(tpl.method)},
                 {key(connSet, LB_A_CONN_FLAGS), flagsOf(netlink::flagNames(), tpl.flags)},
                 {key(connSet, LB_A_CONN_CONNS), tpl.conns},
                 {key(connSet, LB_A_CONN_PERSIST_ID),
                  tpl.persistId.empty() ? Json(nullptr) : Json(tpl.persistId)},
                 {key(connSet, LB_A_CONN_EXPIRES_MS), tpl.expiresMs}});
    return json.dump();
}

} // namespace

std::string toJson(const netlink::Connection &conn)
{
    using netlink::connSet;
    if ((conn.flags & LB_CONN_FLAGS_TEMPLATE) != 0)
        return templateJson(conn);
    const Json json{{key(connSet, LB_A_CONN_FAMILY), toString(conn.service.ip.family())},
                    {key(connSet, LB_A_CONN_PROTOCOL), protocolName(conn.protocol)},
                    {key(connSet, LB_A_CONN_CLIENT_ADDR), toString(conn.client.ip)},
                    {key(connSet, LB_A_CONN_CLIENT_PORT), conn.client.port.value},
                    {key(connSet, LB_A_CONN_VIRTUAL_ADDR), toString(conn.service.ip)},
                    {key(connSet, LB_A_CONN_VIRTUAL_PORT), conn.service.port.value},
                    {key(connSet, LB_A_CONN_DEST_FAMILY), toString(conn.dest.ip.family())},
                    {key(connSet, LB_A_CONN_DEST_ADDR), toString(conn.dest.ip)},
                    {key(connSet, LB_A_CONN_DEST_PORT), conn.dest.port.value},
                    {key(connSet, LB_A_CONN_METHOD), toString(conn.method)},
                    {key(connSet, LB_A_CONN_STATE), nameOr(netlink::stateNames(), conn.state)},
                    {key(connSet, LB_A_CONN_FLAGS), flagsOf(netlink::flagNames(), conn.flags)},
                    {key(connSet, LB_A_CONN_EXPIRES_MS), conn.expiresMs}};
    return json.dump();
}

std::string toJson(const netlink::Settings &settings)
{
    return object(settings).dump();
}

std::string toJson(const netlink::SyncDaemon &daemon)
{
    return object(daemon).dump();
}

std::string toJson(const std::vector<netlink::SyncCounter> &counters)
{
    return object(counters).dump();
}

std::string toJson(const netlink::Total &total)
{
    using netlink::dropSet;
    using netlink::totalSet;
    Json drops = Json::array();
    for (const auto &drop : total.drops)
        drops.push_back({{key(dropSet, LB_A_DROP_NAME), drop.reason},
                         {key(dropSet, LB_A_DROP_PACKETS), drop.packets}});

    const Json json{{key(totalSet, LB_A_TOTAL_STATS), object(total.stats)},
                    {key(totalSet, LB_A_TOTAL_RATES), object(total.rates)},
                    {key(totalSet, LB_A_TOTAL_DROP), std::move(drops)},
                    {key(totalSet, LB_A_TOTAL_SYNC), object(total.sync)}};
    return json.dump();
}

std::string toJson(const netlink::Info &info)
{
    using netlink::infoSet;
    const Json json{{key(infoSet, LB_A_INFO_VERSION), info.version},
                    {key(infoSet, LB_A_INFO_GENERATION), info.generation},
                    {key(infoSet, LB_A_INFO_SERVICES), info.services},
                    {key(infoSet, LB_A_INFO_DESTS), info.dests},
                    {key(infoSet, LB_A_INFO_CONNS), info.conns},
                    {key(infoSet, LB_A_INFO_BUCKETS), info.buckets},
                    {key(infoSet, LB_A_INFO_CONN_SIZE), info.connSize},
                    {key(infoSet, LB_A_INFO_SCHEDULERS), info.schedulers}};
    return json.dump();
}

std::string_view eventName(std::uint8_t command)
{
    switch (command) {
    case LB_CMD_SERVICE_NEW_NTF:
        return "service-new";
    case LB_CMD_SERVICE_SET_NTF:
        return "service-set";
    case LB_CMD_SERVICE_DEL_NTF:
        return "service-del";
    case LB_CMD_DEST_NEW_NTF:
        return "dest-new";
    case LB_CMD_DEST_SET_NTF:
        return "dest-set";
    case LB_CMD_DEST_DEL_NTF:
        return "dest-del";
    case LB_CMD_SETTINGS_SET_NTF:
        return "settings-set";
    case LB_CMD_FLUSH_NTF:
        return "flush";
    case LB_CMD_SYNC_START_NTF:
        return "sync-start";
    case LB_CMD_SYNC_STOP_NTF:
        return "sync-stop";
    default:
        return "unknown";
    }
}

std::string toJson(const netlink::Event &event)
{
    Json json{{"event", eventName(event.command)}};

    if (const auto *service = std::get_if<netlink::Service>(&event.object))
        json.update(object(*service));
    else if (const auto *dest = std::get_if<netlink::Destination>(&event.object))
        json.update(object(*dest));
    else if (const auto *settings = std::get_if<netlink::Settings>(&event.object))
        json.update(object(*settings));
    else if (const auto *daemon = std::get_if<netlink::SyncDaemon>(&event.object))
        json.update(object(*daemon));
    else if (const auto *flushed = std::get_if<netlink::Flushed>(&event.object))
        json.update(
            generationOf(flushed->generation, netlink::serviceSet, LB_A_SERVICE_GENERATION));
    return json.dump();
}

std::string countJson(std::uint64_t count)
{
    return Json{{key(netlink::connSet, LB_A_CONN_COUNT), count}}.dump();
}

std::string ratesJson(const netlink::ServiceKey &service, const netlink::Rates &rates)
{
    return Json{{key(netlink::serviceSet, LB_A_SERVICE_KEY), object(service)},
                {key(netlink::serviceSet, LB_A_SERVICE_RATES), object(rates)}}
        .dump();
}

std::string ratesJson(const netlink::Destination &dest, const netlink::Rates &rates)
{
    auto json = identity(dest);
    json[key(netlink::destSet, LB_A_DEST_RATES)] = object(rates);
    return json.dump();
}

std::string ratesJson(const netlink::Rates &rates)
{
    return Json{{key(netlink::totalSet, LB_A_TOTAL_RATES), object(rates)}}.dump();
}

} // namespace lb::lbctl
