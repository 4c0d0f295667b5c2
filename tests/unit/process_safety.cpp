// SPDX-License-Identifier: GPL-2.0
// Which programs may be run: as keepalived 2.2.7 judges the same files (it says "There are
// insecure scripts" of those that are unsafe here).
#include "process/safety.hpp"

#include <cerrno>
#include <map>

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::process;

struct File {
    FileStatus status{};
    std::string link{};
};

// A file system that is a table of names; folders on the way are root's, with mode 755.
struct Disk {
    Disk()
    {
        for (const auto *folder : {"/", "/opt", "/usr", "/usr/bin", "/usr/sbin"})
            files[folder] = {{S_IFDIR | 0755U, 0, 0}, {}};
        files["/tmp"] = {{S_IFDIR | 01777U, 0, 0}, {}};
    }

    void program(const std::string &path, mode_t mode = 0755, uid_t uid = 0, gid_t gid = 0)
    {
        files[path] = {{S_IFREG | mode, uid, gid}, {}};
    }
    void folder(const std::string &path, mode_t mode, uid_t uid = 0, gid_t gid = 0)
    {
        files[path] = {{S_IFDIR | mode, uid, gid}, {}};
    }
    void link(const std::string &path, const std::string &target, uid_t uid = 0)
    {
        files[path] = {{S_IFLNK | 0777U, uid, 0}, target};
    }

    [[nodiscard]] Safety judge(const std::string &program, const Identity &as = {}) const
    {
        return process::judge(program, as,
                              {.status = [this](const std::string &path) -> Result<FileStatus> {
                                   const auto found = files.find(path);
                                   return found == files.end()
                                              ? Result<FileStatus>(systemError(ENOENT, path))
                                              : Result<FileStatus>(found->second.status);
                               },
                               .readLink = [this](const std::string &path) -> Result<std::string> {
                                   return files.at(path).link;
                               },
                               .searchPath = "/usr/sbin:/usr/bin"});
    }
    [[nodiscard]] Danger danger(const std::string &program, const Identity &as = {}) const
    {
        return judge(program, as).danger;
    }

    std::map<std::string, File> files{};
};

const Identity somebody{.uid = 1000, .gid = 1000, .groups = {1000, 20}};

} // namespace

BOOST_AUTO_TEST_SUITE(process_safety)

BOOST_AUTO_TEST_CASE(what_only_root_can_change_is_safe)
{
    Disk disk;
    disk.program("/opt/ok");
    disk.program("/opt/private", 0700);
    disk.program("/opt/roots_group", 0775);
    disk.program("/tmp/in_a_sticky_folder");
    for (const auto *path :
         {"/opt/ok", "/opt/private", "/opt/roots_group", "/tmp/in_a_sticky_folder", "//opt/./ok",
          "/opt/../opt/ok", "/../opt/ok"})
        BOOST_TEST_CONTEXT(path)
    BOOST_CHECK(disk.danger(path) == Danger::none);
    BOOST_TEST(disk.judge("//opt/./ok").path == "/opt/ok");
}

BOOST_AUTO_TEST_CASE(what_others_can_write_is_unsafe_for_root)
{
    Disk disk;
    disk.program("/opt/world", 0777);
    disk.program("/opt/group", 0775, 0, 100);
    disk.program("/opt/owner", 0755, 1);
    disk.program("/opt/readonly_owner", 0555, 1); // who owns it can make it writable
    disk.folder("/opt/open", 0777);
    disk.program("/opt/open/x");
    disk.folder("/opt/theirs", 0755, 1);
    disk.program("/opt/theirs/x");
    disk.program("/tmp/theirs", 0755, 1);
    for (const auto *path : {"/opt/world", "/opt/group", "/opt/owner", "/opt/readonly_owner",
                             "/opt/open/x", "/opt/theirs/x", "/tmp/theirs"})
        BOOST_TEST_CONTEXT(path)
        {
            BOOST_CHECK(disk.danger(path) == Danger::unsafe);
            // Whoever is not root has nothing to lose.
            BOOST_CHECK(disk.danger(path, somebody) == Danger::none);
        }
    BOOST_TEST(disk.judge("/opt/open/x").what ==
               "'/opt/open/x' would run as root, and others can change it");
    BOOST_TEST(disk.judge("/opt/open/x").hint == "'/opt/open' can be written by all");
    BOOST_TEST(disk.judge("/opt/group").hint == "'/opt/group' can be written by group 100");
    BOOST_TEST(disk.judge("/tmp/theirs").hint == "'/tmp/theirs' belongs to user 1");
}

BOOST_AUTO_TEST_CASE(links_are_followed_and_every_folder_on_the_way_counts)
{
    Disk disk;
    disk.program("/opt/ok");
    disk.folder("/opt/open", 0777);
    disk.program("/opt/open/x");
    disk.link("/opt/good", "ok");
    disk.link("/opt/absolute", "/usr/../opt/ok");
    disk.link("/opt/bad", "open/x");
    disk.link("/opt/folder", "open");
    disk.link("/opt/open/back", "../ok");
    disk.link("/tmp/theirs", "/opt/ok", 1);
    BOOST_CHECK(disk.danger("/opt/good") == Danger::none);
    BOOST_TEST(disk.judge("/opt/absolute").path == "/opt/ok");
    BOOST_CHECK(disk.danger("/opt/bad") == Danger::unsafe);
    BOOST_CHECK(disk.danger("/opt/folder/x") == Danger::unsafe);
    BOOST_CHECK(disk.danger("/opt/open/back") == Danger::unsafe); // it could lead elsewhere
    BOOST_CHECK(disk.danger("/tmp/theirs") == Danger::unsafe);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_missing)
{
    Disk disk;
    disk.program("/opt/ok");
    disk.link("/opt/dangling", "nosuch");
    disk.link("/opt/round", "round");
    disk.link("/opt/empty", "");
    for (const auto *path : {"/opt/nosuch", "/nosuch/x", "/opt/dangling", "/opt/round",
                             "/opt/empty", "/opt/ok/x", "./ok", "nosuch", ""})
        BOOST_TEST_CONTEXT(path)
    BOOST_CHECK(disk.danger(path) == Danger::missing);
    BOOST_TEST(disk.judge("nosuch").hint == "it is looked for in /usr/sbin:/usr/bin");
    BOOST_TEST(disk.judge("./ok").hint == "name it from the root folder on");
    BOOST_TEST(disk.judge("/opt/ok/x").hint == "'/opt/ok' is no folder");
}

BOOST_AUTO_TEST_CASE(who_runs_it_must_be_able_to)
{
    Disk disk;
    disk.program("/opt/none", 0644);
    disk.program("/opt/roots", 0700);
    disk.program("/opt/groups", 0710, 0, 20);
    disk.program("/opt/others_only", 0705, 0, 20); // the group's bits decide for its members
    disk.program("/opt/own", 0077, 1000);
    disk.folder("/opt/closed", 0700);
    disk.program("/opt/closed/x");
    BOOST_CHECK(disk.danger("/opt/none") == Danger::notExecutable);
    BOOST_CHECK(disk.danger("/opt") == Danger::notExecutable);
    BOOST_CHECK(disk.danger("/opt/roots") == Danger::none);
    BOOST_CHECK(disk.danger("/opt/roots", somebody) == Danger::notExecutable);
    BOOST_CHECK(disk.danger("/opt/groups", somebody) == Danger::none);
    BOOST_CHECK(disk.danger("/opt/others_only", somebody) == Danger::notExecutable);
    BOOST_CHECK(disk.danger("/opt/own", somebody) == Danger::notExecutable);
    BOOST_CHECK(disk.danger("/opt/closed/x") == Danger::none);
    BOOST_CHECK(disk.danger("/opt/closed/x", somebody) == Danger::notExecutable);
    BOOST_TEST(disk.judge("/opt/none").hint == "its mode is 644");
    BOOST_TEST(disk.judge("/opt/closed/x", somebody).hint ==
               "the folder '/opt/closed' is closed to that user");
}

BOOST_AUTO_TEST_CASE(a_name_without_a_slash_is_looked_for)
{
    Disk disk;
    disk.program("/usr/bin/x");
    BOOST_TEST(disk.judge("x").path == "/usr/bin/x");
    disk.program("/usr/sbin/x", 0644); // execvp(3) goes on to the next
    BOOST_TEST(disk.judge("x").path == "/usr/bin/x");
    disk.program("/usr/sbin/x", 0777);
    BOOST_CHECK(disk.danger("x") == Danger::unsafe);
    disk.program("/usr/sbin/y", 0644);
    BOOST_CHECK(disk.danger("y") == Danger::notExecutable);
}

BOOST_AUTO_TEST_CASE(this_machine_answers)
{
    const auto files = thisFileSystem();
    BOOST_CHECK(judge("/bin/sh", {}, files).danger == Danger::none);
    BOOST_TEST(judge("sh", {}, files).path.starts_with("/"));
    BOOST_CHECK(judge("/nosuch/program", {}, files).danger == Danger::missing);
    BOOST_CHECK(judge("/etc/passwd", {}, files).danger == Danger::notExecutable);
}

BOOST_AUTO_TEST_CASE(names_become_identities)
{
    const auto root = identityOf("root");
    BOOST_REQUIRE(root);
    BOOST_TEST(root->uid == 0U);
    BOOST_TEST(root->gid == 0U);
    const auto daemon = identityOf("root", "daemon");
    BOOST_REQUIRE(daemon);
    BOOST_TEST(daemon->gid != 0U);
    BOOST_TEST(std::ranges::count(daemon->groups, daemon->gid) == 1);
    BOOST_TEST(identityOf("nosuchuser").error().what == "there is no user 'nosuchuser'");
    BOOST_TEST(identityOf("root", "nosuchgroup").error().what == "there is no group 'nosuchgroup'");
    // Where there is no such user it is this one's; with security it is nobody's.
    if (!identityOf(scriptUser)) {
        BOOST_TEST(defaultIdentity(false)->uid == ::geteuid());
        BOOST_TEST(defaultIdentity(true).error().hint ==
                   "add that user, or say script_user in global_defs");
    }
}

BOOST_AUTO_TEST_SUITE_END()
