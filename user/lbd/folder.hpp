// SPDX-License-Identifier: GPL-2.0
// The folder of one lbd (/run/lbd): that only one runs there, its pid, and which services are
// its own, so that the next one knows what to clear away.
#pragma once

#include "../base/fd.hpp"
#include "../netlink/lb.hpp"

#include <optional>
#include <set>
#include <string>

#include <sys/types.h>

namespace lb::lbd {

class Folder {
public:
    // Made if it is not there. EBUSY: another lbd runs, and the error says which.
    static Result<Folder> claim(const std::string &path);

    [[nodiscard]] const std::string &path() const { return path_; }
    // What an lbd before us has kept on the director; nothing when that is not known.
    [[nodiscard]] std::set<netlink::ServiceKey> services() const;
    Result<void> rememberServices(const std::set<netlink::ServiceKey> &keys) const;
    void forgetServices() const;

private:
    Folder(std::string path, Fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

    std::string path_;
    Fd lock_; // of the file with our pid, as long as we live
};

// Of the lbd that runs in @path, if one does.
std::optional<pid_t> runningIn(const std::string &path);

} // namespace lb::lbd
