/* SPDX-License-Identifier: GPL-2.0 */
/* Destinations by weight, for the schedulers that prefer one to all others. */
#ifndef LB_CORE_RANKING_H
#define LB_CORE_RANKING_H

#include "types.h"

/**
 * struct ranking_place - a place in the ranking
 * @weight: 1 or more
 * @who: index of the destination
 */
struct ranking_place {
	u32 weight;
	u32 who;
};

/* For sort(): the heaviest first, of equals the one with the lower index. */
int ranking_compare(const void *a, const void *b);

/* As ip_vs's ovf: it takes connections until it has more than its weight. */
static inline bool ranking_overflows(u32 active, u32 weight)
{
	return active > weight;
}

#endif /* LB_CORE_RANKING_H */
