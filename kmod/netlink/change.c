// SPDX-License-Identifier: GPL-2.0
/* One parsed command: how it takes effect, and who is to blame when it does not. */
#include "netlink.h"

int lb_nl_change_apply(struct lb_edit *edit, const struct lb_change *change,
		       struct netlink_ext_ack *extack)
{
	switch (change->cmd) {
	case LB_CMD_SERVICE_NEW:
		return lb_service_add(edit, &change->key, &change->service, extack);
	case LB_CMD_SERVICE_SET:
		return lb_service_set(edit, &change->key, &change->service, extack);
	case LB_CMD_SERVICE_DEL:
		return lb_service_del(edit, &change->key, extack);
	case LB_CMD_DEST_NEW:
		return lb_dest_add(edit, &change->key, &change->dest, extack);
	case LB_CMD_DEST_SET:
		return lb_dest_set(edit, &change->key, &change->dest, extack);
	case LB_CMD_DEST_DEL:
		return lb_dest_del(edit, &change->key, &change->dest, extack);
	case LB_CMD_FLUSH:
		return lb_service_del_all(edit, extack);
	case LB_CMD_SETTINGS_SET:
		lb_settings_set(edit, &change->settings);
		return 0;
	}
	return -EOPNOTSUPP;
}

static bool lb_change_is_of_dest(const struct lb_change *change)
{
	return change->cmd == LB_CMD_DEST_NEW || change->cmd == LB_CMD_DEST_SET ||
	       change->cmd == LB_CMD_DEST_DEL;
}

/* Handlers refuse what they know of attributes; this is for what the
 * configuration, which sees none, refused.
 */
u16 lb_nl_culprit(const struct lb_change *change, enum lb_blame blame)
{
	bool dest = lb_change_is_of_dest(change);

	switch (blame) {
	case LB_BLAME_NOTHING:
		break;
	case LB_BLAME_SERVICE:
		return dest ? LB_A_DEST_SERVICE : LB_A_SERVICE_KEY;
	case LB_BLAME_SCHEDULER:
		return LB_A_SERVICE_SCHEDULER;
	case LB_BLAME_SCHED_FLAGS:
		return LB_A_SERVICE_SCHED_FLAGS;
	case LB_BLAME_DEST:
		return LB_A_DEST_ADDR;
	case LB_BLAME_FAMILY:
		return dest ? LB_A_DEST_FAMILY : LB_A_SERVICE_KEY;
	case LB_BLAME_PORT:
		return LB_A_DEST_PORT;
	case LB_BLAME_METHOD:
		return LB_A_DEST_METHOD;
	case LB_BLAME_WEIGHT:
		return LB_A_DEST_WEIGHT;
	case LB_BLAME_ONE_PACKET:
		return LB_A_SERVICE_ONE_PACKET;
	case LB_BLAME_TUNNEL_TYPE:
		return LB_A_DEST_TUNNEL_TYPE;
	case LB_BLAME_TUNNEL_PORT:
		return LB_A_DEST_TUNNEL_PORT;
	case LB_BLAME_TUNNEL_CHECKSUM:
		return LB_A_DEST_TUNNEL_CHECKSUM;
	case LB_BLAME_PERSIST_PREFIX:
		return LB_A_SERVICE_PERSIST_PREFIX;
	case LB_BLAME_PERSIST_ENGINE:
		return LB_A_SERVICE_PERSIST_ENGINE;
	case LB_BLAME_TIMEOUTS:
		return LB_A_SERVICE_TIMEOUTS;
	case LB_BLAME_UPPER:
		return LB_A_DEST_UPPER;
	case LB_BLAME_LOWER:
		return LB_A_DEST_LOWER;
	case LB_BLAME_DEADLINE:
		return LB_A_DEST_DEADLINE;
	case LB_BLAME_DRAIN_END:
		return LB_A_DEST_DRAIN_END;
	}
	return 0;
}

const char *lb_nl_reason(const struct netlink_ext_ack *extack, int err)
{
	if (extack->_msg)
		return extack->_msg;
	return err == -ENOMEM ? "out of memory" : "refused";
}

static void lb_nl_explain(struct genl_info *info, const struct lb_change *change,
			  enum lb_blame blame, int err)
{
	u16 type = lb_nl_culprit(change, blame);

	if (!info->extack->_msg)
		NL_SET_ERR_MSG_FMT(info->extack, "%s", lb_nl_reason(info->extack, err));
	if (info->extack->bad_attr || !type)
		return;
	/* What was not given but taken from the service: then the whole name. */
	if (!info->attrs[type] && lb_change_is_of_dest(change))
		type = LB_A_DEST_ADDR;
	NL_SET_BAD_ATTR(info->extack, info->attrs[type]);
}

int lb_nl_change_now(struct genl_info *info, const struct lb_change *change)
{
	/* A flush is about all services, at one moment. */
	bool whole = change->cmd == LB_CMD_FLUSH;
	struct lb_net *ln = lb_nl_net(info);
	struct lb_edit edit;
	int err;

	err = lb_edit_begin(&edit, ln, whole, info->extack);
	if (err)
		return err;
	err = lb_nl_change_apply(&edit, change, info->extack) ?:
	      lb_edit_commit(&edit, info->extack);
	if (err)
		lb_nl_explain(info, change, edit.blame, err);
	else
		lb_nl_event_change(ln, change);
	lb_edit_end(&edit);
	return err;
}
