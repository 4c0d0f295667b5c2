/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/lb.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_LB_GEN_H
#define _LINUX_LB_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/lb.h>

/* Common nested types */
extern const struct nla_policy lb_key_nl_policy[LB_A_KEY_FWMARK + 1];
extern const struct nla_policy lb_timeouts_nl_policy[LB_A_SETTINGS_SCTP_CLOSED + 1];

extern const struct nla_policy lb_info_get_nl_policy[LB_A_INFO_PAD + 1];

extern const struct nla_policy lb_service_new_nl_policy[LB_A_SERVICE_ORPHANS + 1];

extern const struct nla_policy lb_service_set_nl_policy[LB_A_SERVICE_ORPHANS + 1];

extern const struct nla_policy lb_service_del_nl_policy[LB_A_SERVICE_TXN + 1];

extern const struct nla_policy lb_service_get_nl_policy[LB_A_SERVICE_KEY + 1];

extern const struct nla_policy lb_dest_new_nl_policy[LB_A_DEST_LAX_PORT + 1];

extern const struct nla_policy lb_dest_set_nl_policy[LB_A_DEST_LAX_PORT + 1];

extern const struct nla_policy lb_dest_del_nl_policy[LB_A_DEST_TXN + 1];

extern const struct nla_policy lb_dest_get_nl_policy[LB_A_DEST_PORT + 1];

extern const struct nla_policy lb_flush_nl_policy[LB_A_SERVICE_TXN + 1];

extern const struct nla_policy lb_conn_get_nl_policy[LB_A_CONN_TEMPLATES + 1];

extern const struct nla_policy lb_conn_del_nl_policy[LB_A_CONN_TEMPLATES + 1];

extern const struct nla_policy lb_conn_count_nl_policy[LB_A_CONN_TEMPLATES + 1];

extern const struct nla_policy lb_settings_get_nl_policy[LB_A_SETTINGS_PAD + 1];

extern const struct nla_policy lb_settings_set_nl_policy[LB_A_SETTINGS_BACKUP_ONLY + 1];

extern const struct nla_policy lb_stats_get_nl_policy[LB_A_TOTAL_PAD + 1];

extern const struct nla_policy lb_txn_begin_nl_policy[LB_A_TXN_PAD + 1];

extern const struct nla_policy lb_txn_commit_nl_policy[LB_A_TXN_GENERATION + 1];

extern const struct nla_policy lb_txn_abort_nl_policy[LB_A_TXN_ID + 1];

extern const struct nla_policy lb_txn_get_nl_policy[LB_A_TXN_ID + 1];

extern const struct nla_policy lb_zero_nl_policy[LB_A_SERVICE_KEY + 1];

extern const struct nla_policy lb_sync_start_nl_policy[LB_A_SYNC_TTL + 1];

extern const struct nla_policy lb_sync_stop_nl_policy[LB_A_SYNC_ROLE + 1];

extern const struct nla_policy lb_sync_get_nl_policy[LB_A_SYNC_ROLE + 1];

extern const struct nla_policy lb_conn_adopt_nl_policy[LB_A_CONN_FWMARK + 1];

/* Ops table for lb */
extern const struct genl_ops lb_nl_ops[25];

int lb_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int lb_nl_dest_new_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_dest_set_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_dest_del_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_dest_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_dest_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int lb_nl_flush_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_conn_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int lb_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_conn_count_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_settings_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_settings_set_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_txn_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_zero_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_sync_start_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_sync_stop_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_sync_get_doit(struct sk_buff *skb, struct genl_info *info);
int lb_nl_sync_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int lb_nl_conn_adopt_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	LB_NLGRP_CONFIG,
};

#endif /* _LINUX_LB_GEN_H */
