// SPDX-License-Identifier: GPL-2.0
// Words to options, as popt does it for ipvsadm: -Ln, -w5, -w=5, --weight=5, --weight 5. Which
// options may stand together is for legality.cpp, what their values mean for grammar.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lb::ipvsadm {

enum class Opt {
    // The order of the first ones is that in which legality.cpp looks at them.
    numeric,
    connection,
    service,
    scheduler,
    persistent,
    netmask,
    server,
    forward,
    weight,
    upper,
    lower,
    mcastInterface,
    timeout,
    daemon,
    stats,
    rate,
    thresholds,
    persistentConn,
    nosort,
    syncid,
    exact,
    onePacket,
    engine,
    schedulerFlags,
    mcastGroup,
    mcastPort,
    mcastTtl,
    syncMaxlen,
    tunInfo,
    tunType,
    tunPort,
    tunNocsum,
    tunCsum,
    tunRemcsum,
    count,
};

// What an option is called; several can be of one Opt (-g, -i and -m are all forward).
enum class Tag {
    addService,
    editService,
    deleteService,
    clear,
    list,
    zero,
    addServer,
    editServer,
    deleteServer,
    set,
    help,
    version,
    restore,
    save,
    startDaemon,
    stopDaemon,
    tcp,
    udp,
    sctp,
    fwmark,
    ipv6,
    nat,
    tunnel,
    direct,
    sort,
    plain, // nothing to tell but its Opt
};

struct Option {
    enum class Value { none, needed, optional };

    std::string_view name;
    char letter; // 0 for none
    Value value;
    Tag tag;
    Opt opt; // count for commands
};

// Long and short names of all options, for completion.
std::span<const Option> allOptions();

class Words {
public:
    struct Taken {
        const Option *option = nullptr;
        std::optional<std::string> value{};
        std::size_t word = 0; // where it stood
    };
    enum class State { taken, over, unknown, lacksValue, unwantedValue };

    // They must stay.
    explicit Words(std::span<const std::string> words) : words_(words) {}

    State next(Taken &taken);
    // What is no option, after the last next().
    [[nodiscard]] const std::vector<std::size_t> &rest() const { return rest_; }
    // The last word that was looked at.
    [[nodiscard]] const std::string &last() const;
    [[nodiscard]] std::size_t lastIndex() const { return next_ == 0 ? 0 : next_ - 1; }

private:
    State take(const Option *option, std::optional<std::string_view> attached, Taken &taken);

    std::span<const std::string> words_;
    std::size_t next_ = 0;
    std::optional<std::string_view> letters_{}; // what is left of a word of several
    std::vector<std::size_t> rest_{};
    bool onlyRest_ = false;
};

} // namespace lb::ipvsadm
