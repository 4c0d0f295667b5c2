// SPDX-License-Identifier: GPL-2.0
#include "identity.hpp"

#include <cerrno>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fmt/core.h>

namespace lb::process {

namespace {

// The buffer of the reentrant calls; grows until the entry fits.
template <typename Entry, typename Call>
Result<Entry> lookUp(Call call, const std::string &name, std::string_view what,
                     std::vector<char> &buffer)
{
    buffer.resize(1024);
    for (;;) {
        Entry entry{};
        Entry *found = nullptr;
        const int code = call(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
        if (code == ERANGE && buffer.size() < (std::size_t{1} << 20U)) {
            buffer.resize(buffer.size() * 2);
            continue;
        }
        if (found == nullptr)
            return Error{.code = code, .what = fmt::format("there is no {} '{}'", what, name)};
        return entry;
    }
}

std::vector<gid_t> groupsOf(const std::string &user, gid_t gid)
{
    int count = 32;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    while (::getgrouplist(user.c_str(), gid, groups.data(), &count) < 0) {
        const auto wanted = static_cast<std::size_t>(count);
        groups.resize(wanted > groups.size() ? wanted : groups.size() * 2);
        count = static_cast<int>(groups.size());
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

} // namespace

Result<Identity> identityOf(const std::string &user, const std::string &group)
{
    std::vector<char> buffer;
    const auto person = lookUp<passwd>(::getpwnam_r, user, "user", buffer);
    if (!person)
        return person.error();
    Identity identity{.uid = person->pw_uid, .gid = person->pw_gid};
    if (!group.empty()) {
        const auto found = lookUp<::group>(::getgrnam_r, group, "group", buffer);
        if (!found)
            return found.error();
        identity.gid = found->gr_gid;
    }
    identity.groups = groupsOf(user, identity.gid);
    return identity;
}

Result<Identity> defaultIdentity(bool security)
{
    auto found = identityOf(scriptUser);
    if (found)
        return found;
    if (security)
        return Error{.what = found.error().what,
                     .hint = "add that user, or say script_user in global_defs"};
    return Identity{.uid = ::geteuid(), .gid = ::getegid(), .groups = {::getegid()}};
}

} // namespace lb::process
