// SPDX-License-Identifier: GPL-2.0
/* Shares that grow. See slow_start.h. */
#include "slow_start.h"

u32 slow_start_step(u32 elapsed, u32 duration)
{
	u32 step;

	if (elapsed >= duration)
		return SLOW_START_STEPS;
	step = elapsed * SLOW_START_STEPS / duration;
	return step ? step : 1;
}

u32 slow_start_wait(u32 elapsed, u32 duration)
{
	u32 next = slow_start_step(elapsed, duration) + 1;

	/* The first time at which @next sixteenths have passed. */
	return (next * duration + SLOW_START_STEPS - 1) / SLOW_START_STEPS - elapsed;
}

u32 slow_start_factor(u32 heaviest, u32 max)
{
	u32 most = max / heaviest;

	return most < SLOW_START_STEPS ? most : SLOW_START_STEPS;
}

u32 slow_start_weight(u32 weight, u32 factor, u32 step)
{
	return (weight * factor * step + SLOW_START_STEPS - 1) / SLOW_START_STEPS;
}
