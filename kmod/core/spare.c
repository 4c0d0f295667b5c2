// SPDX-License-Identifier: GPL-2.0
/* A lock-free count of those who have room to spare. See spare.h.
 *
 * Why the total is right: it is changed by the difference that each exchange
 * of a flag made, so it is the sum of the flags when everybody is done.
 *
 * Why a flag is right: whoever changed it reads the load once more, behind the
 * full barrier that an exchange is. Take the last one to exchange it, and the last
 * one to change the load, who reads the flag behind a full barrier as well. One of
 * the two sees what the other wrote, and would exchange the flag if it was wrong.
 * A repetition means that the load changed again meanwhile.
 */
#include "spare.h"

#ifndef __KERNEL__
void (*spare_pause)(void);
#endif

void spare_update(struct spare_count *spare, u32 i, const struct least_leaf *leaf)
{
	int has, had;

	while ((has = spare_has(least_read(leaf->load), leaf->weight)) !=
	       spare_read(&spare->has[i])) {
		had = spare_swap(&spare->has[i], has);
		if (had != has)
			spare_add(&spare->total, has - had);
	}
}
