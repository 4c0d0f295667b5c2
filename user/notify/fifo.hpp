// SPDX-License-Identifier: GPL-2.0
// A FIFO that lines of what happens are written to, and the program that may read it. Nothing
// blocks: lines wait until the reader takes them, up to a limit, beyond which they are dropped,
// counted and told of. A line is written whole or not at all. What the lines are is names.hpp's.
#pragma once

#include "../process/run.hpp"
#include "log.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace lb::notify {

class Fifo {
public:
    struct Options {
        std::string path{};
        process::Identity owner{};
        std::optional<process::Command> reader{};            // gets the path as its last word
        std::size_t waiting = 10000;                         // lines
        process::Duration restart = std::chrono::seconds(1); // of a reader that ended
    };

    Fifo(const boost::asio::any_io_executor &executor, Options options, Log log);
    // Ends the reader, and removes the FIFO if it was made here.
    ~Fifo();
    Fifo(const Fifo &) = delete;
    Fifo &operator=(const Fifo &) = delete;

    // Makes the FIFO where there is none, and starts the reader.
    Result<void> open();
    // With its end of line; longer ones than PIPE_BUF are not whole for the reader.
    void write(std::string line);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t dropped() const;

private:
    struct Shared;

    std::shared_ptr<Shared> shared_;
};

} // namespace lb::notify
