/* SPDX-License-Identifier: GPL-2.0 */
/* A random choice in proportion to weights that costs the same for any number:
 * the alias method (Walker, "An Efficient Method for Generating Discrete Random
 * Variables with General Distributions", 1977).
 *
 * Imagine as many columns as there are candidates, all of the same height; each
 * holds one candidate and, above it, at most one other, so that each candidate
 * has as much of all columns as its weight is of all weights. A random column,
 * and a random height in it, is the choice.
 */
#ifndef LB_CORE_ALIAS_H
#define LB_CORE_ALIAS_H

#include "types.h"

/**
 * struct alias_column - column i, whose lower part is candidate i's
 * @own: height of that part, of 2^32; where it is all of the column, the
 *	alias is i as well
 * @alias: whose the upper part is
 */
struct alias_column {
	u32 own;
	u32 alias;
};

/**
 * alias_fill - make the table
 * @column: @n of them, written
 * @weight: of each candidate, 1 or more; overwritten
 * @n: 1 or more
 *
 * A candidate's part of the whole is right to @n / 2^32 of a column.
 */
void alias_fill(struct alias_column *column, u64 *weight, u32 n);

/* The candidate that @random, 64 random bits, stands for. */
static inline u32 alias_draw(const struct alias_column *column, u32 n, u64 random)
{
	u32 i = (u32)((random >> 32) * n >> 32);

	return (u32)random < column[i].own ? i : column[i].alias;
}

#endif /* LB_CORE_ALIAS_H */
