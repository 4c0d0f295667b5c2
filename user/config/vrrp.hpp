// SPDX-License-Identifier: GPL-2.0
// VRRP's instances, groups and what they track, as they are configured.
#pragma once

#include "../base/endpoint.hpp"
#include "keyword.hpp"
#include "script.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lb::config {

// An address to have while master, or always (static_ipaddress).
struct Address {
    Prefix prefix{};
    std::string device{}; // the instance's, or default_interface
    std::string label{};
    std::optional<Ip> peer{};
    std::optional<Ip> broadcast{};
    char broadcastHost = 0; // '+': its bits all 1, '-': none
    std::string scope{};
    std::optional<std::uint32_t> preferredLifetime{}; // seconds; UINT32_MAX: for ever
    bool home = false;
    bool noDad = false;
    bool managedTemporary = false;
    bool noPrefixRoute = false;
    bool autoJoin = false;
    bool noTrack = false;
    bool useVmac = false;
    std::string trackGroup{};
    Where where{};

    friend bool operator==(const Address &, const Address &) = default;
};

// A route or rule in the words of ip(8).
struct RouteWords {
    std::vector<std::string> words{};
    Where where{};

    friend bool operator==(const RouteWords &, const RouteWords &) = default;
};

// What is looked at, by name, and what that does to the priority. Without a weight it is that of
// the thing itself; 0 makes it a matter of fault or not.
struct Track {
    std::string name{};
    std::optional<std::int32_t> weight{};
    std::optional<bool> reverse{};
    Where where{};

    friend bool operator==(const Track &, const Track &) = default;
};

struct Tracks {
    std::vector<Track> interfaces{};
    std::vector<Track> scripts{};
    std::vector<Track> files{};
    std::vector<Track> processes{};
    std::vector<Track> bfd{};

    friend bool operator==(const Tracks &, const Tracks &) = default;
};

struct Notify {
    Script master{};
    Script backup{};
    Script fault{};
    Script stop{};
    Script deleted{};
    Script any{};
    Script masterLowerPrio{};
    bool sayDeleted = false;
    std::optional<bool> priorityChanges{};
    std::optional<bool> smtpAlert{};

    friend bool operator==(const Notify &, const Notify &) = default;
};

enum class AuthType : std::uint8_t { none, pass, ah };

struct UnicastPeer {
    Ip ip{};
    std::optional<std::uint8_t> minTtl{};
    std::optional<std::uint8_t> maxTtl{};
    Where where{};

    friend bool operator==(const UnicastPeer &, const UnicastPeer &) = default;
};

struct Vmac {
    std::string interface {}; // vrrp.ID unless given
    std::optional<std::array<std::uint8_t, 6>> mac{};
    bool macEndsWithId = false; // five octets were given

    friend bool operator==(const Vmac &, const Vmac &) = default;
};

struct VrrpInstance : Tracks, Notify {
    std::string name{};
    bool startAsMaster = false;
    std::string interface {};
    std::string vrf{};
    std::optional<std::uint8_t> id{};
    std::uint8_t priority = 100;
    std::optional<int> version{};
    Duration advertInterval = std::chrono::seconds(1);
    AuthType authType = AuthType::none;
    std::string authPass{}; // at most eight bytes
    std::vector<Address> addresses{};
    std::vector<Address> excluded{};
    std::vector<RouteWords> routes{};
    std::vector<RouteWords> rules{};
    std::optional<Ip> source{};    // unicast_src_ip or mcast_src_ip
    std::optional<Ip> multicast{}; // mcast_dst_ip
    bool trackSource = false;
    std::vector<UnicastPeer> peers{};
    bool unicastFaultNoPeer = false;
    std::optional<std::uint8_t> unicastTtl{};
    std::optional<bool> checkUnicastSource{};
    std::optional<bool> accept{};
    bool noPreempt = false;
    Duration preemptDelay{};
    std::optional<Vmac> vmac{};
    bool vmacTransmitBase = false;
    bool vmacAddresses = false;
    std::vector<std::string> ipvlan{}; // its words
    bool useIpvlan = false;
    bool dontTrackPrimary = false;
    bool promoteSecondaries = false;
    bool noVirtualAddress = false;
    std::optional<bool> strict{};
    std::optional<bool> skipCheckAddresses{};
    std::optional<bool> lowerPrioNoAdvert{};
    std::optional<bool> higherPrioSendAdvert{};
    std::optional<std::uint8_t> downTimerAdverts{};
    std::optional<std::uint32_t> garpDelay{};
    std::optional<std::uint32_t> garpRepeat{};
    std::optional<std::uint32_t> garpRefresh{};
    std::optional<std::uint32_t> garpRefreshRepeat{};
    std::optional<std::uint32_t> garpLowerPrioDelay{};
    std::optional<std::uint32_t> garpLowerPrioRepeat{};
    std::optional<std::uint32_t> garpExtraInterface{};
    bool garpExtraAll = false;
    Where where{};

    friend bool operator==(const VrrpInstance &, const VrrpInstance &) = default;
};

struct SyncGroup : Tracks, Notify {
    std::string name{};
    std::vector<std::string> members{};
    bool trackingWeight = false;
    Where where{};

    friend bool operator==(const SyncGroup &, const SyncGroup &) = default;
};

struct VrrpScript {
    std::string name{};
    Script script{};
    Duration interval = std::chrono::seconds(1);
    Duration timeout{}; // the interval's when 0
    std::int32_t weight = 0;
    bool reverse = false;
    std::uint32_t rise = 1;
    std::uint32_t fall = 1;
    bool startFailed = false;
    Where where{};

    friend bool operator==(const VrrpScript &, const VrrpScript &) = default;
};

struct TrackFile {
    std::string name{};
    std::string path{};
    std::int32_t weight = 1;
    bool reverse = false;
    bool init = false;
    std::int64_t initValue = 0;
    bool overwrite = false;
    Where where{};

    friend bool operator==(const TrackFile &, const TrackFile &) = default;
};

enum class ParamMatch : std::uint8_t { exact, initial, partial };

struct TrackProcess {
    std::string name{};
    std::vector<std::string> command{};
    std::optional<ParamMatch> match{};
    std::int32_t weight = 1;
    bool reverse = false;
    std::uint32_t quorum = 1;
    std::optional<std::uint32_t> quorumMax{};
    Duration forkDelay{};
    Duration terminateDelay{};
    bool fullCommand = false;
    Where where{};

    friend bool operator==(const TrackProcess &, const TrackProcess &) = default;
};

// Each reads one block of the top level: its name and what is in it.
void takeInstance(std::vector<VrrpInstance> &into, Arguments &arguments);
void takeSyncGroup(std::vector<SyncGroup> &into, Arguments &arguments);
void takeVrrpScript(std::vector<VrrpScript> &into, Arguments &arguments);
void takeTrackFile(std::vector<TrackFile> &into, Arguments &arguments);
void takeTrackProcess(std::vector<TrackProcess> &into, Arguments &arguments);

// One line of virtual_ipaddress and its like.
std::optional<Address> takeAddress(Arguments &arguments);

} // namespace lb::config
