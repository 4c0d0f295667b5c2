// SPDX-License-Identifier: GPL-2.0
// The folder of one lbd (/run/lbd): that only one runs there, its pid, which services are its own,
// so that the next one knows what to clear away, and when one ended without being told to.
#pragma once

#include "../base/fd.hpp"
#include "../netlink/lb.hpp"
#include "crashes.hpp"

#include <optional>
#include <set>
#include <string>

#include <sys/types.h>

namespace lb::lbd {

class Folder {
public:
    // Made if it is not there. EBUSY: another lbd runs, and the error says which.
    static Result<Folder> claim(const std::string &path);
    Folder(Folder &&) noexcept = default;
    Folder &operator=(Folder &&) noexcept = default;
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;
    // In order: the pid is no longer there.
    ~Folder();

    [[nodiscard]] const std::string &path() const { return path_; }
    // What an lbd before us has kept on the director; nothing when that is not known.
    [[nodiscard]] std::set<netlink::ServiceKey> services() const;
    Result<void> rememberServices(const std::set<netlink::ServiceKey> &keys) const;
    void forgetServices() const;
    // Those before us, until claim().
    [[nodiscard]] const Crashes &crashes() const { return crashes_; }
    // Whose removal lets a crash loop begin anew.
    [[nodiscard]] std::string crashesFile() const;

private:
    Folder(std::string path, Fd lock, Crashes crashes)
        : path_(std::move(path)), lock_(std::move(lock)), crashes_(std::move(crashes))
    {}

    std::string path_;
    Fd lock_; // of the file with our pid, as long as we live
    Crashes crashes_;
};

// Of the lbd that runs in @path, if one does.
std::optional<pid_t> runningIn(const std::string &path);
// The last one in @path has ended without being told to, and how often that has happened lately.
std::size_t crashedIn(const std::string &path);

} // namespace lb::lbd
