// SPDX-License-Identifier: GPL-2.0
/* Interleaved weighted round robin. See wrr.h. */
#include "wrr.h"

#include "gcd.h"

static u32 wrr_round_up(u32 n)
{
	u32 leaves = 1;

	while (leaves < n)
		leaves *= 2;
	return leaves;
}

size_t wrr_table_size(u32 n)
{
	return sizeof(struct wrr_table) + 2 * (size_t)wrr_round_up(n) * sizeof(u32);
}

void wrr_table_begin(struct wrr_table *table, u32 n)
{
	u32 i;

	table->n = n;
	table->leaves = wrr_round_up(n);
	table->top = 0;
	table->step = 1;
	for (i = 0; i < 2 * table->leaves; i++)
		table->max[i] = 0;
}

void wrr_table_finish(struct wrr_table *table)
{
	u32 *max = table->max;
	u32 i, step = 0;

	for (i = 0; i < table->n; i++)
		step = core_gcd(*wrr_weight(table, i), step);
	for (i = table->leaves - 1; i > 0; i--)
		max[i] = max[2 * i] > max[2 * i + 1] ? max[2 * i] : max[2 * i + 1];

	table->step = step ? step : 1;
	table->top = max[1] - (max[1] ? table->step - 1 : 0);
}

/* The first destination from @from on with a weight of at least @weight;
 * table->n when there is none.
 */
static u32 wrr_search(const struct wrr_table *table, u32 from, u32 weight)
{
	u32 i = table->leaves + from;

	if (from >= table->n)
		return table->n;
	if (table->max[i] >= weight)
		return from;

	/* Up, until a subtree to the right holds one ... */
	while ((i & 1) || table->max[i + 1] < weight) {
		i /= 2;
		if (i <= 1)
			return table->n;
	}
	/* ... and down to its first. */
	for (i++; i < table->leaves; ) {
		i *= 2;
		if (table->max[i] < weight)
			i++;
	}
	return i - table->leaves;
}

u32 wrr_next(const struct wrr_table *table, struct wrr_place *place)
{
	u32 pass = place->pass;
	u32 choice;

	if (pass == 0 || pass > table->top)
		pass = table->top;

	choice = wrr_search(table, place->next, pass);
	if (choice == table->n) {
		/* The next pass. It finds one, as none asks for more than the
		 * highest weight.
		 */
		pass = pass > table->step ? pass - table->step : table->top;
		choice = wrr_search(table, 0, pass);
	}
	place->next = choice + 1;
	place->pass = pass;
	return choice;
}

/* Where ip_vs's search stands that has found nobody: it ends with the last pass
 * when it began in one, behind the same destination; else at the start.
 */
static struct wrr_place wrr_place_nobody(const struct wrr_table *table, struct wrr_place place)
{
	if (place.next && place.pass <= table->step)
		return (struct wrr_place){ .next = place.next, .pass = 1 };
	return wrr_start(table);
}

u32 wrr_next_open(const struct wrr_table *table, struct wrr_place *place,
		  bool (*closed)(const void *context, u32 i), const void *context)
{
	const u32 *weight = &table->max[table->leaves];
	struct wrr_place from = *place;
	u32 i, pass, choice, heaviest = 0;

	if (from.pass == 0 || from.pass > table->top)
		from.pass = table->top;
	choice = wrr_next(table, place);
	if (!closed(context, choice))
		return choice;

	/* The rest of this pass. */
	for (i = place->next; i < table->n; i++) {
		if (weight[i] >= place->pass && !closed(context, i)) {
			place->next = i + 1;
			return i;
		}
	}

	/* The next one that has somebody: those in between ask for more than the
	 * heaviest that is open has.
	 */
	for (i = 0; i < table->n; i++) {
		if (weight[i] > heaviest && !closed(context, i))
			heaviest = weight[i];
	}
	if (!heaviest) {
		*place = wrr_place_nobody(table, from);
		return table->n;
	}
	pass = place->pass > table->step ? place->pass - table->step : table->top;
	if (pass > heaviest)
		pass = heaviest - (table->step - 1);
	for (i = 0; i < table->n; i++) {
		if (weight[i] >= pass && !closed(context, i))
			break;
	}
	/* Whoever was open just now may be closed by now. */
	place->next = i < table->n ? i + 1 : 0;
	place->pass = pass;
	return i;
}

struct wrr_place wrr_start(const struct wrr_table *table)
{
	return (struct wrr_place){ .next = 0, .pass = table->top };
}

struct wrr_place wrr_change(struct wrr_place place, const struct wrr_table *table)
{
	/* An empty pool becomes usable by its first destination. For that alone
	 * first and last pass are one, 1, and those that follow do not raise it.
	 */
	if (!place.pass && table->top)
		place.pass = 1;
	else if (place.pass > table->top)
		place.pass = table->top;
	else if (table->step > 1)
		place.pass = place.pass / table->step * table->step + 1;
	place.next = 0;
	return place;
}
