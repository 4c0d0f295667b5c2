// SPDX-License-Identifier: GPL-2.0
/* Destinations by weight. See ranking.h. */
#include "ranking.h"

int ranking_compare(const void *a, const void *b)
{
	const struct ranking_place *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->who < y->who ? -1 : x->who > y->who;
}
