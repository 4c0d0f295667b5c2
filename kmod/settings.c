// SPDX-License-Identifier: GPL-2.0
/* The settings of a namespace: what an edit makes of them, and when. Packets
 * read each by itself, without a lock.
 */
#include "draft.h"
#include "edit.h"

/* What @spec gives, to @to. */
static void lb_settings_apply(struct lb_settings *to, const struct lb_settings_spec *spec)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(to->timeout); i++) {
		if (spec->set & LB_SETTINGS_TIMEOUT(i))
			WRITE_ONCE(to->timeout[i], spec->to.timeout[i]);
	}
	if (spec->set & LB_SETTINGS_CONN_MAX)
		WRITE_ONCE(to->conn_max, spec->to.conn_max);
	if (spec->set & LB_SETTINGS_SLOPPY_SCTP)
		WRITE_ONCE(to->sloppy_sctp, spec->to.sloppy_sctp);
	if (spec->set & LB_SETTINGS_SCHEDULE_ICMP)
		WRITE_ONCE(to->schedule_icmp, spec->to.schedule_icmp);
}

void lb_settings_set(struct lb_edit *edit, const struct lb_settings_spec *spec)
{
	lb_settings_apply(&edit->settings.to, spec);
	edit->settings.set |= spec->set;
}

void lb_settings_publish(struct lb_edit *edit)
{
	lb_settings_apply(&edit->ln->settings, &edit->settings);
}
