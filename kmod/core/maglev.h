/* SPDX-License-Identifier: GPL-2.0 */
/* Maglev hashing: a table of slots, nearly all of which keep their owner when
 * another owner comes or goes. Eisenbud et al., "Maglev: A Fast and Reliable
 * Software Network Load Balancer", NSDI 2016, 3.4; weights as in ip_vs.
 *
 * Every owner prefers the slots in an order of its own, a permutation: from
 * @next on in steps of @skip. They take turns; whose turn it is takes the first
 * slot of its order that is free. Hashing is the caller's.
 */
#ifndef LB_CORE_MAGLEV_H
#define LB_CORE_MAGLEV_H

#include "types.h"

/* Nobody's; only without owners. */
#define MAGLEV_FREE	((u32)-1)

/**
 * struct maglev_node - an owner of slots
 * @owner: what to write into its slots; not MAGLEV_FREE
 * @weight: 1 or more
 * @turns: slots that it takes in a row when it is its turn; maglev_weigh()
 * @next: slot to try first; maglev_fill() moves it on
 * @skip: 1 or more and less than the number of slots
 */
struct maglev_node {
	u32 owner;
	u32 weight;
	u32 turns;
	u32 next;
	u32 skip;
};

/* Places a node's permutation among @slots, by two independent hashes of what
 * it is called.
 */
void maglev_place(struct maglev_node *node, u32 slots, u32 hash1, u32 hash2);

/* Derives turns from weights: without their common divisor, and, as far as the
 * largest has more than @bits bits, without its lowest bits; 1 at least.
 */
void maglev_weigh(struct maglev_node *node, u32 nodes, u32 bits);

/**
 * maglev_fill - give every slot an owner
 * @slot: the table, written
 * @slots: a prime, so that every @skip leads through all slots
 * @node: placed and weighed, in the order of their turns
 * @nodes: how many; those behind the first @slots get none
 *
 * Takes about slots * log(slots) steps.
 */
void maglev_fill(u32 *slot, u32 slots, struct maglev_node *node, u32 nodes);

#endif /* LB_CORE_MAGLEV_H */
