// SPDX-License-Identifier: GPL-2.0
// What the module knows, as values, and the Director, through which userspace asks and changes
// it. Mirrors kmod/netlink: service.cpp, dest.cpp, conn.cpp, settings.cpp, stats.cpp, event.cpp
// and txn.cpp each turn one kind of object into attributes and back.
#pragma once

#include "../base/tunnel.hpp"
#include "../base/types.hpp"
#include "message.hpp"
#include "socket.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <linux/lb.h>

namespace lb::netlink {

struct Stats {
    std::uint64_t conns = 0;
    std::uint64_t inPackets = 0;
    std::uint64_t outPackets = 0;
    std::uint64_t inBytes = 0;
    std::uint64_t outBytes = 0;

    auto operator<=>(const Stats &) const = default;
};

struct Rates : Stats { // all per second
    std::uint64_t intervalMs = 0;
};

// What names a service: protocol and endpoint, whose port 0 is all ports; or a firewall mark and
// the family of endpoint.
struct ServiceKey {
    Protocol protocol = Protocol::tcp;
    Endpoint endpoint{};
    std::uint32_t fwmark = 0; // 0 for none

    static ServiceKey ofFwmark(Family family, std::uint32_t fwmark);

    // As ipvsadm lists them: by family, then protocol, address and port.
    std::strong_ordering operator<=>(const ServiceKey &other) const;
    bool operator==(const ServiceKey &) const = default;
};

// Its two words: "tcp" and "192.0.2.1:80", "fwmark" or "fwmark6" and "5".
std::string_view firstWord(const ServiceKey &key);
std::string secondWord(const ServiceKey &key);
std::string toString(const ServiceKey &key);
std::uint8_t addressBits(const ServiceKey &key); // 32 or 128

// How long a service keeps a client to a destination, and which clients are one.
struct Persistence {
    std::uint32_t timeout = 0;            // seconds; 0 for not at all
    std::optional<std::uint8_t> prefix{}; // bits of the address that count, all unless given
    std::uint8_t engine = LB_PERSIST_ENGINE_NONE;

    auto operator<=>(const Persistence &) const = default;
};

// Seconds by setting (LB_A_SETTINGS_*), of those that are timeouts.
using Timeouts = std::map<std::uint16_t, std::uint32_t>;

struct Service {
    ServiceKey key{};
    std::string scheduler{};
    std::uint32_t schedulerFlags = 0; // LB_SCHED_FLAGS_*
    bool onePacket = false;
    Persistence persistence{};
    std::uint32_t dests = 0;
    std::uint32_t active = 0;
    std::uint32_t inactive = 0;
    Stats stats{};
    Rates rates{};
    std::optional<std::uint32_t> generation{}; // of the last change
    bool keyOnly = false;                      // an event about a service that is gone
    std::uint16_t mssClamp = 0;                // 0 for none, LB_MSS_CLAMP_AUTO
    Timeouts timeouts{};                       // those of its own
    std::uint32_t slowStart = 0;               // seconds
    std::uint8_t orphans = LB_ORPHANS_DEFAULT;
    Stats sinceZero{}; // what stats have grown by since the last zero
};

// How long a destination that drains keeps its connections, and what becomes of them then.
struct Draining {
    std::optional<std::uint32_t> deadline{}; // seconds that are left
    std::uint8_t end = LB_DRAIN_END_KEEP;

    // A deadline is the same one however much of it is left.
    [[nodiscard]] bool sameAs(const Draining &other) const
    {
        return deadline.has_value() == other.deadline.has_value() && end == other.end;
    }
};

struct Destination {
    ServiceKey service{};
    Endpoint endpoint{};
    Method method = Method::nat;
    Weight weight{};
    bool drain = false;
    std::uint32_t active = 0;
    std::uint32_t inactive = 0;
    bool local = false;
    std::uint32_t templates = 0;
    Stats stats{};
    Rates rates{};
    std::optional<std::uint32_t> generation{};
    bool keyOnly = false;    // an event about a destination that is gone
    Tunnel tunnel{};         // with Method::tunnel
    std::uint32_t upper = 0; // with so many connections it is full; 0: never
    std::uint32_t lower = 0; // with fewer it is full no more; 0: three quarters of upper
    bool full = false;
    std::optional<std::uint8_t> ramp{}; // percent of its share, while a slow start lasts
    Draining draining{};
    Stats sinceZero{};
};

struct Connection {
    std::uint8_t protocol = 0;
    Endpoint client{};
    Endpoint service{};
    Endpoint dest{};
    Method method = Method::nat;
    std::uint8_t state = 0;
    std::uint32_t flags = 0;
    std::uint64_t expiresMs = 0;
    std::uint8_t clientPrefix = 0; // of a template (LB_CONN_FLAGS_TEMPLATE), as what follows
    std::uint32_t fwmark = 0;
    std::uint32_t conns = 0;
    std::string persistId{}; // what the service's persistence engine tells it by
};

// What connections have in common; what is not given does not matter.
struct ConnectionFilter {
    std::optional<Family> family{}; // implied by client and service
    std::optional<Protocol> protocol{};
    std::optional<Pattern> client{};
    std::optional<Target> service{};
    std::optional<Target> dest{};
    std::optional<Method> method{};
    std::optional<std::uint8_t> state{};
    std::optional<std::uint8_t> templates{}; // LB_TEMPLATES_*
};

// Numbers by attribute (LB_A_SETTINGS_*); the spec names them.
struct Settings {
    std::map<std::uint16_t, std::uint32_t> values{};
    std::optional<std::uint32_t> generation{};

    auto operator<=>(const Settings &) const = default;
};

struct Drop {
    std::string reason{};
    std::uint64_t packets = 0;
};

// What is counted of the synchronisation.
struct SyncCounter {
    std::string name{};
    std::uint64_t value = 0;
};

struct Total {
    Stats stats{};
    Rates rates{};
    std::vector<Drop> drops{};
    std::vector<SyncCounter> sync{};
};

// A daemon of the synchronisation; to start one, what is not given is the module's to choose.
struct SyncDaemon {
    std::uint8_t role = 0; // LB_SYNC_ROLE_*
    std::string interface {};
    std::optional<std::uint8_t> id{};
    std::optional<std::uint16_t> maxLength{};
    std::optional<Ip> group{};
    std::optional<std::uint16_t> port{};
    std::optional<std::uint8_t> ttl{};
    std::uint32_t ports = 0; // so many in use, and threads
};

struct Info {
    std::string version{};
    std::uint32_t generation = 0;
    std::uint32_t services = 0;
    std::uint32_t dests = 0;
    std::uint32_t conns = 0;
    std::uint32_t buckets = 0;
    std::uint32_t connSize = 0;
    std::vector<std::string> schedulers{};
};

// What a change says about a service or destination; in a set, what is not given stays.
struct ServiceSpec {
    ServiceKey key{};
    std::optional<std::string> scheduler{};
    std::optional<std::uint32_t> schedulerFlags{};
    std::optional<bool> onePacket{};
    std::optional<std::uint16_t> mssClamp{};
    std::optional<std::uint32_t> persistTimeout{};
    std::optional<std::uint8_t> persistPrefix{};
    std::optional<std::uint8_t> persistEngine{}; // LB_PERSIST_ENGINE_*
    std::optional<Timeouts> timeouts{};          // all of them
    std::optional<std::uint32_t> slowStart{};
    std::optional<std::uint8_t> orphans{}; // LB_ORPHANS_*

    bool operator==(const ServiceSpec &) const = default;
};

struct DestSpec {
    ServiceKey service{};
    Endpoint endpoint{};
    std::optional<Method> method{};
    std::optional<Weight> weight{};
    std::optional<bool> drain{};
    std::optional<TunnelType> tunnelType{};
    std::optional<Port> tunnelPort{};
    std::optional<TunnelChecksum> tunnelChecksum{};
    std::optional<std::uint32_t> upper{};
    std::optional<std::uint32_t> lower{};
    std::optional<std::uint32_t> deadline{}; // seconds from now
    std::optional<std::uint8_t> drainEnd{};  // LB_DRAIN_END_*
    bool laxPort = false; // a port that the method cannot change to is a name only

    bool operator==(const DestSpec &) const = default;
};

// One command that changes the configuration: alone, or one of a transaction.
struct Change {
    std::uint8_t command = 0; // LB_CMD_SERVICE_NEW ... LB_CMD_FLUSH, LB_CMD_SETTINGS_SET
    std::variant<std::monostate, ServiceSpec, DestSpec, Settings> object{};

    static Change add(ServiceSpec spec) { return {LB_CMD_SERVICE_NEW, std::move(spec)}; }
    static Change set(ServiceSpec spec) { return {LB_CMD_SERVICE_SET, std::move(spec)}; }
    static Change remove(const ServiceKey &key)
    {
        return {LB_CMD_SERVICE_DEL, ServiceSpec{.key = key}};
    }
    static Change add(const DestSpec &spec) { return {LB_CMD_DEST_NEW, spec}; }
    static Change set(const DestSpec &spec) { return {LB_CMD_DEST_SET, spec}; }
    static Change remove(const ServiceKey &service, const Endpoint &endpoint)
    {
        return {LB_CMD_DEST_DEL, DestSpec{.service = service, .endpoint = endpoint}};
    }
    static Change set(const Settings &settings) { return {LB_CMD_SETTINGS_SET, settings}; }
    static Change flush() { return {LB_CMD_FLUSH, std::monostate{}}; }

    bool operator==(const Change &) const = default;
};

// All services were removed.
struct Flushed {
    std::optional<std::uint32_t> generation{};
};

// A change that was announced. Which one: the command (LB_CMD_*_NTF).
struct Event {
    std::uint8_t command = 0;
    std::variant<std::monostate, Service, Destination, Settings, Flushed, SyncDaemon> object{};
};

// Encoding and decoding, one pair per object. @txn stages the change in that transaction.
Message encode(std::uint16_t family, const Change &change, std::optional<std::uint32_t> txn = {});
void encode(Message &message, const ServiceKey &key); // into an open nest
void encode(Message &message, const ServiceKey &service, const Endpoint &dest);
void encode(Message &message, const ConnectionFilter &filter);
void encode(Message &message, const Connection &conn); // to adopt it
Result<ServiceKey> decodeKey(const std::optional<Attributes> &nest);
Stats decodeStats(const std::optional<Attributes> &nest);
Rates decodeRates(const std::optional<Attributes> &nest);
Result<Service> decodeService(const Attributes &attributes);
Result<Destination> decodeDest(const Attributes &attributes);
Result<Connection> decodeConn(const Attributes &attributes);
Settings decodeSettings(const Attributes &attributes);
Total decodeTotal(const Attributes &attributes);
Result<SyncDaemon> decodeSync(const Attributes &attributes);
Info decodeInfo(const Attributes &attributes);
Result<Event> decodeEvent(const Reply &reply);
// @error of a commit of @changes, with what txn-get told of it: which change, attribute and why.
Error explainCommit(Error error, const Attributes &told, std::span<const Change> changes);

class Director {
public:
    // Of the calling process's network namespace. ENODEV when the module is not loaded.
    static Result<Director> open();
    Director(Socket socket, FamilyId family)
        : socket_(std::move(socket)), family_(std::move(family))
    {}

    Result<Info> info();

    Result<std::vector<Service>> services();
    Result<Service> service(const ServiceKey &key);
    // In the order in which they were added.
    Result<std::vector<Destination>> dests(const std::optional<ServiceKey> &service = {});
    Result<Destination> dest(const ServiceKey &service, const Endpoint &endpoint);

    Result<void> apply(const Change &change);
    // All of @changes or none; the generation they made. A refusal's index names the culprit.
    // ESTALE: @expected is given and no longer the configuration's generation.
    Result<std::uint32_t> commit(std::span<const Change> changes,
                                 std::optional<std::uint32_t> expected = {});

    // Visits each; a visit that returns false ends it, and this Director's use.
    Result<void> conns(const ConnectionFilter &filter,
                       const std::function<bool(const Connection &)> &visit);
    Result<std::uint64_t> countConns(const ConnectionFilter &filter);
    Result<std::uint64_t> removeConns(const ConnectionFilter &filter);
    // A connection that another balancer has opened goes on here.
    Result<void> adopt(const Connection &conn);

    // What sinceZero counts begins anew, for all or for one service and its destinations.
    Result<void> zero(const std::optional<ServiceKey> &only);

    Result<Settings> settings();

    Result<Total> total();

    Result<std::vector<SyncDaemon>> syncDaemons();
    Result<void> startSync(const SyncDaemon &daemon);
    Result<void> stopSync(std::uint8_t role); // LB_SYNC_ROLE_*

    Result<void> subscribe();
    // Blocks for the next announcements. ENOBUFS: they came too fast and some are lost.
    Result<void> events(const std::function<bool(const Event &)> &visit);
    [[nodiscard]] int fd() const { return socket_.fd(); }

private:
    [[nodiscard]] Message message(std::uint8_t command) const;
    Result<std::uint64_t> countOf(std::uint8_t command, const ConnectionFilter &filter);
    Result<std::uint32_t> begin();
    Result<std::uint32_t> finish(std::uint32_t txn, std::span<const Change> changes,
                                 std::optional<std::uint32_t> expected);
    Result<void> stage(std::uint32_t txn, std::span<const Change> changes);
    void abort(std::uint32_t txn);

    Socket socket_;
    FamilyId family_;
};

} // namespace lb::netlink
