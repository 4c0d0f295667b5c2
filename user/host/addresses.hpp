// SPDX-License-Identifier: GPL-2.0
// The addresses that this machine has, in the network namespace of the caller, as they come and go.
#pragma once

#include "../base/fd.hpp"
#include "../base/ip.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace lb::host {

class Addresses {
public:
    // Those that there are now.
    static Result<Addresses> read();

    [[nodiscard]] bool has(const Ip &ip) const { return counts_.contains(ip); }
    [[nodiscard]] std::vector<Ip> all() const;

    // One of an interface (by its number), as the kernel tells it. -> whether has() of it changed
    bool add(const Ip &ip, int interface);
    bool remove(const Ip &ip, int interface);

private:
    std::map<Ip, std::set<int>> counts_{}; // the interfaces that have it
};

// Follows them on a loop.
class AddressWatch {
public:
    using Changed = std::function<void(const Ip &ip, bool there)>;

    // @changed is called from the loop only. An error says why they cannot be followed.
    static Result<std::unique_ptr<AddressWatch>> start(boost::asio::io_context &io,
                                                       Changed changed);
    AddressWatch(boost::asio::io_context &io, Fd socket, Addresses addresses, Changed changed);
    AddressWatch(const AddressWatch &) = delete;
    AddressWatch &operator=(const AddressWatch &) = delete;

    [[nodiscard]] bool has(const Ip &ip) const { return addresses_.has(ip); }

private:
    void wait();
    void heard();
    // Some news was lost: what there is now is compared with what was known.
    void readAgain();

    boost::asio::posix::stream_descriptor socket_;
    Addresses addresses_;
    Changed changed_;
};

} // namespace lb::host
