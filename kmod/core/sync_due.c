// SPDX-License-Identifier: GPL-2.0
#include "sync_due.h"

/* Refreshed no earlier than that, however short the timeout. */
#define SYNC_REFRESH_MIN	10

static bool sync_is_early(const struct sync_rules *rules, const struct sync_told *told, u32 timeout)
{
	u32 span = timeout / 2;

	if (span < SYNC_REFRESH_MIN)
		span = SYNC_REFRESH_MIN;
	if (span > rules->refresh)
		span = rules->refresh;
	return told->ever && told->age < span;
}

enum sync_due sync_due(const struct sync_rules *rules, const struct sync_told *told, u32 packets,
		       u32 timeout)
{
	enum sync_due due = SYNC_DUE;

	if (rules->refresh && sync_is_early(rules, told, timeout)) {
		if (told->retries >= rules->retries || told->age < rules->refresh / 8)
			return SYNC_NOT_DUE;
		due = SYNC_DUE_RETRY;
	}
	if (!packets)
		return due;
	if (rules->period) {
		if (packets % rules->period != rules->threshold)
			return SYNC_NOT_DUE;
	} else if (!rules->refresh && packets != rules->threshold) {
		return SYNC_NOT_DUE;
	}
	return due;
}
