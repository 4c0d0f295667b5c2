// SPDX-License-Identifier: GPL-2.0
/* A lock-free tournament for the least load. See least.h.
 *
 * A match (node) remembers who won it; loads are read when it is played, never
 * copied. When a load changes, the matches that its candidate takes part in
 * are played again, from the first one to the final.
 *
 * Why nothing is missed when many do so at once. Playing is: read the node,
 * then the contestants, then replace the node by compare-and-swap; the count
 * in it changes each time, so this fails when somebody else played in between,
 * and is then repeated. (That is lock-free: a repetition means that another
 * one succeeded.) An updater's changes, to its load or to the match below, come
 * before its own successful play. So the last one to play a match has read what
 * the one before it wrote, which orders every earlier updater's changes before
 * its own reading of the contestants: the last result takes all of them into
 * account. Read-acquire and a fully ordered swap suffice for that.
 *
 * Why one may stop before the final. A match depends on who its contestants
 * are and on their loads. If the winner of a match stays the same, and it is
 * not the candidate whose load changed, neither has changed for the match
 * above. Whoever changes a winner goes on, and so does an updater whose
 * candidate won; so after the last change of either, the match above is
 * played. The tournament is exact when nobody is on his way up in it.
 */
#include "least.h"

#define LEAST_NOBODY	((u32)-1)

#ifndef __KERNEL__
void (*least_pause)(void);
#endif

/* Tournament nodes are words of 8 bytes behind the leaves, which are aligned
 * to pointers: on 32 bits that takes a gap.
 */
static size_t least_nodes_offset(u32 n)
{
	size_t end = sizeof(struct least_tree) + n * sizeof(struct least_leaf);

	return (end + sizeof(least_word) - 1) / sizeof(least_word) * sizeof(least_word);
}

static u32 least_leaves(u32 n)
{
	u32 leaves = 1;

	if (n <= LEAST_SCAN_MAX)
		return 0;
	while (leaves < n)
		leaves *= 2;
	return leaves;
}

size_t least_size(u32 n)
{
	return least_nodes_offset(n) + least_leaves(n) * sizeof(least_word);
}

void least_begin(struct least_tree *tree, u32 n, enum least_metric metric)
{
	u32 i;

	tree->n = n;
	tree->leaves = least_leaves(n);
	tree->metric = metric;
	tree->node = (least_word *)((char *)tree + least_nodes_offset(n));
	for (i = 0; i < tree->leaves; i++)
		least_set(&tree->node[i], LEAST_NOBODY);
}

/* Who comes out of node @i; a candidate when @i is behind the nodes. */
static u32 least_winner(const struct least_tree *tree, u32 i)
{
	if (i < tree->leaves)
		return (u32)least_read_acquire(&tree->node[i]);
	i -= tree->leaves;
	return i < tree->n ? i : LEAST_NOBODY;
}

/* @a comes before @b, so it needs no more than a draw. */
static __always_inline u32 least_match(const struct least_tree *tree, u32 a, u32 b,
				       enum least_metric metric)
{
	u64 load_a, load_b;

	/* What is missing is missing at the end. */
	if (b == LEAST_NOBODY)
		return a;
	if (a == LEAST_NOBODY)
		return b;
	load_a = least_read(tree->leaf[a].load);
	load_b = least_read(tree->leaf[b].load);
	if ((load_a | load_b) & LEAST_BARRED)
		return load_b & LEAST_BARRED ? a : b;
	return least_better(least_cost(load_a, metric), tree->leaf[a].weight,
			    least_cost(load_b, metric), tree->leaf[b].weight) ? b : a;
}

/* Plays match @i; whether its winner is another one than before. Inlined, because
 * a quarter of what a match costs would be calling this.
 */
static __always_inline bool least_play(struct least_tree *tree, u32 i, u32 *winner,
				       enum least_metric metric)
{
	u64 old, new;

	do {
		old = least_read_acquire(&tree->node[i]);
		*winner = least_match(tree, least_winner(tree, 2 * i),
				      least_winner(tree, 2 * i + 1), metric);
		/* The count goes up by one, the rest becomes the winner. */
		new = (old | (u32)-1) + 1 + *winner;
	} while (!least_swap(&tree->node[i], &old, new));
	return (u32)old != *winner;
}

void least_refresh(struct least_tree *tree)
{
	u32 i, winner;

	for (i = tree->leaves; i-- > 1; )
		least_play(tree, i, &winner, tree->metric);
}

static __always_inline void least_climb(struct least_tree *tree, u32 i, enum least_metric metric)
{
	u32 node, winner;

	for (node = (tree->leaves + i) / 2; node; node /= 2) {
		if (!least_play(tree, node, &winner, metric) && winner != i)
			return;
	}
}

/* A climb for each metric, which is a constant in it: matches are all there is
 * to it, and should ask for nothing that is known. Apart from the commonest, so
 * that it has all registers.
 */
static noinline void least_climb_other(struct least_tree *tree, u32 i)
{
	if (tree->metric == LEAST_DELAY)
		least_climb(tree, i, LEAST_DELAY);
	else
		least_climb(tree, i, LEAST_IDLE);
}

void least_update(struct least_tree *tree, u32 i)
{
	if (!tree->leaves)
		return;
	if (tree->metric == LEAST_OVERHEAD)
		least_climb(tree, i, LEAST_OVERHEAD);
	else
		least_climb_other(tree, i);
}

static __always_inline u32 least_scan_by(const struct least_tree *tree, enum least_metric metric)
{
	u64 load, cost, least;
	u32 i, best = 0;

	load = least_read(tree->leaf[0].load);
	while (load & LEAST_BARRED) {
		if (++best == tree->n)
			return 0;
		load = least_read(tree->leaf[best].load);
	}
	least = least_cost(load, metric);
	for (i = best + 1; i < tree->n; i++) {
		load = least_read(tree->leaf[i].load);
		if (load & LEAST_BARRED)
			continue;
		cost = least_cost(load, metric);
		if (!least_better(least, tree->leaf[best].weight, cost, tree->leaf[i].weight))
			continue;
		best = i;
		least = cost;
	}
	return best;
}

static noinline u32 least_scan_other(const struct least_tree *tree)
{
	if (tree->metric == LEAST_DELAY)
		return least_scan_by(tree, LEAST_DELAY);
	return least_scan_by(tree, LEAST_IDLE);
}

u32 least_scan(const struct least_tree *tree)
{
	if (tree->metric == LEAST_OVERHEAD)
		return least_scan_by(tree, LEAST_OVERHEAD);
	return least_scan_other(tree);
}

u32 least_pick(const struct least_tree *tree)
{
	if (!tree->leaves)
		return least_scan(tree);
	return (u32)least_read(&tree->node[1]);
}
