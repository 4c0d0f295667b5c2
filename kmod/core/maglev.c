// SPDX-License-Identifier: GPL-2.0
/* Maglev hashing. See maglev.h. */
#include "maglev.h"

#include "gcd.h"

void maglev_place(struct maglev_node *node, u32 slots, u32 hash1, u32 hash2)
{
	node->next = hash1 % slots;
	node->skip = hash2 % (slots - 1) + 1;
}

void maglev_weigh(struct maglev_node *node, u32 nodes, u32 bits)
{
	u32 i, most = 0, gcd = 0, shift = 0;

	for (i = 0; i < nodes; i++) {
		gcd = core_gcd(node[i].weight, gcd);
		if (node[i].weight > most)
			most = node[i].weight;
	}
	if (!gcd)
		return;

	while (most / gcd >> shift >> bits)
		shift++;
	for (i = 0; i < nodes; i++) {
		node[i].turns = node[i].weight / gcd >> shift;
		if (!node[i].turns)
			node[i].turns = 1;
	}
}

static void maglev_take(u32 *slot, u32 slots, struct maglev_node *node)
{
	while (slot[node->next] != MAGLEV_FREE) {
		node->next += node->skip;
		if (node->next >= slots)
			node->next -= slots;
	}
	slot[node->next] = node->owner;
}

void maglev_fill(u32 *slot, u32 slots, struct maglev_node *node, u32 nodes)
{
	u32 i, turn, taken = 0;

	for (i = 0; i < slots; i++)
		slot[i] = MAGLEV_FREE;
	if (!nodes)
		return;

	for (i = 0;; i = i + 1 < nodes ? i + 1 : 0) {
		for (turn = 0; turn < node[i].turns; turn++) {
			maglev_take(slot, slots, &node[i]);
			if (++taken == slots)
				return;
		}
	}
}
