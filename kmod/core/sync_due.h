/* SPDX-License-Identifier: GPL-2.0 */
/* When a connection is told again that has been told before, or never: ip_vs's rules. */
#ifndef LB_CORE_SYNC_DUE_H
#define LB_CORE_SYNC_DUE_H

#include "types.h"

/**
 * struct sync_rules - what an administrator says
 * @threshold: told at so many packets of @period
 * @period: and again after so many; 0: not again
 * @refresh: seconds between two times, 0: by packets alone
 * @retries: so many times, up to 3, at an eighth of @refresh
 */
struct sync_rules {
	u32 threshold;
	u32 period;
	u32 refresh;
	u32 retries;
};

/**
 * struct sync_told - when it was told last
 * @ever: it was, in the state that it is in
 * @age: seconds since
 * @retries: so many times since the time that was no retry
 */
struct sync_told {
	bool ever;
	u32 age;
	u32 retries;
};

enum sync_due {
	SYNC_NOT_DUE,
	SYNC_DUE,
	SYNC_DUE_RETRY,		/* again, because a message may be lost */
};

/* @packets: from its client; 0 for a template, which does not go by them.
 * @timeout: seconds
 */
enum sync_due sync_due(const struct sync_rules *rules, const struct sync_told *told, u32 packets,
		       u32 timeout);

#endif /* LB_CORE_SYNC_DUE_H */
