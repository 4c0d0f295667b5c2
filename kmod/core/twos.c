// SPDX-License-Identifier: GPL-2.0
/* Random choice by sums of weights. See twos.h. */
#include "twos.h"

u32 twos_draw(const u64 *sum, u32 n, u64 random)
{
	u32 low = 0, high = n - 1;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (sum[middle] < random)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
