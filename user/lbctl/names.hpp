// SPDX-License-Identifier: GPL-2.0
// Host and port names, both ways, for --resolve; without it addresses stay numbers and no
// question leaves the machine.
#pragma once

#include "../base/endpoint.hpp"

#include <map>
#include <string>

namespace lb::lbctl {

class Names {
public:
    explicit Names(bool resolve) : resolve_(resolve) {}

    [[nodiscard]] WordReaders readers() const;
    // "www.example.org:http" or "192.0.2.1:80"
    std::string show(const Endpoint &endpoint);

private:
    bool resolve_;
    std::map<Endpoint, std::string> known_{};
};

} // namespace lb::lbctl
