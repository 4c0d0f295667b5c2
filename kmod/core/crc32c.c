// SPDX-License-Identifier: GPL-2.0
/* A CRC is linear: the CRC of two messages of one length, added (exclusive or),
 * is that of their sum but for a constant. So what a change of the first bytes
 * does to it does not depend on the bytes behind them, only on their number: it is
 * the change, as a polynomial, times x to the power of the bits that it stands in
 * front of, modulo the CRC's polynomial.
 */
#include "crc32c.h"

/* Castagnoli's; bit 31 is the coefficient of x^0, as everywhere here. */
#define CRC32C_POLYNOMIAL	0x82f63b78

#define CRC32C_POWERS		17

/* x^(8 * 2^i) modulo the polynomial. */
static const u32 crc32c_power[CRC32C_POWERS] = {
	0x00800000, 0x00008000, 0x82f63b78, 0x6ea2d55c,
	0x18b8ea18, 0x510ac59a, 0xb82be955, 0xb8fdb1e7,
	0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a,
	0x35d73a62, 0x28461564, 0xbf455269, 0xe2ea32dc,
	0xfe7740e6,
};

static u32 crc32c_multiply(u32 a, u32 b)
{
	u32 product = 0;

	for (; a; a <<= 1) {
		if (a & 0x80000000)
			product ^= b;
		b = (b >> 1) ^ (b & 1 ? CRC32C_POLYNOMIAL : 0);
	}
	return product;
}

u32 crc32c_change(u32 change, u32 len)
{
	u32 i;

	for (i = 0; i < CRC32C_POWERS; i++)
		if (len >> i & 1)
			change = crc32c_multiply(change, crc32c_power[i]);
	return change;
}
