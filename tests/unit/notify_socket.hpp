// SPDX-License-Identifier: GPL-2.0
// The service manager's side of sd_notify(3), and variables of the environment for a while.
#pragma once

#include "base/fd.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace lb {

class Environment {
public:
    Environment(std::string name, const std::string &value) : name_(std::move(name))
    {
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~Environment() { ::unsetenv(name_.c_str()); }
    Environment(const Environment &) = delete;
    Environment &operator=(const Environment &) = delete;

private:
    std::string name_;
};

// Hears in a thread of its own, as a manager does: who tells never waits.
class NotifySocket {
public:
    NotifySocket()
    {
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        const auto path = (folder_.path / "notify").string();
        path.copy(&address.sun_path[0], sizeof(address.sun_path) - 1);
        BOOST_REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr *>(&address),
                             sizeof(address)) == 0);
        thread_ = std::thread([this] { listen(); });
    }
    ~NotifySocket()
    {
        ::shutdown(socket_.get(), SHUT_RDWR);
        thread_.join();
    }
    NotifySocket(const NotifySocket &) = delete;
    NotifySocket &operator=(const NotifySocket &) = delete;

    // The next message, one assignment a line; waits for it.
    [[nodiscard]] std::string hear() const
    {
        constexpr auto limit = std::chrono::seconds(60); // only so that nothing hangs
        std::unique_lock lock(mutex_);
        BOOST_REQUIRE(some_.wait_for(lock, limit, [&] { return !heard_.empty(); }));
        auto text = std::move(heard_.front());
        heard_.pop_front();
        return text;
    }

private:
    void listen()
    {
        std::array<char, 4096> text{};
        ssize_t size = 0;
        while ((size = ::recv(socket_.get(), text.data(), text.size(), 0)) > 0) {
            const std::lock_guard guard(mutex_);
            heard_.emplace_back(text.data(), static_cast<std::size_t>(size));
            some_.notify_all();
        }
    }

    TemporaryFolder folder_{};
    Fd socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    Environment variable_{"NOTIFY_SOCKET", (folder_.path / "notify").string()};
    mutable std::mutex mutex_{};
    mutable std::condition_variable some_{};
    mutable std::deque<std::string> heard_{};
    std::thread thread_{};
};

} // namespace lb
