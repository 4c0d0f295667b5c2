// SPDX-License-Identifier: GPL-2.0
// One line per event, to whom it is read by: a terminal, the journal or syslog.
#pragma once

#include <functional>
#include <string_view>

#include <syslog.h>

namespace lb {

enum class Level : int { // RFC 5424, table 2
    error = LOG_ERR,
    warning = LOG_WARNING,
    notice = LOG_NOTICE,
    info = LOG_INFO,
};

using Log = std::function<void(Level, std::string_view line)>;

// Standard error; with the level in front as sd-daemon(3) says when the journal reads it.
Log logToStderr();
// syslog(3), facility daemon. @name stays where it is as long as this is used.
Log logToSyslog(const char *name);

} // namespace lb
