// SPDX-License-Identifier: GPL-2.0
// A transaction: begin, stage every change without waiting for an answer, commit. The kernel
// answers only what it refuses; a refusal is traced back to its change by sequence number, one
// at commit by the index that txn-get tells.
#include "ack.hpp"
#include "decode.hpp"
#include "lb.hpp"
#include "names.hpp"

#include <cerrno>

#include <fmt/core.h>

namespace lb::netlink {

namespace {

// One write: far below the socket's send buffer, and few enough commands for every refusal of
// one chunk to fit the receive buffer.
constexpr std::size_t chunkSize = std::size_t{32} * 1024;

} // namespace

Error explainCommit(Error error, const Attributes &told, std::span<const Change> changes)
{
    if (const auto reason = told.string(LB_A_TXN_REASON))
        error.what = *reason;
    const auto failed = told.u32(LB_A_TXN_FAILED);
    if (!failed || *failed >= changes.size())
        return error;
    error.index = *failed;
    const auto *set = attributesOf(changes[*failed].command);
    if (const auto type = told.u32(LB_A_TXN_ATTRIBUTE); type && set != nullptr)
        error.attribute = (*set)[static_cast<std::uint16_t>(*type)];
    return error;
}

Result<std::uint32_t> Director::begin()
{
    auto ask = message(LB_CMD_TXN_BEGIN);
    std::optional<std::uint32_t> id;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        id = reply.attributes.u32(LB_A_TXN_ID);
        return true;
    });
    if (!done)
        return done.error();
    if (!id)
        return lacks("the transaction's id");
    return *id;
}

void Director::abort(std::uint32_t txn)
{
    auto ask = message(LB_CMD_TXN_ABORT);
    ask.u32(LB_A_TXN_ID, txn);
    // Nothing is lost when this fails: closing the socket aborts as well.
    static_cast<void>(socket_.request(ask));
}

Result<void> Director::stage(std::uint32_t txn, std::span<const Change> changes)
{
    std::vector<std::uint8_t> chunk;
    std::size_t inChunk = 0; // changes in it
    std::size_t sent = 0;    // changes before it
    std::uint32_t first = 0; // sequence number of the chunk's first change
    std::optional<Error> refused;

    const auto flush = [&]() -> Result<void> {
        if (auto done = socket_.send(chunk); !done)
            return done;
        // The kernel has looked at all of the chunk when send() returns.
        auto done = socket_.drain([&](const Reply &reply) {
            const auto at = reply.header.nlmsg_seq - first;
            if (reply.header.nlmsg_type != NLMSG_ERROR || at >= inChunk)
                return true;
            auto again = encode(family_.number, changes[sent + at], txn);
            if (auto ack = readAck(reply, again.data()); !ack) {
                refused = ack.error();
                refused->index = sent + at;
            }
            return !refused.has_value();
        });
        // More refusals than the receive buffer holds: the first one is still the next to read.
        if (!done && done.error().code == ENOBUFS)
            done = socket_.drain([&](const Reply &reply) {
                const auto at = reply.header.nlmsg_seq - first;
                refused = Error{.code = ENOBUFS, .what = "the kernel refused too many commands"};
                if (reply.header.nlmsg_type == NLMSG_ERROR && at < inChunk) {
                    if (auto ack = readAck(reply, {}); !ack)
                        refused = ack.error();
                    refused->index = sent + at;
                }
                return false;
            });
        if (refused)
            return *refused;
        sent += inChunk;
        inChunk = 0;
        chunk.clear();
        return done;
    };

    for (const auto &change : changes) {
        auto command = encode(family_.number, change, txn);
        command.setSequence(socket_.nextSequence());
        if (chunk.empty())
            first = command.sequence();
        const auto data = command.data();
        chunk.insert(chunk.end(), data.begin(), data.end());
        chunk.resize(NLMSG_ALIGN(chunk.size()));
        inChunk++;
        if (chunk.size() >= chunkSize)
            if (auto done = flush(); !done)
                return done;
    }
    return chunk.empty() ? Result<void>{} : flush();
}

Result<std::uint32_t> Director::finish(std::uint32_t txn, std::span<const Change> changes,
                                       std::optional<std::uint32_t> expected)
{
    auto ask = message(LB_CMD_TXN_COMMIT);
    ask.u32(LB_A_TXN_ID, txn);
    if (expected)
        ask.u32(LB_A_TXN_GENERATION, *expected);
    std::uint32_t generation = 0;
    std::uint32_t staged = 0;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        generation = reply.attributes.u32(LB_A_TXN_GENERATION).value_or(0);
        staged = reply.attributes.u32(LB_A_TXN_STAGED).value_or(0);
        return true;
    });
    if (done) {
        if (staged != changes.size())
            return Error{.code = EBADMSG,
                         .what = fmt::format("the module committed {} of {} changes", staged,
                                             changes.size())};
        return generation;
    }

    auto error = done.error();
    auto why = message(LB_CMD_TXN_GET);
    why.u32(LB_A_TXN_ID, txn);
    static_cast<void>(socket_.request(why, [&](const Reply &reply) {
        error = explainCommit(std::move(error), reply.attributes, changes);
        return true;
    }));
    return error;
}

Result<std::uint32_t> Director::commit(std::span<const Change> changes,
                                       std::optional<std::uint32_t> expected)
{
    const auto txn = begin();
    if (!txn)
        return txn.error();
    if (auto staged = stage(*txn, changes); !staged) {
        abort(*txn);
        return staged.error();
    }
    auto generation = finish(*txn, changes, expected);
    if (!generation)
        abort(*txn);
    return generation;
}

} // namespace lb::netlink
