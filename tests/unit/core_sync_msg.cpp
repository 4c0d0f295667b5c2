// SPDX-License-Identifier: GPL-2.0
// Messages of the synchronisation: bytes written by hand from the layout that ip_vs's
// ip_vs_sync.c documents, and messages that lie.
#include <array>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/sync_msg.h"
}

namespace {

using Bytes = std::vector<u8>;

Bytes hex(std::string_view text)
{
    Bytes bytes;
    std::string digits;
    for (const char c : text) {
        if (c == ' ' || c == '\n')
            continue;
        digits += c;
        if (digits.size() == 2) {
            bytes.push_back(static_cast<u8>(std::stoul(digits, nullptr, 16)));
            digits.clear();
        }
    }
    return bytes;
}

Bytes operator+(Bytes a, const Bytes &b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

// TCP, 198.51.100.2:40000 to 192.0.2.1:80, at 10.0.0.11:8080; masquerading, established; 900 s.
const Bytes record4 = hex("00 06 0024 00000000 0001 9c40 0050 1f90 00000000 00000384"
                          "c6336402 c0000201 0a00000b");
// UDP, [2001:db8:c::2]:40000 to [2001:db8:f::1]:53, at [2001:db8::11]:53, of mark 5; direct,
// without output, inactive; 300 s.
const Bytes record6 = hex("01 11 0048 00000183 0000 9c40 0035 0035 00000005 0000012c"
                          "20010db8000c00000000000000000002"
                          "20010db8000f00000000000000000001"
                          "20010db8000000000000000000000011");
// A template of SIP's: 198.51.100.0/24, 192.0.2.1:5060 over UDP, at 10.0.0.11:5060; 44 + 16 bytes.
const Bytes recordSip = hex("00 11 0033 00001000 0000 0000 13c4 13c4 00000000 0000012c"
                            "c6336400 c0000201 0a00000b"
                            "02 08 6140622e65786d70 03 03 736970");
// Version 0: the first one again, with numbers of sequence.
const Bytes record0 = hex("00 06 9c40 0050 1f90 c6336402 c0000201 0a00000b 0000 0001");

Bytes header1(u8 conns, std::size_t size, u8 id = 7)
{
    return {0, id, static_cast<u8>(size >> 8), static_cast<u8>(size), conns, 1, 0, 0};
}

Bytes message1(const std::vector<Bytes> &records)
{
    Bytes body;
    for (const auto &record : records) {
        while (body.size() % 4 != 0)
            body.push_back(0);
        body = body + record;
    }
    return header1(static_cast<u8>(records.size()), body.size() + 8) + body;
}

Bytes message0(u8 conns, const Bytes &body)
{
    const auto size = body.size() + 4;
    return Bytes{conns, 7, static_cast<u8>(size >> 8), static_cast<u8>(size)} + body;
}

// On the heap and as long as it says, so that reading beyond it is seen.
enum sync_fault check(const Bytes &message, std::vector<sync_record> *records = nullptr)
{
    const Bytes exact(message);
    sync_reader reader{};
    const auto fault = sync_read(&reader, exact.data(), static_cast<u32>(exact.size()));
    if (fault != SYNC_FINE)
        return fault;
    sync_record rec{};
    while (sync_read_next(&reader, &rec)) {
        // What points into the message is there.
        u32 sum = 0;
        for (u32 i = 0; i < rec.id_len; i++)
            sum += static_cast<u8>(rec.id[i]);
        for (u32 i = 0; i < rec.engine_len; i++)
            sum += static_cast<u8>(rec.engine[i]);
        if (records != nullptr) {
            rec.fwmark += sum & 0;
            records->push_back(rec);
        }
    }
    return fault;
}

Bytes write(u8 version, const std::vector<sync_record> &records, u32 room = 1472)
{
    Bytes data(room);
    sync_writer writer{};
    sync_write_begin(&writer, data.data(), room, version, 7);
    for (const auto &rec : records)
        BOOST_REQUIRE(sync_write(&writer, &rec));
    data.resize(writer.len);
    return data;
}

void put(u8 *to, std::string_view digits)
{
    const auto bytes = hex(digits);
    std::memcpy(to, bytes.data(), bytes.size());
}

sync_record tcp4()
{
    sync_record rec{};
    rec.proto = 6;
    rec.state = 1;
    rec.cport = 40000;
    rec.vport = 80;
    rec.dport = 8080;
    rec.timeout = 900;
    put(rec.caddr, "c6336402");
    put(rec.vaddr, "c0000201");
    put(rec.daddr, "0a00000b");
    return rec;
}

sync_record udp6()
{
    sync_record rec{};
    rec.ipv6 = true;
    rec.proto = 17;
    rec.flags = SYNC_DIRECT | SYNC_NO_OUTPUT | SYNC_INACTIVE;
    rec.cport = 40000;
    rec.vport = 53;
    rec.dport = 53;
    rec.fwmark = 5;
    rec.timeout = 300;
    put(rec.caddr, "20010db8000c00000000000000000002");
    put(rec.vaddr, "20010db8000f00000000000000000001");
    put(rec.daddr, "20010db8000000000000000000000011");
    return rec;
}

sync_record sip4()
{
    sync_record rec{};
    rec.proto = 17;
    rec.flags = SYNC_TEMPLATE;
    rec.vport = 5060;
    rec.dport = 5060;
    rec.timeout = 300;
    put(rec.caddr, "c6336400");
    put(rec.vaddr, "c0000201");
    put(rec.daddr, "0a00000b");
    rec.id = "a@b.exmp";
    rec.id_len = 8;
    rec.engine = "sip";
    rec.engine_len = 3;
    return rec;
}

void same(const sync_record &a, const sync_record &b)
{
    BOOST_TEST(a.ipv6 == b.ipv6);
    BOOST_TEST(a.proto == b.proto);
    BOOST_TEST(a.state == b.state);
    BOOST_TEST(a.flags == b.flags);
    BOOST_TEST(a.cport == b.cport);
    BOOST_TEST(a.vport == b.vport);
    BOOST_TEST(a.dport == b.dport);
    BOOST_TEST(a.fwmark == b.fwmark);
    BOOST_TEST(a.timeout == b.timeout);
    BOOST_TEST(std::memcmp(a.caddr, b.caddr, 16) == 0);
    BOOST_TEST(std::memcmp(a.vaddr, b.vaddr, 16) == 0);
    BOOST_TEST(std::memcmp(a.daddr, b.daddr, 16) == 0);
    BOOST_TEST(a.has_seq == b.has_seq);
    BOOST_TEST(a.in.init == b.in.init);
    BOOST_TEST(a.out.previous == b.out.previous);
    BOOST_TEST(a.id_len == b.id_len);
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_sync_msg)

BOOST_AUTO_TEST_CASE(version_1_is_read)
{
    std::vector<sync_record> records;
    BOOST_TEST(check(message1({record4, record6, recordSip, record4}), &records) == SYNC_FINE);
    BOOST_REQUIRE(records.size() == 4u);
    same(records[0], tcp4());
    same(records[1], udp6());
    same(records[2], sip4());
    same(records[3], tcp4());
}

BOOST_AUTO_TEST_CASE(version_1_is_written)
{
    BOOST_TEST(write(1, {tcp4(), udp6(), sip4(), tcp4()}) ==
               message1({record4, record6, recordSip, record4}));
}

BOOST_AUTO_TEST_CASE(version_0_is_read_and_written)
{
    std::vector<sync_record> records;
    const auto message = message0(2, record0 + record0);
    BOOST_TEST(check(message, &records) == SYNC_FINE);
    BOOST_REQUIRE(records.size() == 2u);
    auto want = tcp4();
    want.timeout = 0; // it is not told
    same(records[0], want);
    same(records[1], want);
    BOOST_TEST(write(0, {tcp4(), tcp4()}) == message);
}

BOOST_AUTO_TEST_CASE(sequence_numbers_are_in_network_order_in_version_1)
{
    auto rec = tcp4();
    rec.has_seq = true;
    rec.in = {.init = 0x01020304, .delta = 0xfffffffe, .previous = 3};
    rec.out = {.init = 0x0a0b0c0d, .delta = 5, .previous = 0xfffffff0};
    auto wanted = record4 + hex("01 18 01020304 fffffffe 00000003 0a0b0c0d 00000005 fffffff0");
    wanted[3] = 0x3e;
    BOOST_TEST(write(1, {rec}) == message1({wanted}));
    std::vector<sync_record> records;
    BOOST_TEST(check(message1({wanted}), &records) == SYNC_FINE);
    same(records.at(0), rec);

    // In version 0 they follow where a flag says so, as they were in memory.
    rec.timeout = 0;
    rec.flags = 0x0200;
    records.clear();
    BOOST_TEST(check(write(0, {rec}), &records) == SYNC_FINE);
    same(records.at(0), rec);
}

BOOST_AUTO_TEST_CASE(version_0_cannot_say_everything)
{
    BOOST_TEST(sync_alone(0, std::vector{tcp4()}.data()) == 28u);
    BOOST_TEST(sync_alone(0, std::vector{udp6()}.data()) == 0u);
    BOOST_TEST(sync_alone(0, std::vector{sip4()}.data()) == 0u);
    BOOST_TEST(sync_alone(1, std::vector{udp6()}.data()) == 80u);
    BOOST_TEST(sync_alone(1, std::vector{sip4()}.data()) == 59u);
}

BOOST_AUTO_TEST_CASE(no_more_is_written_than_there_is_room_for)
{
    const auto rec = tcp4();
    for (u32 room = 8; room < 100; room += 4) {
        Bytes data(room);
        sync_writer writer{};
        u32 n = 0;
        sync_write_begin(&writer, data.data(), room, 1, 0);
        while (sync_write(&writer, &rec))
            n++;
        BOOST_TEST(n == (room - 8) / 36);
    }
    // The count is of a byte.
    Bytes data(65532);
    sync_writer writer{};
    u32 n = 0;
    sync_write_begin(&writer, data.data(), 65532, 1, 0);
    while (sync_write(&writer, &rec))
        n++;
    BOOST_TEST(n == 255u);
    data.resize(writer.len);
    std::vector<sync_record> records;
    BOOST_TEST(check(data, &records) == SYNC_FINE);
    BOOST_TEST(records.size() == 255u);
}

BOOST_AUTO_TEST_CASE(lengths_that_lie_are_refused)
{
    const auto good = message1({record4});
    BOOST_TEST(check({}) == SYNC_BAD_SIZE);
    for (std::size_t cut = 0; cut < good.size(); cut++)
        BOOST_TEST(check(Bytes(good.begin(), good.begin() + static_cast<long>(cut))) ==
                   SYNC_BAD_SIZE);
    BOOST_TEST(check(good + hex("00")) == SYNC_BAD_SIZE);
    // Cut, and true about it: the record is not.
    for (std::size_t cut = 8; cut < good.size(); cut++) {
        Bytes message(good.begin(), good.begin() + static_cast<long>(cut));
        message[2] = 0;
        message[3] = static_cast<u8>(cut);
        BOOST_TEST(check(message) == SYNC_BAD_SIZE, cut);
    }
    // More, or fewer, records than there are.
    BOOST_TEST(check(header1(2, 44) + record4) == SYNC_BAD_SIZE);
    BOOST_TEST(check(header1(255, 44) + record4) == SYNC_BAD_SIZE);
    BOOST_TEST(check(header1(0, 44) + record4) == SYNC_BAD_SIZE);
    BOOST_TEST(check(header1(1, 80) + record4 + record4) == SYNC_BAD_SIZE);
    BOOST_TEST(check(message0(2, record0)) == SYNC_BAD_SIZE);
    BOOST_TEST(check(message0(1, record0 + record0)) == SYNC_BAD_SIZE);
    // A record's own size.
    for (const int size : {0, 1, 35, 37, 0x0fff}) {
        auto record = record4;
        record[2] = static_cast<u8>(size >> 8);
        record[3] = static_cast<u8>(size);
        BOOST_TEST(check(message1({record})) == (size < 36 ? SYNC_BAD_RECORD : SYNC_BAD_SIZE));
    }
    auto record = record6;
    record[3] = 71;
    BOOST_TEST(check(message1({record})) == SYNC_BAD_RECORD);
    // Sequence numbers that are not there.
    auto old = record0;
    old[20] = 0x02;
    BOOST_TEST(check(message0(1, old)) == SYNC_BAD_SIZE);
}

BOOST_AUTO_TEST_CASE(kinds_that_are_not_known_are_refused)
{
    auto message = message1({record4});
    message[5] = 2;
    BOOST_TEST(check(message) == SYNC_BAD_VERSION);
    message[5] = 1;
    message[7] = 1;
    BOOST_TEST(check(message) == SYNC_BAD_VERSION);
    for (const int type : {2, 3, 128, 255}) {
        auto record = record4;
        record[0] = static_cast<u8>(type);
        BOOST_TEST(check(message1({record})) == SYNC_BAD_RECORD);
    }
    auto record = record4;
    record[2] = 0x10; // the record's version
    BOOST_TEST(check(message1({record})) == SYNC_BAD_RECORD);
}

BOOST_AUTO_TEST_CASE(options_that_lie_are_refused)
{
    const auto with = [](std::string_view options) {
        auto record = record4 + hex(options);
        record[2] = static_cast<u8>(record.size() >> 8);
        record[3] = static_cast<u8>(record.size());
        return check(message1({record}));
    };
    const std::string seq = "01 18" + std::string(48, '0');
    BOOST_TEST(with(seq) == SYNC_FINE);
    BOOST_TEST(with(seq + seq) == SYNC_BAD_OPTION);
    BOOST_TEST(with("01 17" + std::string(46, '0')) == SYNC_BAD_OPTION);
    BOOST_TEST(with("02") == SYNC_BAD_OPTION);
    BOOST_TEST(with("02 00") == SYNC_BAD_OPTION);
    BOOST_TEST(with("02 02 61") == SYNC_BAD_OPTION);
    BOOST_TEST(with("02 01 61 02 01 61") == SYNC_BAD_OPTION);
    BOOST_TEST(with("02 ff" + std::string(510, '1')) == SYNC_FINE);
    BOOST_TEST(with("03 10" + std::string(32, '1')) == SYNC_FINE);
    BOOST_TEST(with("03 11" + std::string(34, '1')) == SYNC_BAD_OPTION);
    BOOST_TEST(with("03 01 61 03 01 61") == SYNC_BAD_OPTION);
    // Unknown, and whether it matters.
    BOOST_TEST(with("04 01 00") == SYNC_BAD_OPTION);
    BOOST_TEST(with("44 01 00") == SYNC_FINE);
    BOOST_TEST(with("44 00") == SYNC_BAD_OPTION);
    BOOST_TEST(with("41 18" + std::string(48, '0') + seq) == SYNC_BAD_OPTION);
}

BOOST_AUTO_TEST_CASE(the_longest_record_fits)
{
    auto rec = udp6();
    const std::string id(255, 'x'), engine(16, 'e');
    rec.has_seq = true;
    rec.id = id.data();
    rec.id_len = 255;
    rec.engine = engine.data();
    rec.engine_len = 16;
    BOOST_TEST(sync_alone(1, &rec) == 8u + 72 + 26 + 257 + 18);
    std::vector<sync_record> records;
    BOOST_TEST(check(write(1, {rec, rec, rec}), &records) == SYNC_FINE);
    BOOST_TEST(records.size() == 3u);
}

BOOST_AUTO_TEST_CASE(whatever_comes_nothing_beyond_it_is_read)
{
    std::mt19937 random(20261122);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::array<Bytes, 4> good{message1({record4, record6, recordSip}),
                                    message1({recordSip, recordSip}),
                                    message0(3, record0 + record0 + record0), message1({record6})};
    std::size_t fine = 0;

    for (int round = 0; round < 200000; round++) {
        Bytes message = good.at(below(good.size()));
        for (auto changes = below(4); changes > 0; changes--) {
            switch (below(4)) {
            case 0:
                message[below(message.size())] = static_cast<u8>(random());
                break;
            case 1:
                message[below(message.size())] ^= static_cast<u8>(1U << below(8));
                break;
            case 2:
                message.resize(1 + below(message.size()));
                break;
            case 3:
                message.insert(message.begin() + static_cast<long>(below(message.size())),
                               static_cast<u8>(random()));
                break;
            }
        }
        // A true length lets more of them in.
        if (below(4) != 0 && message.size() >= 4) {
            message[2] = static_cast<u8>(message.size() >> 8);
            message[3] = static_cast<u8>(message.size());
        }
        fine += check(message) == SYNC_FINE;
    }
    BOOST_TEST(fine > 20000u);
    BOOST_TEST(fine < 190000u);
}

BOOST_AUTO_TEST_SUITE_END()
