// SPDX-License-Identifier: GPL-2.0
// Files that change, on a real file system. What the kernel has to tell is there as soon as the
// change is made, so that nothing is waited for.
#include "process/watch.hpp"
#include "temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::process;
namespace fs = std::filesystem;

struct Watched {
    explicit Watched(const std::string &file) : path((folder.path / file).string())
    {
        watch.add(path);
    }

    // How often it was told since this was asked last.
    int told()
    {
        const int before = count;
        context.restart();
        context.poll();
        return count - before;
    }

    TemporaryFolder folder{};
    boost::asio::io_context context{};
    int count = 0;
    std::string path;
    Watch watch = *Watch::open(context.get_executor(), [this](const std::string &changed) {
        BOOST_TEST(changed == path);
        count++;
    });
};

} // namespace

BOOST_AUTO_TEST_SUITE(process_watch)

BOOST_AUTO_TEST_CASE(a_file_is_made_written_replaced_and_removed)
{
    Watched file("x");
    BOOST_TEST(file.told() == 0);
    file.folder.write("x", "1");
    BOOST_TEST(file.told() == 1); // once for all that happened
    file.folder.write("x", "2");
    BOOST_TEST(file.told() == 1);
    file.folder.write("new", "3");
    BOOST_TEST(file.told() == 0); // that is another file
    fs::rename(file.folder.path / "new", file.path);
    BOOST_TEST(file.told() == 1);
    file.folder.write("x", "4");
    BOOST_TEST(file.told() == 1); // still, though it is another inode
    fs::remove(file.path);
    BOOST_TEST(file.told() == 1);
    file.folder.write("x", "5");
    BOOST_TEST(file.told() == 1);
    fs::rename(file.path, file.folder.path / "away");
    BOOST_TEST(file.told() == 1);
    file.folder.write("away", "6");
    BOOST_TEST(file.told() == 0);
}

BOOST_AUTO_TEST_CASE(while_it_is_written_nothing_is_told)
{
    Watched file("x");
    file.folder.write("x", "1");
    file.told();
    std::ofstream out(file.path);
    out << "2" << std::flush;
    BOOST_TEST(file.told() == 0);
    out.close();
    BOOST_TEST(file.told() == 1);
}

BOOST_AUTO_TEST_CASE(a_folder_may_come_later)
{
    Watched file("a/b/x");
    fs::create_directories(file.folder.path / "a");
    BOOST_TEST(file.told() == 1);
    fs::create_directories(file.folder.path / "a/b");
    BOOST_TEST(file.told() == 1);
    file.folder.write("a/b/x", "1");
    BOOST_TEST(file.told() == 1);
    fs::rename(file.folder.path / "a", file.folder.path / "c");
    BOOST_TEST(file.told() == 1);
    file.folder.write("c/b/x", "2");
    BOOST_TEST(file.told() == 0);
    fs::create_directories(file.folder.path / "new/b");
    file.folder.write("new/b/x", "3");
    BOOST_TEST(file.told() == 0);
    fs::rename(file.folder.path / "new", file.folder.path / "a");
    BOOST_TEST(file.told() == 1);
    file.folder.write("a/b/x", "4");
    BOOST_TEST(file.told() == 1);
    fs::remove_all(file.folder.path / "a");
    BOOST_TEST(file.told() == 1);
}

BOOST_AUTO_TEST_CASE(all_at_once_is_told_once)
{
    Watched file("a/b/x");
    fs::create_directories(file.folder.path / "a/b");
    file.folder.write("a/b/x", "1");
    BOOST_TEST(file.told() == 1);
    BOOST_TEST(*readStart(file.path, 10) == "1"); // who reads it then sees what is there
    file.folder.write("a/b/x", "2");
    BOOST_TEST(file.told() == 1);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed)
{
    Watched file("link");
    file.folder.write("one", "1");
    fs::create_directories(file.folder.path / "other");
    file.folder.write("other/two", "2");
    fs::create_symlink("one", file.path);
    BOOST_TEST(file.told() == 1);
    file.folder.write("one", "11");
    BOOST_TEST(file.told() == 1);
    fs::create_symlink("other/two", file.folder.path / "new");
    fs::rename(file.folder.path / "new", file.path);
    BOOST_TEST(file.told() == 1);
    file.folder.write("other/two", "22");
    BOOST_TEST(file.told() == 1);
    file.folder.write("one", "111");
    BOOST_TEST(file.told() == 0);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_not_told_of)
{
    Watched file("x");
    const auto other = (file.folder.path / "y").string();
    file.watch.add(other);
    file.watch.remove(other);
    file.watch.remove(other);
    file.folder.write("y", "1");
    BOOST_TEST(file.told() == 0);
    file.folder.write("x", "1");
    BOOST_TEST(file.told() == 1);
}

BOOST_AUTO_TEST_CASE(who_is_told_may_end_it)
{
    const TemporaryFolder folder;
    boost::asio::io_context context;
    std::optional<Watch> watch;
    watch = *Watch::open(context.get_executor(), [&](const std::string &) { watch.reset(); });
    watch->add((folder.path / "x").string());
    folder.write("x", "1");
    context.run();
    BOOST_TEST(!watch);
}

BOOST_AUTO_TEST_CASE(only_a_file_is_read)
{
    const TemporaryFolder folder;
    folder.write("x", "12345");
    BOOST_TEST(*readStart(folder.path / "x", 3) == "123");
    BOOST_TEST(*readStart(folder.path / "x", 100) == "12345");
    BOOST_REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
    BOOST_TEST(!readStart(folder.path / "fifo", 3));
    BOOST_TEST(!readStart(folder.path, 3));
    BOOST_TEST(readStart(folder.path / "nosuch", 3).error().code == ENOENT);
}

BOOST_AUTO_TEST_SUITE_END()
