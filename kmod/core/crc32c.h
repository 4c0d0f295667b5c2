/* SPDX-License-Identifier: GPL-2.0 */
/* CRC32c of a message of which only the first bytes change: what the change does
 * to it, without looking at the rest. So a packet that came damaged leaves damaged.
 */
#ifndef LB_CORE_CRC32C_H
#define LB_CORE_CRC32C_H

#include "types.h"

/**
 * crc32c_change - what a changed beginning does to a CRC
 * @change: the first four bytes before and after, exclusive or, as a little endian
 *	number
 * @len: of the whole message, these bytes included; 4 to 131071
 *
 * Return: what to add (exclusive or) to the CRC, which is a little endian number
 * in an SCTP packet.
 */
u32 crc32c_change(u32 change, u32 len);

#endif /* LB_CORE_CRC32C_H */
