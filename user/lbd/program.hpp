// SPDX-License-Identifier: GPL-2.0
// Programs that stand at the beginning and the end of lbd: startup_script, shutdown_script.
#pragma once

#include "../base/log.hpp"
#include "../process/run.hpp"
#include "outside.hpp"

#include <functional>

#include <boost/asio/io_context.hpp>

namespace lb::lbd {

// Runs @script, if there is one, and calls @then when it has ended or its time is over. What goes
// wrong is told.
void runProgram(boost::asio::io_context &io, const config::Script &script, process::Duration limit,
                const std::shared_ptr<const Outside> &outside, const Log &log,
                std::function<void()> then);

} // namespace lb::lbd
