// SPDX-License-Identifier: GPL-2.0
/* A pool's tournament for the least load: built with the pool, told of every
 * change of a load, asked for the winner. Its rules are in core/least.c.
 */
#include "least.h"

#include <linux/slab.h>

#include "../dest.h"
#include "../service.h"

int lb_least_build_with(struct lb_pool *pool, enum least_metric metric, bool weighted,
			size_t size)
{
	struct least_tree *tree;
	u32 i;

	tree = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!tree)
		return -ENOMEM;

	least_begin(tree, pool->n_usable, metric);
	for (i = 0; i < pool->n_usable; i++) {
		tree->leaf[i].load = &pool->usable[i].dest->load;
		tree->leaf[i].weight = weighted ? pool->usable[i].weight : 1;
	}
	least_refresh(tree);
	pool->sched_data = tree;
	return 0;
}

int lb_least_build(struct lb_pool *pool, enum least_metric metric, bool weighted)
{
	return lb_least_build_with(pool, metric, weighted, least_size(pool->n_usable));
}

const struct lb_pool_entry *lb_least_pick(struct lb_service *svc, struct lb_pool *pool,
					  const struct lb_ctx *ctx)
{
	const struct least_tree *tree = pool->sched_data;
	const struct lb_pool_entry *entry = &pool->usable[least_pick(tree)];

	if (!lb_pool_entry_full(pool, entry))
		return entry;
	/* All are, or this one is since just now. */
	entry = &pool->usable[least_scan(tree)];
	return lb_pool_entry_full(pool, entry) ? NULL : entry;
}

/* Loads that changed since lb_least_build() were told to the pool before, so
 * all are looked at once more. Nothing falls between: an updater writes the
 * load and then, behind a full barrier, reads which pool there is and where in
 * it the destination is; the publisher writes both and then, behind a full
 * barrier (commit.c), reads the loads here. One of the two sees the other.
 */
void lb_least_carry(struct lb_service *svc, const struct lb_pool *old,
		    const struct lb_pool *pool)
{
	least_refresh(pool->sched_data);
}

u32 lb_least_place(const struct lb_pool *pool, const struct lb_dest *dest)
{
	u32 i = READ_ONCE(dest->place);

	if (i == LB_DEST_UNUSABLE || (i < pool->n_usable && pool->usable[i].dest == dest))
		return i;
	/* @pool is being replaced, or has just been published. */
	for (i = 0; i < pool->n_usable; i++) {
		if (pool->usable[i].dest == dest)
			return i;
	}
	return LB_DEST_UNUSABLE;
}

void lb_least_load_changed(struct lb_pool *pool, const struct lb_dest *dest)
{
	struct least_tree *tree = pool->sched_data;
	u32 i;

	if (!tree->leaves)
		return;
	i = lb_least_place(pool, dest);
	if (i != LB_DEST_UNUSABLE)
		least_update(tree, i);
}
