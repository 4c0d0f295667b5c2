/* SPDX-License-Identifier: GPL-2.0 */
/* Interleaved weighted round robin, as LVS describes it: pass after pass over
 * the pool, each taking the destinations whose weight is at least the pass's;
 * a pass asks for one step less than the one before, the step being the
 * greatest common divisor of all weights, and after the lowest comes the
 * highest again.
 *
 * Pure: the position is a value that goes in and comes out, the table is
 * constant once finished. Which position a change of the pool leads to is
 * decided here, too; keeping it is the caller's.
 */
#ifndef LB_CORE_WRR_H
#define LB_CORE_WRR_H

#include "types.h"

/**
 * struct wrr_table - a pool's weights, searchable
 * @n: destinations
 * @leaves: @n rounded up to a power of two
 * @top: what the first pass asks for: the highest weight less (@step - 1), so
 *	that the last pass asks for 1. 0 when there are no destinations.
 * @step: greatest common divisor of the weights
 * @max: a tree of maxima: the weights are at [@leaves..@leaves + @n), and
 *	[i] is the larger one of [2i] and [2i + 1]; the root is at [1]
 */
struct wrr_table {
	u32 n;
	u32 leaves;
	u32 top;
	u32 step;
	u32 max[];
};

/**
 * struct wrr_place - where the round robin stands
 * @next: index of the destination to look at first
 * @pass: weight that the current pass asks for, 1..top
 */
struct wrr_place {
	u32 next;
	u32 pass;
};

/* Bytes of a table for @n destinations. */
size_t wrr_table_size(u32 n);

/* Makes a table of @n destinations without weights; the caller then writes
 * each (1 or more) through wrr_weight() and finishes the table.
 */
void wrr_table_begin(struct wrr_table *table, u32 n);
void wrr_table_finish(struct wrr_table *table);

static inline u32 *wrr_weight(struct wrr_table *table, u32 i)
{
	return &table->max[table->leaves + i];
}

/**
 * wrr_next - whose turn it is
 * @table: finished, of at least one destination
 * @place: moved on; one that does not fit the table is taken for the nearest
 *	that does
 *
 * Return: index of the destination. At most two searches, O(log n) each.
 */
u32 wrr_next(const struct wrr_table *table, struct wrr_place *place);

/**
 * wrr_next_open - whose turn it is, when some are to be passed by
 * @table: finished, of at least one destination
 * @place: moved on, also when there is nobody; then as in ip_vs
 * @closed: is the destination with that index to be passed by?
 * @context: for @closed
 *
 * Return: index of the destination, or table->n when all are to be passed by.
 * O(log n) while it is nobody's turn who is closed, else O(n), however far apart
 * the weights are.
 */
u32 wrr_next_open(const struct wrr_table *table, struct wrr_place *place,
		  bool (*closed)(const void *context, u32 i), const void *context);

/* The place in a service that has just got this scheduler. */
struct wrr_place wrr_start(const struct wrr_table *table);

/**
 * wrr_change - the place after the pool changed
 * @place: in the pool before
 * @table: of the pool that is
 *
 * A traversal starts anew, with the same pass where there still is one; from
 * an empty pool (pass 0) it starts with the last pass, as ip_vs.
 */
struct wrr_place wrr_change(struct wrr_place place, const struct wrr_table *table);

#endif /* LB_CORE_WRR_H */
