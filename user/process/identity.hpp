// SPDX-License-Identifier: GPL-2.0
// As whom a program runs. Names are looked up when a configuration is read, never when a program
// is to be run: a lookup may ask a server of the network and wait for it.
#pragma once

#include "../base/error.hpp"

#include <string>
#include <vector>

#include <sys/types.h>

namespace lb::process {

struct Identity {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups{}; // supplementary ones

    friend bool operator==(const Identity &, const Identity &) = default;
};

// keepalived's user for scripts that name none, where there is such a user.
inline constexpr const char *scriptUser = "keepalived_script";

// By the name of a user, and of a group; without one it is the user's. Blocks.
Result<Identity> identityOf(const std::string &user, const std::string &group = {});
// Who runs scripts that say nothing: scriptUser where there is one. Root otherwise, unless
// @security asks for more than that (keepalived's enable_script_security): then it is an error.
Result<Identity> defaultIdentity(bool security);

} // namespace lb::process
