// SPDX-License-Identifier: GPL-2.0
// The names that Documentation/netlink/specs/lb.yaml gives to numbers: they are JSON's keys and
// what a refusal's attribute is called. tests/unit checks them against the spec itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace lb::netlink {

struct AttributeSet {
    std::string_view name;
    std::span<const std::string_view> names; // by number; the first, 0, is empty
    std::span<const std::pair<std::uint16_t, const AttributeSet *>> nests;

    [[nodiscard]] std::string_view operator[](std::uint16_t type) const
    {
        return type < names.size() ? names[type] : "unknown";
    }
    [[nodiscard]] const AttributeSet *nest(std::uint16_t type) const;
};

extern const AttributeSet statsSet, ratesSet, keySet, serviceSet, destSet, connSet, settingsSet,
    dropSet, totalSet, infoSet, txnSet, syncSet, syncCounterSet;

std::span<const AttributeSet *const> attributeSets();
const AttributeSet *attributesOf(std::uint8_t command); // nullptr if the command is unknown

std::span<const std::string_view> stateNames();          // by number of enum lb_state
std::span<const std::string_view> flagNames();           // by bit of enum lb_conn_flags
std::span<const std::string_view> templatesNames();      // by number of enum lb_templates
std::span<const std::string_view> persistEngineNames();  // by number of enum lb_persist_engine
std::string_view persistEngineName(std::uint8_t engine); // "unknown" to this program
std::span<const std::string_view> drainEndNames();       // by number of enum lb_drain_end
std::string_view drainEndName(std::uint8_t end);         // "unknown" to this program
std::span<const std::string_view> orphansNames();        // by number of enum lb_orphans
std::string_view orphansName(std::uint8_t what);         // "unknown" to this program
std::span<const std::string_view> syncRoleNames();       // by number of enum lb_sync_role; 0: ""
std::string_view syncRoleName(std::uint8_t role);        // "unknown" to this program
std::span<const std::string_view> schedulerFlagNames();  // by bit of enum lb_sched_flags
// "fallback,port", or "none".
std::string joinFlags(std::span<const std::string_view> names, std::uint32_t set);
std::string mssClampName(std::uint16_t clamp); // "off", "1400" or "auto"
// "established=1h,fin-wait=30s", by the names of the states; or "none".
std::string timeoutsName(const std::map<std::uint16_t, std::uint32_t> &timeouts);
// The setting that is the timeout of a state, which may be called as the setting is, too.
std::optional<std::uint16_t> timeoutOf(std::string_view state);
std::span<const std::string_view> dropReasonNames(); // by number of enum lb_drop_reason
std::string_view dropExplanation(std::string_view reason);

} // namespace lb::netlink
