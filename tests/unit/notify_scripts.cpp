// SPDX-License-Identifier: GPL-2.0
// Programs and FIFOs that are told of changes, for real.
#include "notify/fifo.hpp"
#include "notify/scripts.hpp"
#include "temporary_folder.hpp"

#include <climits>

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

namespace {

using namespace lb;
using namespace lb::notify;
using namespace std::chrono_literals;
namespace asio = boost::asio;

const process::Identity self{.uid = ::geteuid(), .gid = ::getegid(), .groups = {::getegid()}};

process::Command shell(const std::string &script)
{
    return {.words = {"/bin/sh", "-c", script}, .as = self};
}

struct Logged {
    std::vector<std::string> lines{};
    Log log()
    {
        return [this](const std::string &line) { lines.push_back(line); };
    }
};

// What is in a FIFO, which has a reader only now.
std::string readAll(const std::string &path)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::string all(1 << 20, '\0');
    std::size_t length = 0;
    for (;;) {
        const auto got = ::read(fd.get(), all.data() + length, all.size() - length);
        if (got <= 0)
            break;
        length += static_cast<std::size_t>(got);
    }
    all.resize(length);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(notify_scripts)

BOOST_AUTO_TEST_CASE(those_of_one_thing_run_in_order)
{
    const TemporaryFolder folder;
    const auto out = (folder.path / "out").string();
    asio::io_context context;
    Logged logged;
    Scripts scripts(context.get_executor(), logged.log());
    for (int i = 0; i < 5; i++)
        // The first takes longest: side by side it would come last.
        scripts.run("a", shell(fmt::format("sleep 0.{}; echo begin {} >> {}; echo end {} >> {}",
                                           5 - i, i, out, i, out)));
    BOOST_TEST(scripts.pending() == 5U);
    context.run();
    BOOST_TEST(folder.text("out") ==
               "begin 0\nend 0\nbegin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nbegin 4\nend 4\n");
    BOOST_TEST(scripts.pending() == 0U);
    BOOST_TEST(logged.lines.empty());
    scripts.run("a", shell("echo again > " + out));
    context.restart();
    context.run();
    BOOST_TEST(folder.text("out") == "again\n");
}

BOOST_AUTO_TEST_CASE(those_of_different_things_run_side_by_side)
{
    const TemporaryFolder folder;
    const auto fifo = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    asio::io_context context;
    Logged logged;
    Scripts scripts(context.get_executor(), logged.log());
    // Each waits for the other one.
    scripts.run("a", shell("echo hello > " + fifo));
    scripts.run("b", shell("read line < " + fifo + "; test \"$line\" = hello"));
    context.run();
    BOOST_TEST(logged.lines.empty());
}

BOOST_AUTO_TEST_CASE(what_fails_is_told_and_the_next_one_runs)
{
    const TemporaryFolder folder;
    asio::io_context context;
    Logged logged;
    Scripts scripts(context.get_executor(), logged.log(), {.time = 2s, .waiting = 3});
    scripts.run("a", shell("exit 7"));
    scripts.run("a", {.words = {"/nosuch/x"}, .as = self});
    scripts.run("a", shell("sleep 1000"));
    scripts.run("a", shell("echo > " + (folder.path / "out").string()));
    scripts.run("a", shell("true"));
    BOOST_TEST(scripts.dropped() == 1U);
    BOOST_TEST(scripts.pending() == 4U);
    context.run();
    BOOST_TEST(folder.text("out") == "\n");
    BOOST_TEST(
        logged.lines ==
            (std::vector<std::string>{
                "a: /bin/sh was not run: 3 wait already", "a: /bin/sh: it ended with status 7",
                "a: /nosuch/x: '/nosuch/x' was not run: executing it: No such file or "
                "directory",
                "a: /bin/sh: it did not end within 2 s"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_waits_goes_with_its_owner)
{
    const TemporaryFolder folder;
    const auto out = (folder.path / "out").string();
    asio::io_context context;
    {
        Scripts scripts(context.get_executor(), {});
        scripts.run("a", shell("echo one >> " + out));
        scripts.run("a", shell("echo two >> " + out));
    }
    context.run();
    BOOST_TEST(folder.text("out") == "one\n");
}

BOOST_AUTO_TEST_CASE(a_fifo_is_made_and_keeps_lines_until_they_are_read)
{
    const TemporaryFolder folder;
    const auto path = (folder.path / "fifo").string();
    asio::io_context context;
    Logged logged;
    {
        Fifo fifo(context.get_executor(), {.path = path, .owner = self}, logged.log());
        BOOST_REQUIRE(fifo.open());
        struct stat status {};
        BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 07777U) == 0600U);
        fifo.write("VS [192.0.2.1]:tcp:80 UP\n");
        fifo.write("VS [192.0.2.1]:tcp:80 DOWN\n");
        BOOST_TEST(readAll(path) == "VS [192.0.2.1]:tcp:80 UP\nVS [192.0.2.1]:tcp:80 DOWN\n");
        BOOST_TEST(fifo.dropped() == 0U);
    }
    BOOST_TEST(!std::filesystem::exists(path));
    BOOST_TEST(logged.lines.empty());
}

BOOST_AUTO_TEST_CASE(one_that_is_there_stays)
{
    const TemporaryFolder folder;
    const auto path = (folder.path / "fifo").string();
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0640) == 0);
    asio::io_context context;
    {
        Fifo fifo(context.get_executor(), {.path = path, .owner = self}, {});
        BOOST_REQUIRE(fifo.open());
    }
    BOOST_TEST(std::filesystem::exists(path));
    folder.write("file", "");
    Fifo fifo(context.get_executor(), {.path = (folder.path / "file").string()}, {});
    BOOST_TEST(fifo.open().error().what == "'" + (folder.path / "file").string() + "' is no FIFO");
    Fifo nowhere(context.get_executor(), {.path = "/nosuch/fifo"}, {});
    BOOST_TEST(nowhere.open().error().code == ENOENT);
}

BOOST_AUTO_TEST_CASE(what_nobody_reads_waits_and_is_dropped_at_last)
{
    const TemporaryFolder folder;
    const auto path = (folder.path / "fifo").string();
    asio::io_context context;
    Logged logged;
    Fifo fifo(context.get_executor(), {.path = path, .owner = self, .waiting = 10}, logged.log());
    BOOST_REQUIRE(fifo.open());
    // Lines of a page: one more than fit in a pipe, and so many more.
    const auto line = [](char c) { return std::string(PIPE_BUF - 1, c) + "\n"; };
    while (fifo.waiting() == 0)
        fifo.write(line('a'));
    for (int i = 1; i < 10; i++)
        fifo.write(line('b'));
    BOOST_TEST(fifo.waiting() == 10U);
    BOOST_TEST(fifo.dropped() == 0U);
    fifo.write(line('c'));
    fifo.write(line('c'));
    BOOST_TEST(fifo.dropped() == 2U);
    BOOST_REQUIRE(logged.lines.size() == 1U); // once
    BOOST_TEST(logged.lines[0] == path + ": nobody reads it: lines are dropped");
    auto all = readAll(path);
    context.run_one(); // it can be written again
    all += readAll(path);
    BOOST_TEST(fifo.waiting() == 0U);
    BOOST_TEST(all.size() % PIPE_BUF == 0U);
    BOOST_TEST(std::count(all.begin(), all.end(), 'b') == 9 * (PIPE_BUF - 1));
    BOOST_TEST(all.find('c') == std::string::npos);
    BOOST_TEST(logged.lines.back() == path + ": it is read again; 2 lines were dropped so far");
}

BOOST_AUTO_TEST_CASE(its_reader_is_started_again)
{
    const TemporaryFolder folder;
    const auto path = (folder.path / "fifo").string();
    const auto back = (folder.path / "back").string();
    BOOST_REQUIRE(::mkfifo(back.c_str(), 0600) == 0);
    asio::io_context context;
    Logged logged;
    auto fifo = std::make_unique<Fifo>(
        context.get_executor(),
        Fifo::Options{.path = path,
                      .owner = self,
                      .reader = process::Command{.words = {"/bin/sh", "-c",
                                                           "read line < \"$1\"; echo \"got $line\" "
                                                           "> " +
                                                               back,
                                                           "word"},
                                                 .as = self},
                      .restart = 1ms},
        logged.log());
    BOOST_REQUIRE(fifo->open());
    asio::posix::stream_descriptor reader(context,
                                          ::open(back.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    std::string got;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (const auto *line : {"one\n", "two\n"}) {
                fifo->write(line); // a shell reads one line, byte by byte
                std::string text;
                co_await asio::async_read_until(reader, asio::dynamic_buffer(text), '\n',
                                                asio::use_awaitable);
                got += text;
            }
            fifo.reset();
        },
        asio::detached);
    context.run(); // to its end: the reader that waits is ended, too
    BOOST_TEST(got == "got one\ngot two\n");
    BOOST_REQUIRE(!logged.lines.empty());
    BOOST_TEST(logged.lines[0] == "/bin/sh: it ended: it is started again");
}

BOOST_AUTO_TEST_SUITE_END()
