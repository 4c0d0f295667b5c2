// SPDX-License-Identifier: GPL-2.0
/* The settings of a namespace: what they are at first, what an edit makes of
 * them, and when. Packets read each by itself, without a lock.
 */
#include "draft.h"
#include "edit.h"
#include "packet.h"
#include "proto.h"

/* Those of ip_vs. */
#define LB_DEFAULT_AMEMTHRESH	1024
#define LB_DEFAULT_AM_DROPRATE	10
#define LB_DEFAULT_SYNC_THRESHOLD	3
#define LB_DEFAULT_SYNC_PERIOD		50
#define LB_DEFAULT_EXPIRATION	(24 * 60 * 60 * HZ)

void lb_settings_init(struct lb_settings *settings)
{
	lb_proto_default_timeouts(settings->timeout);
	settings->ftp_port = LB_PORT_FTP;
	settings->pmtu_disc = 1;
	settings->amemthresh = LB_DEFAULT_AMEMTHRESH;
	settings->am_droprate = LB_DEFAULT_AM_DROPRATE;
	settings->conn_reuse_mode = 1;
	settings->snat_reroute = 1;
	settings->lblc_expiration = LB_DEFAULT_EXPIRATION;
	settings->lblcr_expiration = LB_DEFAULT_EXPIRATION;
	settings->sync_version = 1;
	settings->sync_ports = 1;
	settings->sync_threshold = LB_DEFAULT_SYNC_THRESHOLD;
	settings->sync_period = LB_DEFAULT_SYNC_PERIOD;
}

/* What @spec gives, to @to. */
static void lb_settings_apply(struct lb_settings *to, const struct lb_settings_spec *spec)
{
	const u32 *given = (const u32 *)&spec->to;
	u32 *field = (u32 *)to;
	unsigned int i;

	for_each_set_bit(i, spec->set, LB_SETTINGS_FIELDS)
		WRITE_ONCE(field[i], given[i]);
}

void lb_settings_set(struct lb_edit *edit, const struct lb_settings_spec *spec)
{
	lb_settings_apply(&edit->settings.to, spec);
	bitmap_or(edit->settings.set, edit->settings.set, spec->set, LB_SETTINGS_FIELDS);
}

int lb_settings_check(const struct lb_edit *edit, struct netlink_ext_ack *extack)
{
	const struct lb_settings *to = &edit->settings.to, *now = &edit->ln->settings;
	const bool threshold = test_bit(LB_SETTINGS_FIELD(sync_threshold), edit->settings.set);
	const bool period = test_bit(LB_SETTINGS_FIELD(sync_period), edit->settings.set);
	const u32 packets = (period ? to : now)->sync_period;

	if ((threshold || period) && packets &&
	    (threshold ? to : now)->sync_threshold >= packets) {
		NL_SET_ERR_MSG(extack,
			       "sync-threshold must be below sync-period (or sync-period 0), give both at once; nothing was changed");
		return -EINVAL;
	}
	return 0;
}

void lb_settings_publish(struct lb_edit *edit)
{
	lb_settings_apply(&edit->ln->settings, &edit->settings);
	if (!bitmap_empty(edit->settings.set, LB_SETTINGS_FIELDS))
		lb_defence_follow(edit->ln);
}
