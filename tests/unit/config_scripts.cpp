// SPDX-License-Identifier: GPL-2.0
// What is said of programs that a configuration names, on a machine that is a table of answers.
// What keepalived says of the same is in tests/net/scenarios/58-lbd-check.py.
#include "config/check.hpp"
#include "config_written.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::config;

Machine someMachine()
{
    return {.identity = [](const std::string &user,
                           const std::string &group) -> Result<process::Identity> {
                if (user == "nosuch" || group == "nosuch")
                    return Error{.what = "there is no such one"};
                return process::Identity{.uid = user == "root" ? 0U : 7U};
            },
            .defaultIdentity = [](bool security) -> Result<process::Identity> {
                if (security)
                    return Error{.what = "there is no user", .hint = "add it"};
                return process::Identity{};
            },
            .judge =
                [](const std::string &program, const process::Identity &as) {
                    if (program == "/missing")
                        return process::Safety{.danger = process::Danger::missing,
                                               .what = "missing"};
                    if (program == "/plain")
                        return process::Safety{.danger = process::Danger::notExecutable,
                                               .what = "plain"};
                    if (program == "/unsafe" && as.uid == 0)
                        return process::Safety{
                            .danger = process::Danger::unsafe, .what = "unsafe", .hint = "others"};
                    return process::Safety{};
                }};
}

// What checkScripts() says of a configuration.
std::string said(const std::string &text, const Machine &machine = someMachine())
{
    Written written(text);
    const auto model = modelOf(written.tree, written.report);
    BOOST_TEST(written.said() == "");
    checkScripts(model, machine, written.report);
    return written.said();
}

std::string misc(const std::string &path, const std::string &globals = "script_user root",
                 const std::string &user = "")
{
    return "global_defs {\n" + globals +
           "\n}\nvirtual_server 10.0.0.1 80 {\n"
           "real_server 10.0.0.2 80 {\nMISC_CHECK {\nmisc_path " +
           path + "\n" + user + "\n}\n}\n}\n";
}

const std::string secure = "script_user root\nenable_script_security";

} // namespace

BOOST_AUTO_TEST_SUITE(config_scripts)

BOOST_AUTO_TEST_CASE(what_root_runs_is_told_once)
{
    const std::string root = "'/ok' runs as root, and nobody looks whether others can change it "
                             "(say enable_script_security in global_defs)";
    BOOST_TEST(said(misc("/ok")) == "7:11 warning " + root);
    BOOST_TEST(said(misc("/ok", "")) == "7:11 warning " + root);
    BOOST_TEST(said(misc("/ok", secure)) == "");
    BOOST_TEST(said(misc("/ok", "script_user other")) == "");
    BOOST_TEST(said(misc("/ok", "", "user other")) == "");
    BOOST_TEST(said("virtual_server 10.0.0.1 80 {\nquorum_up /ok\nquorum_down /ok\n}\n") ==
               "2:11 warning " + root);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_is_told_where_it_is_named)
{
    BOOST_TEST(said(misc("/missing", secure)) == "8:11 warning missing");
    BOOST_TEST(said(misc("/missing")) == "7:11 warning missing"); // root runs nothing
    BOOST_TEST(said(misc("/plain", secure)) == "8:11 warning plain");
    BOOST_TEST(said(misc("/unsafe", secure)) == "8:11 warning unsafe (others)");
    BOOST_TEST(said(misc("/unsafe", secure, "user other")) == "");
    BOOST_TEST(said("global_defs {\nscript_user root\nenable_script_security\n}\n"
                    "virtual_server 10.0.0.1 80 {\nquorum_up /missing\nquorum_down /unsafe\n"
                    "real_server 10.0.0.2 80 {\nnotify_up /missing\nnotify_down /missing\n}\n}\n"
                    "vrrp_instance V {\nnotify /missing\nnotify_master_rx_lower_pri /missing\n}\n"
                    "vrrp_sync_group G {\ngroup {\nV\n}\nnotify_fault /missing\n}\n") ==
               "6:11 warning missing\n7:13 warning unsafe (others)\n9:11 warning missing\n"
               "10:13 warning missing\n14:8 warning missing\n15:28 warning missing\n"
               "21:14 warning missing");
    BOOST_TEST(said("global_defs {\nscript_user root\nenable_script_security\n"
                    "notify_fifo /f\nnotify_fifo_script /missing\nvrrp_notify_fifo /g nosuch\n"
                    "lvs_notify_fifo /h root nosuch\nstartup_script /missing\n"
                    "shutdown_script /unsafe\n}\n") ==
               "5:20 warning missing\n6:18 error there is no such one (the FIFO '/g' would be "
               "that user's)\n7:17 error there is no such one (the FIFO '/h' would be that "
               "user's)\n8:16 warning missing\n9:17 warning unsafe (others)");
}

BOOST_AUTO_TEST_CASE(without_a_tracked_program_nothing_decides)
{
    const auto tracked = [](const std::string &path, const std::string &globals) {
        return "global_defs {\n" + globals + "\n}\nvrrp_script s {\nscript " + path + "\n}\n";
    };
    BOOST_TEST(said(tracked("/missing", "script_user other")) == "5:8 error missing");
    BOOST_TEST(said(tracked("/unsafe", secure)) == "6:8 error unsafe (others)");
    BOOST_TEST(said(tracked("/unsafe", "script_user root")) ==
               "5:8 warning '/unsafe' runs as root, and nobody looks whether others can change "
               "it (say enable_script_security in global_defs)\n5:8 warning unsafe (others)");
    BOOST_TEST(said(tracked("/plain", secure)) == "6:8 warning plain");
}

BOOST_AUTO_TEST_CASE(whoever_runs_it_must_be_there)
{
    BOOST_TEST(said(misc("/ok", secure, "user nosuch")) ==
               "8:11 error there is no such one to run '/ok'");
    BOOST_TEST(said(misc("/ok", "enable_script_security")) ==
               "7:11 error there is no user to run '/ok' (add it)");
    BOOST_TEST(said(misc("/ok", "script_user nosuch")) ==
               "2:13 error there is no such one (no script would be run)");
    BOOST_TEST(said(misc("/ok", "script_user root nosuch")) ==
               "2:13 error there is no such one (no script would be run)");
}

BOOST_AUTO_TEST_CASE(what_is_not_asked_is_not_told)
{
    BOOST_TEST(said(misc("/missing", "script_user nosuch", "user nosuch"), {}) == "");
    BOOST_TEST(said(misc("/missing", ""), {}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
