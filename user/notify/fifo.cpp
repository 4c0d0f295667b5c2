// SPDX-License-Identifier: GPL-2.0
#include "fifo.hpp"

#include <cerrno>
#include <deque>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/core.h>

namespace lb::notify {

namespace asio = boost::asio;

// Outlives Fifo as long as Asio has a handler of it.
struct Fifo::Shared : std::enable_shared_from_this<Fifo::Shared> {
    Shared(const asio::any_io_executor &executor, Options wanted, Log told)
        : options(std::move(wanted)), log(std::move(told)), descriptor(executor)
    {}

    Options options;
    Log log;
    asio::posix::stream_descriptor descriptor;
    asio::cancellation_signal stop{};
    std::deque<std::string> lines{};
    std::size_t dropped = 0;
    bool full = false;  // of which the operator was told
    bool asked = false; // to be told when it can be written
    bool made = false;

    // As much as the FIFO takes. POSIX: at most PIPE_BUF bytes are written whole or not at all.
    void flush()
    {
        while (!lines.empty()) {
            const auto &line = lines.front();
            if (::write(descriptor.native_handle(), line.data(), line.size()) < 0) {
                if (errno == EINTR)
                    continue;
                if (errno == EAGAIN)
                    break;
                log(fmt::format("{}: {}", options.path, toString(systemError(errno, "writing"))));
                dropped++;
            }
            lines.pop_front();
        }
        if (lines.empty() && full) {
            full = false;
            log(fmt::format("{}: it is read again; {} lines were dropped so far", options.path,
                            dropped));
        }
        if (lines.empty() || asked)
            return;
        asked = true;
        descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                              [self = shared_from_this()](const boost::system::error_code &code) {
                                  self->asked = false;
                                  if (!code && self->descriptor.is_open())
                                      self->flush();
                              });
    }

    // Runs the reader for as long as this is open.
    static asio::awaitable<void> read(std::shared_ptr<Shared> self)
    {
        auto command = *self->options.reader;
        command.words.push_back(self->options.path);
        asio::steady_timer timer(self->descriptor.get_executor());
        while (self->descriptor.is_open()) {
            const auto exit = co_await process::run(command, process::Duration::zero());
            self->log(fmt::format("{}: {}: it is started again", command.words.front(),
                                  exit.why.empty() ? "it ended" : exit.why));
            timer.expires_after(self->options.restart);
            co_await timer.async_wait(asio::use_awaitable);
        }
    }
};

Fifo::Fifo(const asio::any_io_executor &executor, Options options, Log log)
    : shared_(std::make_shared<Shared>(executor, std::move(options), std::move(log)))
{}

Fifo::~Fifo()
{
    shared_->stop.emit(asio::cancellation_type::terminal);
    boost::system::error_code ignored;
    shared_->descriptor.close(ignored);
    if (shared_->made)
        ::unlink(shared_->options.path.c_str());
}

Result<void> Fifo::open()
{
    auto &shared = *shared_;
    const auto &path = shared.options.path;
    // Only who writes and who reads it has to do with it.
    if (::mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == 0) {
        shared.made = true;
        if (::lchown(path.c_str(), shared.options.owner.uid, shared.options.owner.gid) != 0)
            return systemError(errno, fmt::format("giving '{}' to its user", path));
    } else if (errno != EEXIST) {
        return systemError(errno, fmt::format("making '{}'", path));
    }
    // For reading, too: so it opens, and keeps what was written, when nobody reads yet or again.
    Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    if (!fd)
        return systemError(errno, fmt::format("opening '{}'", path));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISFIFO(status.st_mode))
        return Error{.what = fmt::format("'{}' is no FIFO", path)};
    shared.descriptor.assign(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
    if (shared.options.reader)
        asio::co_spawn(
            shared.descriptor.get_executor(), Shared::read(shared_),
            asio::bind_cancellation_slot(shared.stop.slot(), [](const std::exception_ptr &) {}));
    return {};
}

void Fifo::write(std::string line)
{
    auto &shared = *shared_;
    if (!shared.descriptor.is_open() || shared.lines.size() >= shared.options.waiting) {
        shared.dropped++;
        if (!shared.full)
            shared.log(fmt::format("{}: nobody reads it: lines are dropped", shared.options.path));
        shared.full = true;
        return;
    }
    shared.lines.push_back(std::move(line));
    if (!shared.asked)
        shared.flush();
}

std::size_t Fifo::waiting() const
{
    return shared_->lines.size();
}

std::size_t Fifo::dropped() const
{
    return shared_->dropped;
}

} // namespace lb::notify
