/* SPDX-License-Identifier: GPL-2.0 */
/* Where an option stands among a TCP header's. */
#ifndef LB_CORE_TCP_OPTIONS_H
#define LB_CORE_TCP_OPTIONS_H

#include "types.h"

/**
 * tcp_find_mss - the value of the maximum segment size option (RFC 9293, 3.2)
 * @options: what follows the fixed part of a TCP header
 * @len: bytes there
 *
 * Return: offset of its two bytes in @options; -1 when there is none, or when an
 * option before it has an impossible length.
 */
int tcp_find_mss(const u8 *options, u32 len);

/* Bytes of a block: where it begins and where it ends. */
#define TCP_SACK_BLOCK	8

/**
 * tcp_find_sack - the blocks of the selective acknowledgment option (RFC 2018, 3)
 * @options: what follows the fixed part of a TCP header
 * @len: bytes there
 * @at: offset of the first block in @options, at any alignment
 * @blocks: how many are there, all of them within @len
 *
 * Return: false when there are none.
 */
bool tcp_find_sack(const u8 *options, u32 len, u32 *at, u32 *blocks);

#endif /* LB_CORE_TCP_OPTIONS_H */
