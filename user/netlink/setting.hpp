// SPDX-License-Identifier: GPL-2.0
// The settings there are: name, range and meaning of each, as Documentation/netlink/specs/lb.yaml
// has them; tests/unit compares.
#pragma once

#include "names.hpp"

#include <string_view>
#include <vector>

namespace lb::netlink {

struct Setting {
    std::uint16_t type = 0; // LB_A_SETTINGS_*
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    std::string_view meaning{};

    [[nodiscard]] std::string_view name() const { return settingsSet[type]; }
};

std::span<const Setting> allSettings();
const Setting *findSetting(std::string_view name); // nullptr when there is none
const Setting *findSetting(std::uint16_t type);
std::vector<std::string_view> settingNames();

} // namespace lb::netlink
