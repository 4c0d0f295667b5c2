// SPDX-License-Identifier: GPL-2.0
// Probes that ask no server themselves: programs (MISC_CHECK) and files (FILE_CHECK).
#pragma once

#include "../config/model.hpp"
#include "../health/prober.hpp"
#include "../process/identity.hpp"

#include <map>
#include <memory>
#include <string>

namespace lb::lbd {

class Outside {
public:
    // Looks up users: blocks, so it is for when a configuration is read.
    explicit Outside(const config::Model &model);

    // @job lasts as long as what is returned. A reload may replace @outside meanwhile.
    static health::Task<health::Verdict> hold(std::shared_ptr<const Outside> outside,
                                              const health::Job &job);

    // As whom @script runs; an error says why it cannot.
    [[nodiscard]] Result<process::Identity> identityOf(const config::Script &script) const;

private:
    std::map<std::pair<std::string, std::string>, Result<process::Identity>> identities_{};
    std::map<std::string, config::TrackFile> files_{};
};

} // namespace lb::lbd
