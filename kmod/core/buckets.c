// SPDX-License-Identifier: GPL-2.0
/* Buckets of a hash table. See buckets.h. */
#include "buckets.h"

void buckets_deal(u32 *owner, const u32 *share, u32 n)
{
	u32 i, who = 0, dealt = 0;

	for (i = 0; i < BUCKETS; i++) {
		owner[i] = who;
		if (++dealt < share[who])
			continue;
		dealt = 0;
		if (++who == n)
			who = 0;
	}
}
