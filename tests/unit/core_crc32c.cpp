// SPDX-License-Identifier: GPL-2.0
// What a changed beginning does to a CRC32c, against CRCs computed bit by bit as RFC 9260,
// appendix A, describes it; that by the examples of RFC 3720, B.4.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/crc32c.h"
}

namespace {

std::uint32_t crc(std::span<const std::uint8_t> message)
{
    std::uint32_t value = ~0U;
    for (const auto byte : message) {
        value ^= byte;
        for (int bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ ((value & 1U) != 0 ? 0x82f63b78U : 0U);
        }
    }
    return ~value;
}

std::uint32_t littleEndian(std::span<const std::uint8_t> bytes)
{
    return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
           std::uint32_t{bytes[3]} << 24;
}

std::vector<std::uint8_t> message(std::size_t length)
{
    std::vector<std::uint8_t> bytes(length);
    std::uint32_t seed = 1;
    std::ranges::generate(bytes, [&] {
        seed = seed * 1103515245 + 12345;
        return static_cast<std::uint8_t>(seed >> 16);
    });
    return bytes;
}

// The CRC after @to was written over the first bytes, from the CRC before.
std::uint32_t followed(std::vector<std::uint8_t> bytes, std::array<std::uint8_t, 4> to)
{
    const auto before = littleEndian(bytes);
    const auto old = crc(bytes);
    return old ^ crc32c_change(before ^ littleEndian(to), static_cast<std::uint32_t>(bytes.size()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_crc32c)

BOOST_AUTO_TEST_CASE(the_yardstick_is_right)
{
    std::vector<std::uint8_t> bytes(32, 0);
    BOOST_TEST(crc(bytes) == 0x8a9136aaU);
    std::ranges::fill(bytes, 0xff);
    BOOST_TEST(crc(bytes) == 0x62a8ab43U);
    std::uint8_t next = 0;
    std::ranges::generate(bytes, [&] { return next++; });
    BOOST_TEST(crc(bytes) == 0x46dd794eU);
}

BOOST_AUTO_TEST_CASE(a_crc_follows_the_first_bytes)
{
    const std::array<std::uint8_t, 4> to{0x1f, 0x90, 0xc3, 0x51};
    for (std::size_t length = 4; length < 3000; length++) {
        auto bytes = message(length);
        const auto got = followed(bytes, to);
        std::ranges::copy(to, bytes.begin());
        BOOST_REQUIRE_EQUAL(got, crc(bytes));
    }
    for (const std::size_t length : {4096, 9000, 16384, 32768, 65515, 65535, 65536, 131071}) {
        auto bytes = message(length);
        const auto got = followed(bytes, to);
        std::ranges::copy(to, bytes.begin());
        BOOST_TEST(got == crc(bytes), length);
    }
}

BOOST_AUTO_TEST_CASE(no_change_changes_nothing)
{
    for (const std::uint32_t length : {4U, 12U, 1500U, 65535U}) {
        BOOST_TEST(crc32c_change(0, length) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_packet_stays_damaged)
{
    auto bytes = message(600);
    const auto damaged = crc(bytes) ^ 0x40U;
    const std::array<std::uint8_t, 4> to{1, 2, 3, 4};
    const auto change = crc32c_change(littleEndian(bytes) ^ littleEndian(to), 600);
    std::ranges::copy(to, bytes.begin());
    BOOST_TEST((damaged ^ change) == (crc(bytes) ^ 0x40U));
}

BOOST_AUTO_TEST_SUITE_END()
