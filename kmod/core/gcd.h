/* SPDX-License-Identifier: GPL-2.0 */
/* The greatest common divisor of weights; of 0 and a weight it is the weight. */
#ifndef LB_CORE_GCD_H
#define LB_CORE_GCD_H

#include "types.h"

static inline u32 core_gcd(u32 a, u32 b)
{
	while (b) {
		u32 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

#endif /* LB_CORE_GCD_H */
