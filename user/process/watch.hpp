// SPDX-License-Identifier: GPL-2.0
// Files whose change is told: written, made, replaced, removed, or reached by another way because
// a folder on the way came or went. Neither need exist when asked for. What is in them, and what
// it means, is the caller's.
#pragma once

#include "../base/error.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace lb::process {

class Watch {
public:
    // Told from the loop, once for what happened at once; maybe of a file that is as it was.
    using Changed = std::function<void(const std::string &path)>;

    static Result<Watch> open(const boost::asio::any_io_executor &executor, Changed changed);
    Watch(Watch &&) noexcept;
    Watch &operator=(Watch &&) noexcept;
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;
    ~Watch();

    // From the root folder on. What is there now is for the caller to read, after this.
    void add(const std::string &path);
    void remove(const std::string &path);

private:
    struct Shared;

    explicit Watch(std::shared_ptr<Shared> shared);

    std::shared_ptr<Shared> shared_;
};

// The first @most bytes of a regular file; of anything else an error, never a wait for it.
Result<std::string> readStart(const std::string &path, std::size_t most);

} // namespace lb::process
