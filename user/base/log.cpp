// SPDX-License-Identifier: GPL-2.0
#include "log.hpp"

#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

namespace lb {

Log logToStderr()
{
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return [journal](Level level, std::string_view line) {
        if (journal)
            fmt::print(stderr, "<{}>{}\n", static_cast<int>(level), line);
        else
            fmt::print(stderr, "{}{}\n", level == Level::error ? "error: " : "", line);
    };
}

Log logToSyslog(const char *name)
{
    ::openlog(name, LOG_PID | LOG_NDELAY, LOG_DAEMON);
    return [](Level level, std::string_view line) {
        ::syslog(static_cast<int>(level), "%.*s", static_cast<int>(line.size()), line.data());
    };
}

} // namespace lb
