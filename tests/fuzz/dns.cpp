// SPDX-License-Identifier: GPL-2.0
// What a name server answers.
#include "fuzz.hpp"
#include "health/dns_message.hpp"

#include <vector>

using namespace lb;
using namespace lb::health;

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const auto query = dnsQuery(0x1234, config::DnsType::a, "a.example");
    std::vector<std::uint8_t> answer(bytes, bytes + size);
    static_cast<void>(dnsAnswer(answer, query));
    // With what is asked for first in an answer.
    if (answer.size() > 2) {
        answer[0] = 0x12;
        answer[1] = 0x34;
        answer[2] |= 0x80;
    }
    if (const auto taken = dnsAnswer(answer, query))
        fuzz::require(!dnsCodeName(taken->code).empty(), "each code has a name");
    return 0;
}
