// SPDX-License-Identifier: GPL-2.0
/* Random choice by the alias method. See alias.h. */
#include "alias.h"

/* @part / @whole in units of 2^-32; @part is less than @whole, which has 48 bits
 * at most. Digit by digit, as there is no 96-bit division.
 */
static u32 alias_fraction(u64 part, u64 whole)
{
	u32 fraction = 0;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		part *= 2;
		fraction *= 2;
		if (part >= whole) {
			part -= whole;
			fraction++;
		}
	}
	return fraction;
}

/* The first from @i on that has a column's height or more; @n for none. */
static u32 alias_large(const u64 *weight, u32 n, u64 height, u32 i)
{
	while (i < n && weight[i] < height)
		i++;
	return i;
}

/* Weights times @n are heights, and all weights are the height of a column. Who
 * has less than a column is filled up by one who has more, whose rest may then
 * be less than a column in turn; if it stands before the search for such, it is
 * seen to at once. So one pass does it.
 */
void alias_fill(struct alias_column *column, u64 *weight, u32 n)
{
	u32 i, small, large;
	u64 height = 0;

	for (i = 0; i < n; i++)
		height += weight[i];
	for (i = 0; i < n; i++) {
		weight[i] *= n;
		column[i].own = (u32)-1;
		column[i].alias = i;
	}

	large = alias_large(weight, n, height, 0);
	for (i = 0; i < n; i++) {
		small = i;
		while (small <= i && weight[small] < height && large < n) {
			column[small].own = alias_fraction(weight[small], height);
			column[small].alias = large;
			weight[large] -= height - weight[small];
			if (weight[large] >= height)
				break;
			small = large;
			large = alias_large(weight, n, height, large + 1);
		}
	}
}
