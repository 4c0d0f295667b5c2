/* SPDX-License-Identifier: GPL-2.0 */
/* A random choice in proportion to weights, in ip_vs's way: for twos. */
#ifndef LB_CORE_TWOS_H
#define LB_CORE_TWOS_H

#include "types.h"

/**
 * twos_draw - the candidate that a random number stands for
 * @sum: of each candidate's weight and those before it
 * @n: candidates, 1 or more
 * @random: 0 to @sum[@n - 1]: there is one number more than weights, and it is
 *	the first candidate's, as in ip_vs
 *
 * Return: the first one whose sum is not less, in O(log n).
 */
u32 twos_draw(const u64 *sum, u32 n, u64 random);

#endif /* LB_CORE_TWOS_H */
