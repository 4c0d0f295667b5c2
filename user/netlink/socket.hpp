// SPDX-License-Identifier: GPL-2.0
// A generic netlink socket: sends requests, matches answers by sequence number, retries a dump
// that the kernel says was interrupted. What the messages mean is for lb.cpp.
#pragma once

#include "../base/fd.hpp"
#include "message.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lb::netlink {

struct FamilyId {
    std::uint16_t number = 0;
    std::vector<std::pair<std::string, std::uint32_t>> groups{}; // multicast groups by name
};

class Socket {
public:
    // Returns false to see no more.
    using Visit = std::function<bool(const Reply &)>;

    static Result<Socket> open();
    // Over a connection that is there already: a test's.
    explicit Socket(Fd fd) : fd_(std::move(fd)) {}

    Result<FamilyId> resolve(std::string_view family);

    // One request, its answers (if any) and its acknowledgement.
    Result<void> request(Message &message, const Visit &visit = {});

    // All answers to a dump. When the kernel says that the objects changed meanwhile, @restart is
    // called (forget what was visited) and the dump begins anew, a bounded number of times;
    // without @restart the inconsistency is accepted. A visit that returns false leaves the
    // socket in the middle of the dump: it is of no further use.
    Result<void> dump(Message &message, const Visit &visit, const std::function<void()> &restart);

    // Many requests that ask for no acknowledgement; @failed gets the first refusal's sequence.
    std::uint32_t nextSequence() { return ++sequence_; }
    Result<void> send(Bytes bytes);
    // The answers that are waiting, without blocking.
    Result<void> drain(const Visit &visit);

    Result<void> join(std::uint32_t group);
    // Blocks until a datagram is there, hands its messages to @visit.
    Result<void> receive(const Visit &visit);
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    Result<Bytes> read(int flags);

    Fd fd_;
    std::uint32_t sequence_ = 0;
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(std::size_t{64} * 1024);
};

} // namespace lb::netlink
