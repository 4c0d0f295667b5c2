// SPDX-License-Identifier: GPL-2.0
// Programs that are run for real. The limits are against hanging only, but for those that are
// to be reached.
#include "process/run.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <csignal>
#include <sstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::process;
using namespace std::chrono_literals;
namespace asio = boost::asio;

const Identity self{.uid = ::geteuid(), .gid = ::getegid(), .groups = {::getegid()}};

Exit runNow(Command command, Duration limit = 60s)
{
    asio::io_context context;
    std::optional<Exit> exit;
    asio::co_spawn(
        context, [&]() -> asio::awaitable<void> { exit = co_await run(std::move(command), limit); },
        asio::detached);
    context.run();
    BOOST_REQUIRE(exit);
    return *exit;
}

Command shell(const std::string &script)
{
    return {.words = {"/bin/sh", "-c", script}, .as = self};
}

// What a program that is run sees, as the shell script says it.
std::string seen(const std::string &script, Command command = {})
{
    const TemporaryFolder folder;
    command.words = {"/bin/sh", "-c", "exec > " + (folder.path / "out").string() + "; " + script};
    if (command.as == Identity{})
        command.as = self;
    const auto exit = runNow(std::move(command));
    BOOST_TEST(exit.why == "");
    return folder.text("out");
}

bool hasChildren()
{
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(process_run)

BOOST_AUTO_TEST_CASE(the_status_is_told)
{
    BOOST_CHECK(runNow(shell("exit 0")).good());
    BOOST_TEST(runNow(shell("exit 0")).why == "");
    const auto failed = runNow(shell("exit 255"));
    BOOST_CHECK(!failed.good());
    BOOST_TEST(*failed.status == 255);
    BOOST_TEST(failed.why == "it ended with status 255");
    BOOST_TEST(!hasChildren());
}

BOOST_AUTO_TEST_CASE(so_is_a_signal)
{
    const auto exit = runNow(shell("kill -SEGV $$"));
    BOOST_TEST(!exit.status);
    BOOST_TEST(exit.signal == SIGSEGV);
    BOOST_TEST(!exit.late);
    BOOST_TEST(exit.why == "it was ended by signal 11 (Segmentation fault)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_says_why)
{
    const auto why = [](std::vector<std::string> words) {
        const auto exit = runNow({.words = std::move(words), .as = self});
        BOOST_TEST(!exit.status);
        BOOST_TEST(exit.signal == 0);
        return exit.why;
    };
    BOOST_TEST(why({"/nosuch/x"}) ==
               "'/nosuch/x' was not run: executing it: No such file or directory");
    BOOST_TEST(why({"nosuchprogram"}) ==
               "'nosuchprogram' was not run: executing it: No such file or directory");
    BOOST_TEST(why({"/etc/passwd"}) ==
               "'/etc/passwd' was not run: executing it: Permission denied");
    BOOST_TEST(why({}) == "there is no program to run");
    BOOST_TEST(!hasChildren());
}

BOOST_AUTO_TEST_CASE(names_are_looked_for_in_the_path)
{
    BOOST_CHECK(runNow({.words = {"true"}, .as = self}).good());
}

BOOST_AUTO_TEST_CASE(words_and_environment_are_passed_on)
{
    const TemporaryFolder folder;
    const auto out = (folder.path / "out").string();
    runNow({.words = {"/bin/sh", "-c", "printf '<%s>' \"$@\" \"$LB_TEST\" > \"$0\"", out, "a b", "",
                      "'c"},
            .as = self,
            .environment = {{"LB_TEST", "it is"}}});
    BOOST_TEST(folder.text("out") == "<a b><><'c><it is>");
    ::setenv("NOTIFY_SOCKET", "/run/x", 1);
    ::setenv("LB_KEPT", "kept", 1);
    BOOST_TEST(seen("echo \"<$NOTIFY_SOCKET><$LB_KEPT>\"") == "<><kept>\n");
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("LB_KEPT");
}

BOOST_AUTO_TEST_CASE(standard_input_is_what_is_given_or_nothing)
{
    BOOST_TEST(seen("cat") == "");
    const std::string much(300000, 'x'); // more than a pipe holds
    BOOST_TEST(seen("wc -c", {.input = much}) == "300000\n");
    BOOST_TEST(seen("cat", {.input = "hello"}) == "hello");
    runNow({.words = {"true"}, .as = self, .input = much}); // nobody reads it
}

BOOST_AUTO_TEST_CASE(no_descriptor_of_ours_is_open)
{
    const auto before = ::dup(0); // without CLOEXEC
    // 0, 1, 2, and that of the folder that ls reads.
    BOOST_TEST(seen("ls /proc/self/fd | wc -l") == "4\n");
    BOOST_TEST(seen("readlink /proc/self/fd/0 /proc/self/fd/2") == "/dev/null\n/dev/null\n");
    ::close(before);
}

BOOST_AUTO_TEST_CASE(signals_scheduling_and_limits_are_reset)
{
    sigset_t usr{}, before{};
    ::sigemptyset(&usr);
    ::sigaddset(&usr, SIGUSR1);
    ::sigprocmask(SIG_BLOCK, &usr, &before);
    ::signal(SIGPIPE, SIG_IGN);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    const auto saved = files;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &files);
    const auto all = seen("grep -E 'SigBlk|SigIgn' /proc/self/status; ulimit -Sn; "
                          "ps -o cls=,ni= -p $$");
    ::setrlimit(RLIMIT_NOFILE, &saved);
    ::signal(SIGPIPE, SIG_DFL);
    BOOST_TEST(::sigismember(&before, SIGUSR1) == 0);
    sigset_t now{};
    ::sigprocmask(SIG_SETMASK, &before, &now);
    BOOST_TEST(::sigismember(&now, SIGUSR1) == 1); // ours is as it was
    BOOST_TEST(all == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n1024\n TS   0\n");
}

BOOST_AUTO_TEST_CASE(a_program_becomes_another_user)
{
    if (::geteuid() != 0)
        return;
    const Identity other{.uid = 65533, .gid = 65532, .groups = {65532, 65531}};
    BOOST_TEST(seen("id -u; id -g; id -G; grep -E 'CapEff|Uid' /proc/self/status", {.as = other}) ==
               "65533\n65532\n65532 65531\nUid:\t65533\t65533\t65533\t65533\n"
               "CapEff:\t0000000000000000\n");
    BOOST_TEST(::geteuid() == 0U); // and this one does not
    const auto exit = runNow({.words = {"/nowhere/x"}, .as = other});
    BOOST_TEST(exit.why.find("executing it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_a_group_of_its_own)
{
    const auto text = seen("echo $$; ps -o pgid= -p $$");
    std::istringstream words(text);
    int pid = 0, group = 0;
    words >> pid >> group;
    BOOST_TEST(pid != 0);
    BOOST_TEST(pid == group);
}

BOOST_AUTO_TEST_CASE(at_the_limit_it_is_asked_to_end)
{
    const TemporaryFolder folder;
    const auto exit = runNow(shell("trap 'echo asked > " + (folder.path / "out").string() +
                                   "; exit 3' TERM; while :; do sleep 0.01; done"),
                             2s);
    BOOST_TEST(exit.late);
    BOOST_TEST(*exit.status == 3);
    BOOST_TEST(exit.why == "it did not end within 2 s");
    BOOST_TEST(folder.text("out") == "asked\n");
}

BOOST_AUTO_TEST_CASE(what_does_not_listen_is_made_to_end_with_all_it_started)
{
    // Each of them holds the FIFO open: reading comes to its end when none is left.
    const TemporaryFolder folder;
    const auto name = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    const Fd reader(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto exit = runNow(
        shell("trap '' TERM; exec 3> " + name + "; (sleep 1000) & (sleep 1000) & sleep 1000"), 2s);
    BOOST_TEST(exit.late);
    BOOST_TEST(exit.signal == SIGKILL);
    ::fcntl(reader.get(), F_SETFL, 0);
    char byte = 0;
    BOOST_TEST(::read(reader.get(), &byte, 1) == 0);
    BOOST_TEST(!hasChildren());
}

BOOST_AUTO_TEST_CASE(what_it_leaves_behind_lives_on_when_it_ends_in_time)
{
    const TemporaryFolder folder;
    const auto name = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    const Fd reader(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    BOOST_CHECK(runNow(shell("exec 3<> " + name + "; (read line <&3; echo >&3) & exit 0")).good());
    const Fd writer(::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    BOOST_REQUIRE(::write(writer.get(), "go\n", 3) == 3);
    ::fcntl(reader.get(), F_SETFL, 0);
    char byte = 0;
    BOOST_TEST(::read(reader.get(), &byte, 1) == 1);
}

BOOST_AUTO_TEST_CASE(cancelling_ends_it)
{
    const TemporaryFolder folder;
    const auto name = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    asio::io_context context;
    asio::posix::stream_descriptor fifo(context,
                                        ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    asio::cancellation_signal cancel;
    bool thrown = false;
    asio::co_spawn(
        context, run(shell("exec 3> " + name + "; echo >&3; sleep 1000"), 1000s),
        asio::bind_cancellation_slot(cancel.slot(), [&](const std::exception_ptr &error, Exit) {
            thrown = error != nullptr;
        }));
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            char byte = 0;
            // Read before anybody has opened it to write, it would be at its end.
            co_await fifo.async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
            co_await fifo.async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
            cancel.emit(asio::cancellation_type::terminal);
            // To its end: it is gone.
            boost::system::error_code code;
            co_await fifo.async_read_some(asio::buffer(&byte, 1),
                                          asio::redirect_error(asio::use_awaitable, code));
            BOOST_CHECK(code == asio::error::eof);
        },
        asio::detached);
    context.run();
    BOOST_TEST(thrown);
    BOOST_TEST(!hasChildren());
}

BOOST_AUTO_TEST_CASE(it_ends_with_the_loop)
{
    const TemporaryFolder folder;
    const auto name = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    const Fd reader(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    {
        asio::io_context context;
        asio::co_spawn(context, run(shell("exec 3> " + name + "; sleep 1000"), 1000s),
                       asio::detached);
        context.poll();
    }
    ::fcntl(reader.get(), F_SETFL, 0);
    char byte = 0;
    BOOST_TEST(::read(reader.get(), &byte, 1) == 0); // nobody has it open
    siginfo_t info{};
    ::waitid(P_ALL, 0, &info, WEXITED); // what the end of a daemon leaves to init
}

BOOST_AUTO_TEST_SUITE_END()
