// SPDX-License-Identifier: GPL-2.0
// Refusals of the kernel in ipvsadm's words.
#pragma once

#include "../base/error.hpp"
#include "command.hpp"
#include "outcome.hpp"

namespace lb::ipvsadm {

// "Service already exists", and what strerror says where there is no better word.
std::string explain(Verb verb, int code);

// The same, and what the module says about it below, where that was only strerror's.
Refusal refuse(Verb verb, const Error &error, int status = usageStatus);

} // namespace lb::ipvsadm
