// SPDX-License-Identifier: GPL-2.0
// A director whose kernel has one service with destinations, and takes every change for good
// without making it. It answers in a thread of its own, as the kernel does.
#pragma once

#include "netlink/lb.hpp"
#include "wire.hpp"

#include <array>
#include <atomic>
#include <thread>

#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

namespace lb {

class FakeDirector {
public:
    static constexpr std::uint16_t family = 0x2a;

    explicit FakeDirector(std::vector<std::uint16_t> ports) : ports_(std::move(ports))
    {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
        kernel_.reset(ends[0]);
        user_.reset(ends[1]);
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeDirector()
    {
        ::shutdown(kernel_.get(), SHUT_RDWR);
        thread_.join();
    }
    FakeDirector(const FakeDirector &) = delete;
    FakeDirector &operator=(const FakeDirector &) = delete;

    netlink::Director open() { return {netlink::Socket(std::move(user_)), {family, {}}}; }
    [[nodiscard]] unsigned commits() const { return commits_; }

    // 192.0.2.1:80, TCP
    static wire::Bytes key()
    {
        return wire::attribute(1, wire::u16(2)) + wire::attribute(2, wire::u8(6)) +
               wire::attribute(3, {192, 0, 2, 1}) + wire::attribute(4, wire::be16(80));
    }

private:
    static wire::Bytes stats(std::uint64_t first)
    {
        return wire::attribute(LB_A_STATS_CONNS, wire::u64(first)) +
               wire::attribute(LB_A_STATS_IN_PACKETS, wire::u64(first + 1)) +
               wire::attribute(LB_A_STATS_OUT_PACKETS, wire::u64(first + 2)) +
               wire::attribute(LB_A_STATS_IN_BYTES, wire::u64(first + 3)) +
               wire::attribute(LB_A_STATS_OUT_BYTES, wire::u64(first + 4));
    }
    static wire::Bytes reply(std::uint32_t sequence, int flags, int command,
                             const wire::Bytes &attributes)
    {
        return wire::generic(family, flags, sequence, command, attributes);
    }
    wire::Bytes dests(std::uint32_t sequence) const
    {
        wire::Bytes all;
        for (const auto port : ports_)
            all = all + reply(sequence, wire::multi, LB_CMD_DEST_GET,
                              wire::nest(LB_A_DEST_SERVICE, key()) +
                                  wire::attribute(LB_A_DEST_FAMILY, wire::u16(2)) +
                                  wire::attribute(LB_A_DEST_ADDR, {127, 0, 0, 1}) +
                                  wire::attribute(LB_A_DEST_PORT, wire::be16(port)) +
                                  wire::attribute(LB_A_DEST_METHOD, wire::u8(LB_METHOD_NAT)) +
                                  wire::attribute(LB_A_DEST_WEIGHT, wire::u32(1)) +
                                  wire::attribute(LB_A_DEST_ACTIVE, wire::u32(7)) +
                                  wire::attribute(LB_A_DEST_INACTIVE, wire::u32(9)) +
                                  wire::nest(LB_A_DEST_STATS, stats(2000)));
        return all;
    }
    wire::Bytes answer(const netlink::Reply &asked)
    {
        const auto sequence = asked.header.nlmsg_seq;
        if ((asked.header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
            wire::Bytes all;
            if (asked.command == LB_CMD_SERVICE_GET)
                all = reply(sequence, wire::multi, LB_CMD_SERVICE_GET,
                            wire::nest(LB_A_SERVICE_KEY, key()) +
                                wire::attribute(LB_A_SERVICE_SCHEDULER, wire::text("rr")) +
                                wire::nest(LB_A_SERVICE_STATS, stats(1000)));
            else if (asked.command == LB_CMD_DEST_GET)
                all = dests(sequence);
            return all + wire::done(sequence);
        }
        wire::Bytes first;
        if (asked.command == LB_CMD_STATS_GET) {
            first = reply(sequence, 0, LB_CMD_STATS_GET, wire::nest(LB_A_TOTAL_STATS, stats(3000)));
        } else if (asked.command == LB_CMD_TXN_BEGIN) {
            staged_ = 0;
            first =
                reply(sequence, 0, LB_CMD_TXN_BEGIN, wire::attribute(LB_A_TXN_ID, wire::u32(7)));
        } else if (asked.command == LB_CMD_TXN_COMMIT) {
            commits_++;
            first = reply(sequence, 0, LB_CMD_TXN_COMMIT,
                          wire::attribute(LB_A_TXN_ID, wire::u32(7)) +
                              wire::attribute(LB_A_TXN_STAGED, wire::u32(staged_)) +
                              wire::attribute(LB_A_TXN_GENERATION, wire::u32(commits_)));
        }
        if ((asked.header.nlmsg_flags & NLM_F_ACK) != 0)
            return first + wire::ack(sequence);
        staged_++; // of a transaction: only a refusal would be answered
        return {};
    }
    void serve()
    {
        std::vector<std::uint8_t> buffer(std::size_t{1} << 20);
        ssize_t size = 0;
        while ((size = ::recv(kernel_.get(), buffer.data(), buffer.size(), 0)) > 0) {
            netlink::Bytes datagram(buffer.data(), static_cast<std::size_t>(size));
            while (const auto asked = netlink::takeReply(datagram))
                if (const auto said = answer(*asked); !said.empty())
                    ::send(kernel_.get(), said.data(), said.size(), 0);
        }
    }

    std::vector<std::uint16_t> ports_; // of the destinations on 127.0.0.1
    Fd kernel_{};
    Fd user_{};
    std::uint32_t staged_ = 0;
    std::atomic<unsigned> commits_{0};
    std::thread thread_{};
};

} // namespace lb
