// SPDX-License-Identifier: GPL-2.0
#include "run.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>

#include <fcntl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/core.h>

namespace lb::process {

namespace asio = boost::asio;

namespace {

// A copy: the descriptor of Asio closes what it has.
asio::posix::stream_descriptor watch(const Child &child, const asio::any_io_executor &executor)
{
    asio::posix::stream_descriptor descriptor(executor);
    const int copy = ::fcntl(child.descriptor(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw boost::system::system_error(errno, boost::system::system_category(), "pidfd");
    descriptor.assign(copy);
    return descriptor;
}

// Whether it has ended within @limit, if there is one. Throws when it is cancelled.
asio::awaitable<bool> endsWithin(const Child &child, Duration limit)
{
    // The timer's handler may be on its way when this has gone.
    struct Wait {
        asio::posix::stream_descriptor descriptor;
        bool late = false;
    };
    const auto executor = co_await asio::this_coro::executor;
    const auto wait = std::make_shared<Wait>(Wait{watch(child, executor)});
    asio::steady_timer timer(executor);
    if (limit != Duration::zero()) {
        timer.expires_after(limit);
        timer.async_wait([wait](const boost::system::error_code &code) {
            if (code)
                return;
            wait->late = true;
            boost::system::error_code ignored;
            wait->descriptor.cancel(ignored);
        });
    }
    boost::system::error_code code;
    co_await wait->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                         asio::redirect_error(asio::use_awaitable, code));
    if (code && !wait->late)
        throw boost::system::system_error(code);
    co_return !code;
}

// Asks it to end, makes it end, and reaps it.
asio::awaitable<Exit> stop(Child &child)
{
    child.signal(SIGTERM);
    const bool listened = co_await endsWithin(child, grace);
    if (!listened) {
        child.signal(SIGKILL);
        co_await endsWithin(child, Duration::zero());
    }
    co_return child.end(true).value_or(Exit{});
}

asio::awaitable<void> stopAlone(Child child)
{
    co_await stop(child);
}

std::string showSeconds(Duration duration)
{
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

asio::awaitable<Exit> watchOver(Child &child, Duration limit)
{
    const bool inTime = co_await endsWithin(child, limit);
    if (inTime)
        co_return child.end(false).value_or(Exit{});
    auto exit = co_await stop(child);
    exit.late = true;
    exit.why = fmt::format("it did not end within {}", showSeconds(limit));
    co_return exit;
}

} // namespace

asio::awaitable<Exit> run(Command command, Duration limit)
{
    const auto executor = co_await asio::this_coro::executor;
    auto child = Child::start(command);
    if (!child)
        co_return Exit{.why = toString(child.error())};
    std::exception_ptr failure;
    try {
        co_return co_await watchOver(*child, limit);
    } catch (...) {
        failure = std::current_exception();
    }
    // Nothing waits in a coroutine that is cancelled: another one sees to the end.
    asio::co_spawn(executor, stopAlone(std::move(*child)), asio::detached);
    std::rethrow_exception(failure);
}

} // namespace lb::process
