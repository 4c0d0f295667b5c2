/* SPDX-License-Identifier: GPL-2.0 */
/* Slow start: a destination that comes up gets its share of new connections in
 * steps, from 1/16 of its weight to all of it. Time goes in as a number.
 *
 * Weights are whole numbers, and a pool's are often small; while one of them
 * grows all are multiplied by one factor, so that there is something between 0
 * and 1. Only shares matter to who uses them so.
 */
#ifndef LB_CORE_SLOW_START_H
#define LB_CORE_SLOW_START_H

#include "types.h"

#define SLOW_START_STEPS	16

/**
 * slow_start_step - how far it has come
 * @elapsed: time since it came up, up to 2^27
 * @duration: time to grow in, in the same unit, 1 or more
 *
 * Return: sixteenths of its weight, 1 to SLOW_START_STEPS.
 */
u32 slow_start_step(u32 elapsed, u32 duration);

/* Time until slow_start_step() is another one, 1 or more; for a step below the
 * last.
 */
u32 slow_start_wait(u32 elapsed, u32 duration);

/* What all weights are multiplied by, up to SLOW_START_STEPS: none exceeds @max. */
u32 slow_start_factor(u32 heaviest, u32 max);

/* @step sixteenths of @weight times @factor, rounded up. */
u32 slow_start_weight(u32 weight, u32 factor, u32 step);

#endif /* LB_CORE_SLOW_START_H */
