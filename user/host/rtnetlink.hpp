// SPDX-License-Identifier: GPL-2.0
// Requests to rtnetlink(7), and the messages that come back. What they mean is the callers'.
#pragma once

#include "../base/error.hpp"
#include "../base/fd.hpp"

#include <functional>
#include <span>

#include <linux/netlink.h>

namespace lb::host {

// With the multicast groups of @groups (RTMGRP_*).
Result<Fd> openRtnetlink(unsigned groups);

// Sends @request and gives each message of the answer to @visit, until its end; errors are the
// kernel's. @request has its header filled in but for the sequence.
Result<void> ask(const Fd &socket, nlmsghdr *request,
                 const std::function<void(const nlmsghdr *)> &visit);

// The messages that are waiting, without blocking. ENOBUFS: some are lost.
Result<void> drain(int socket, const std::function<void(const nlmsghdr *)> &visit);

} // namespace lb::host
