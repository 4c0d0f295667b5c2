// SPDX-License-Identifier: GPL-2.0
#include "report.hpp"

namespace lb::config {

// Not inline: where a text is known to be short, g++ 12 takes its move for one beyond its end.
void Report::add(Severity severity, const Where &where, std::string what, std::string hint) const
{
    found_->push_back(
        {severity, where.place, where.length, std::move(what), std::move(hint), where.defined});
}

} // namespace lb::config
