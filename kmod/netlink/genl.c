// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/lb.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "genl.h"

#include <uapi/linux/lb.h>

/* Integer value ranges */
static const struct netlink_range_validation lb_a_service_persist_timeout_range = {
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_service_slow_start_range = {
	.max	= LB_SLOW_START_MAX,
};

static const struct netlink_range_validation lb_a_dest_weight_range = {
	.max	= LB_WEIGHT_MAX,
};

static const struct netlink_range_validation lb_a_dest_upper_range = {
	.max	= LB_CONNS_MAX,
};

static const struct netlink_range_validation lb_a_dest_lower_range = {
	.max	= LB_CONNS_MAX,
};

static const struct netlink_range_validation lb_a_dest_deadline_range = {
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_none_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_established_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_syn_sent_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_syn_recv_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_fin_wait_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_time_wait_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_close_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_close_wait_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_last_ack_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_listen_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_tcp_synack_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_udp_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_none_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_init1_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_init_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_cookie_sent_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_cookie_replied_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_cookie_wait_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_cookie_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_cookie_echoed_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_established_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_shutdown_sent_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_shutdown_received_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_shutdown_ack_sent_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_rejected_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sctp_closed_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_ftp_port_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation lb_a_settings_amemthresh_range = {
	.max	= 2147483647ULL,
};

static const struct netlink_range_validation lb_a_settings_am_droprate_range = {
	.max	= 2147483647ULL,
};

static const struct netlink_range_validation lb_a_settings_lblc_expiration_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_lblcr_expiration_range = {
	.min	= 1ULL,
	.max	= LB_TIMEOUT_MAX,
};

static const struct netlink_range_validation lb_a_settings_sync_threshold_range = {
	.max	= LB_SYNC_PACKETS_MAX,
};

static const struct netlink_range_validation lb_a_settings_sync_period_range = {
	.max	= LB_SYNC_PACKETS_MAX,
};

static const struct netlink_range_validation lb_a_settings_sync_sock_size_range = {
	.max	= 2147483647ULL,
};

/* Common nested types */
const struct nla_policy lb_key_nl_policy[LB_A_KEY_FWMARK + 1] = {
	[LB_A_KEY_FAMILY] = { .type = NLA_U16, },
	[LB_A_KEY_PROTOCOL] = { .type = NLA_U8, },
	[LB_A_KEY_ADDR] = { .type = NLA_BINARY, },
	[LB_A_KEY_PORT] = { .type = NLA_U16, },
	[LB_A_KEY_FWMARK] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy lb_timeouts_nl_policy[LB_A_SETTINGS_SCTP_CLOSED + 1] = {
	[LB_A_SETTINGS_TCP_NONE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_none_range),
	[LB_A_SETTINGS_TCP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_established_range),
	[LB_A_SETTINGS_TCP_SYN_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_syn_sent_range),
	[LB_A_SETTINGS_TCP_SYN_RECV] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_syn_recv_range),
	[LB_A_SETTINGS_TCP_FIN_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_fin_wait_range),
	[LB_A_SETTINGS_TCP_TIME_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_time_wait_range),
	[LB_A_SETTINGS_TCP_CLOSE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_close_range),
	[LB_A_SETTINGS_TCP_CLOSE_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_close_wait_range),
	[LB_A_SETTINGS_TCP_LAST_ACK] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_last_ack_range),
	[LB_A_SETTINGS_TCP_LISTEN] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_listen_range),
	[LB_A_SETTINGS_TCP_SYNACK] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_synack_range),
	[LB_A_SETTINGS_UDP] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_udp_range),
	[LB_A_SETTINGS_SCTP_NONE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_none_range),
	[LB_A_SETTINGS_SCTP_INIT1] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_init1_range),
	[LB_A_SETTINGS_SCTP_INIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_init_range),
	[LB_A_SETTINGS_SCTP_COOKIE_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_sent_range),
	[LB_A_SETTINGS_SCTP_COOKIE_REPLIED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_replied_range),
	[LB_A_SETTINGS_SCTP_COOKIE_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_wait_range),
	[LB_A_SETTINGS_SCTP_COOKIE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_range),
	[LB_A_SETTINGS_SCTP_COOKIE_ECHOED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_echoed_range),
	[LB_A_SETTINGS_SCTP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_established_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_sent_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_RECEIVED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_received_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_ACK_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_ack_sent_range),
	[LB_A_SETTINGS_SCTP_REJECTED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_rejected_range),
	[LB_A_SETTINGS_SCTP_CLOSED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_closed_range),
};

/* LB_CMD_INFO_GET - do */
const struct nla_policy lb_info_get_nl_policy[LB_A_INFO_PAD + 1] = {
};

/* LB_CMD_SERVICE_NEW - do */
const struct nla_policy lb_service_new_nl_policy[LB_A_SERVICE_ORPHANS + 1] = {
	[LB_A_SERVICE_KEY] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_SERVICE_SCHEDULER] = { .type = NLA_NUL_STRING, .len = LB_SCHED_NAME_MAX, },
	[LB_A_SERVICE_TXN] = { .type = NLA_U32, },
	[LB_A_SERVICE_SCHED_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[LB_A_SERVICE_ONE_PACKET] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_SERVICE_MSS_CLAMP] = { .type = NLA_U16, },
	[LB_A_SERVICE_PERSIST_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_service_persist_timeout_range),
	[LB_A_SERVICE_PERSIST_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[LB_A_SERVICE_PERSIST_ENGINE] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_SERVICE_TIMEOUTS] = NLA_POLICY_NESTED(lb_timeouts_nl_policy),
	[LB_A_SERVICE_SLOW_START] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_service_slow_start_range),
	[LB_A_SERVICE_ORPHANS] = NLA_POLICY_MAX(NLA_U8, 3),
};

/* LB_CMD_SERVICE_SET - do */
const struct nla_policy lb_service_set_nl_policy[LB_A_SERVICE_ORPHANS + 1] = {
	[LB_A_SERVICE_KEY] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_SERVICE_SCHEDULER] = { .type = NLA_NUL_STRING, .len = LB_SCHED_NAME_MAX, },
	[LB_A_SERVICE_TXN] = { .type = NLA_U32, },
	[LB_A_SERVICE_SCHED_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[LB_A_SERVICE_ONE_PACKET] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_SERVICE_MSS_CLAMP] = { .type = NLA_U16, },
	[LB_A_SERVICE_PERSIST_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_service_persist_timeout_range),
	[LB_A_SERVICE_PERSIST_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[LB_A_SERVICE_PERSIST_ENGINE] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_SERVICE_TIMEOUTS] = NLA_POLICY_NESTED(lb_timeouts_nl_policy),
	[LB_A_SERVICE_SLOW_START] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_service_slow_start_range),
	[LB_A_SERVICE_ORPHANS] = NLA_POLICY_MAX(NLA_U8, 3),
};

/* LB_CMD_SERVICE_DEL - do */
const struct nla_policy lb_service_del_nl_policy[LB_A_SERVICE_TXN + 1] = {
	[LB_A_SERVICE_KEY] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_SERVICE_TXN] = { .type = NLA_U32, },
};

/* LB_CMD_SERVICE_GET - do */
const struct nla_policy lb_service_get_nl_policy[LB_A_SERVICE_KEY + 1] = {
	[LB_A_SERVICE_KEY] = NLA_POLICY_NESTED(lb_key_nl_policy),
};

/* LB_CMD_DEST_NEW - do */
const struct nla_policy lb_dest_new_nl_policy[LB_A_DEST_LAX_PORT + 1] = {
	[LB_A_DEST_SERVICE] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_DEST_METHOD] = NLA_POLICY_MAX(NLA_U8, 3),
	[LB_A_DEST_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_weight_range),
	[LB_A_DEST_DRAIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_DEST_TXN] = { .type = NLA_U32, },
	[LB_A_DEST_TUNNEL_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_TUNNEL_PORT] = { .type = NLA_U16, },
	[LB_A_DEST_TUNNEL_CHECKSUM] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_UPPER] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_upper_range),
	[LB_A_DEST_LOWER] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_lower_range),
	[LB_A_DEST_DEADLINE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_deadline_range),
	[LB_A_DEST_DRAIN_END] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_LAX_PORT] = { .type = NLA_FLAG, },
};

/* LB_CMD_DEST_SET - do */
const struct nla_policy lb_dest_set_nl_policy[LB_A_DEST_LAX_PORT + 1] = {
	[LB_A_DEST_SERVICE] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_DEST_METHOD] = NLA_POLICY_MAX(NLA_U8, 3),
	[LB_A_DEST_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_weight_range),
	[LB_A_DEST_DRAIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[LB_A_DEST_TXN] = { .type = NLA_U32, },
	[LB_A_DEST_TUNNEL_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_TUNNEL_PORT] = { .type = NLA_U16, },
	[LB_A_DEST_TUNNEL_CHECKSUM] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_UPPER] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_upper_range),
	[LB_A_DEST_LOWER] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_lower_range),
	[LB_A_DEST_DEADLINE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_dest_deadline_range),
	[LB_A_DEST_DRAIN_END] = NLA_POLICY_MAX(NLA_U8, 2),
	[LB_A_DEST_LAX_PORT] = { .type = NLA_FLAG, },
};

/* LB_CMD_DEST_DEL - do */
const struct nla_policy lb_dest_del_nl_policy[LB_A_DEST_TXN + 1] = {
	[LB_A_DEST_SERVICE] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_DEST_TXN] = { .type = NLA_U32, },
};

/* LB_CMD_DEST_GET - do */
const struct nla_policy lb_dest_get_nl_policy[LB_A_DEST_PORT + 1] = {
	[LB_A_DEST_SERVICE] = NLA_POLICY_NESTED(lb_key_nl_policy),
	[LB_A_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_DEST_PORT] = { .type = NLA_U16, },
};

/* LB_CMD_FLUSH - do */
const struct nla_policy lb_flush_nl_policy[LB_A_SERVICE_TXN + 1] = {
	[LB_A_SERVICE_TXN] = { .type = NLA_U32, },
};

/* LB_CMD_CONN_GET - do */
const struct nla_policy lb_conn_get_nl_policy[LB_A_CONN_TEMPLATES + 1] = {
	[LB_A_CONN_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_PROTOCOL] = { .type = NLA_U8, },
	[LB_A_CONN_CLIENT_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_CLIENT_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[LB_A_CONN_CLIENT_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_VIRTUAL_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_VIRTUAL_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_METHOD] = NLA_POLICY_MAX(NLA_U8, 3),
	[LB_A_CONN_STATE] = NLA_POLICY_MAX(NLA_U8, 25),
	[LB_A_CONN_TEMPLATES] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* LB_CMD_CONN_DEL - do */
const struct nla_policy lb_conn_del_nl_policy[LB_A_CONN_TEMPLATES + 1] = {
	[LB_A_CONN_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_PROTOCOL] = { .type = NLA_U8, },
	[LB_A_CONN_CLIENT_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_CLIENT_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[LB_A_CONN_CLIENT_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_VIRTUAL_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_VIRTUAL_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_METHOD] = NLA_POLICY_MAX(NLA_U8, 3),
	[LB_A_CONN_STATE] = NLA_POLICY_MAX(NLA_U8, 25),
	[LB_A_CONN_TEMPLATES] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* LB_CMD_CONN_COUNT - do */
const struct nla_policy lb_conn_count_nl_policy[LB_A_CONN_TEMPLATES + 1] = {
	[LB_A_CONN_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_PROTOCOL] = { .type = NLA_U8, },
	[LB_A_CONN_CLIENT_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_CLIENT_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[LB_A_CONN_CLIENT_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_VIRTUAL_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_VIRTUAL_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_METHOD] = NLA_POLICY_MAX(NLA_U8, 3),
	[LB_A_CONN_STATE] = NLA_POLICY_MAX(NLA_U8, 25),
	[LB_A_CONN_TEMPLATES] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* LB_CMD_SETTINGS_GET - do */
const struct nla_policy lb_settings_get_nl_policy[LB_A_SETTINGS_PAD + 1] = {
};

/* LB_CMD_SETTINGS_SET - do */
const struct nla_policy lb_settings_set_nl_policy[LB_A_SETTINGS_BACKUP_ONLY + 1] = {
	[LB_A_SETTINGS_TCP_NONE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_none_range),
	[LB_A_SETTINGS_TCP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_established_range),
	[LB_A_SETTINGS_TCP_SYN_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_syn_sent_range),
	[LB_A_SETTINGS_TCP_SYN_RECV] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_syn_recv_range),
	[LB_A_SETTINGS_TCP_FIN_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_fin_wait_range),
	[LB_A_SETTINGS_TCP_TIME_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_time_wait_range),
	[LB_A_SETTINGS_TCP_CLOSE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_close_range),
	[LB_A_SETTINGS_TCP_CLOSE_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_close_wait_range),
	[LB_A_SETTINGS_TCP_LAST_ACK] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_last_ack_range),
	[LB_A_SETTINGS_TCP_LISTEN] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_listen_range),
	[LB_A_SETTINGS_TCP_SYNACK] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_tcp_synack_range),
	[LB_A_SETTINGS_UDP] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_udp_range),
	[LB_A_SETTINGS_CONN_MAX] = { .type = NLA_U32, },
	[LB_A_SETTINGS_CONNTRACK] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_TXN] = { .type = NLA_U32, },
	[LB_A_SETTINGS_SCTP_NONE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_none_range),
	[LB_A_SETTINGS_SCTP_INIT1] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_init1_range),
	[LB_A_SETTINGS_SCTP_INIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_init_range),
	[LB_A_SETTINGS_SCTP_COOKIE_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_sent_range),
	[LB_A_SETTINGS_SCTP_COOKIE_REPLIED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_replied_range),
	[LB_A_SETTINGS_SCTP_COOKIE_WAIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_wait_range),
	[LB_A_SETTINGS_SCTP_COOKIE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_range),
	[LB_A_SETTINGS_SCTP_COOKIE_ECHOED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_cookie_echoed_range),
	[LB_A_SETTINGS_SCTP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_established_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_sent_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_RECEIVED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_received_range),
	[LB_A_SETTINGS_SCTP_SHUTDOWN_ACK_SENT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_shutdown_ack_sent_range),
	[LB_A_SETTINGS_SCTP_REJECTED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_rejected_range),
	[LB_A_SETTINGS_SCTP_CLOSED] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sctp_closed_range),
	[LB_A_SETTINGS_SLOPPY_SCTP] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_SCHEDULE_ICMP] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_EXPIRE_QUIESCENT_TEMPLATE] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_FTP_PORT] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_ftp_port_range),
	[LB_A_SETTINGS_PMTU_DISC] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_DROP_ENTRY] = NLA_POLICY_MAX(NLA_U32, 3),
	[LB_A_SETTINGS_DROP_PACKET] = NLA_POLICY_MAX(NLA_U32, 3),
	[LB_A_SETTINGS_SECURE_TCP] = NLA_POLICY_MAX(NLA_U32, 3),
	[LB_A_SETTINGS_AMEMTHRESH] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_amemthresh_range),
	[LB_A_SETTINGS_AM_DROPRATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_am_droprate_range),
	[LB_A_SETTINGS_EXPIRE_NODEST_CONN] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_CONN_REUSE_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
	[LB_A_SETTINGS_SLOPPY_TCP] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_SNAT_REROUTE] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_IGNORE_TUNNELED] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_LBLC_EXPIRATION] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_lblc_expiration_range),
	[LB_A_SETTINGS_LBLCR_EXPIRATION] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_lblcr_expiration_range),
	[LB_A_SETTINGS_NAT_ICMP_SEND] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_CACHE_BYPASS] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_SYNC_VERSION] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_SYNC_PORTS] = NLA_POLICY_RANGE(NLA_U32, 1, 64),
	[LB_A_SETTINGS_SYNC_THRESHOLD] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sync_threshold_range),
	[LB_A_SETTINGS_SYNC_PERIOD] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sync_period_range),
	[LB_A_SETTINGS_SYNC_REFRESH_PERIOD] = NLA_POLICY_MAX(NLA_U32, 32767),
	[LB_A_SETTINGS_SYNC_RETRIES] = NLA_POLICY_MAX(NLA_U32, 3),
	[LB_A_SETTINGS_SYNC_QLEN_MAX] = { .type = NLA_U32, },
	[LB_A_SETTINGS_SYNC_SOCK_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &lb_a_settings_sync_sock_size_range),
	[LB_A_SETTINGS_SYNC_PERSIST_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[LB_A_SETTINGS_BACKUP_ONLY] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* LB_CMD_STATS_GET - do */
const struct nla_policy lb_stats_get_nl_policy[LB_A_TOTAL_PAD + 1] = {
};

/* LB_CMD_TXN_BEGIN - do */
const struct nla_policy lb_txn_begin_nl_policy[LB_A_TXN_PAD + 1] = {
};

/* LB_CMD_TXN_COMMIT - do */
const struct nla_policy lb_txn_commit_nl_policy[LB_A_TXN_GENERATION + 1] = {
	[LB_A_TXN_ID] = { .type = NLA_U32, },
	[LB_A_TXN_GENERATION] = { .type = NLA_U32, },
};

/* LB_CMD_TXN_ABORT - do */
const struct nla_policy lb_txn_abort_nl_policy[LB_A_TXN_ID + 1] = {
	[LB_A_TXN_ID] = { .type = NLA_U32, },
};

/* LB_CMD_TXN_GET - do */
const struct nla_policy lb_txn_get_nl_policy[LB_A_TXN_ID + 1] = {
	[LB_A_TXN_ID] = { .type = NLA_U32, },
};

/* LB_CMD_ZERO - do */
const struct nla_policy lb_zero_nl_policy[LB_A_SERVICE_KEY + 1] = {
	[LB_A_SERVICE_KEY] = NLA_POLICY_NESTED(lb_key_nl_policy),
};

/* LB_CMD_SYNC_START - do */
const struct nla_policy lb_sync_start_nl_policy[LB_A_SYNC_TTL + 1] = {
	[LB_A_SYNC_ROLE] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[LB_A_SYNC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[LB_A_SYNC_ID] = { .type = NLA_U8, },
	[LB_A_SYNC_MAX_LENGTH] = NLA_POLICY_MIN(NLA_U16, 1),
	[LB_A_SYNC_GROUP] = { .type = NLA_BINARY, },
	[LB_A_SYNC_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[LB_A_SYNC_TTL] = NLA_POLICY_MIN(NLA_U8, 1),
};

/* LB_CMD_SYNC_STOP - do */
const struct nla_policy lb_sync_stop_nl_policy[LB_A_SYNC_ROLE + 1] = {
	[LB_A_SYNC_ROLE] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
};

/* LB_CMD_SYNC_GET - do */
const struct nla_policy lb_sync_get_nl_policy[LB_A_SYNC_ROLE + 1] = {
	[LB_A_SYNC_ROLE] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
};

/* LB_CMD_CONN_ADOPT - do */
const struct nla_policy lb_conn_adopt_nl_policy[LB_A_CONN_FWMARK + 1] = {
	[LB_A_CONN_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_PROTOCOL] = { .type = NLA_U8, },
	[LB_A_CONN_CLIENT_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_CLIENT_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_VIRTUAL_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_VIRTUAL_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_FAMILY] = { .type = NLA_U16, },
	[LB_A_CONN_DEST_ADDR] = { .type = NLA_BINARY, },
	[LB_A_CONN_DEST_PORT] = { .type = NLA_U16, },
	[LB_A_CONN_STATE] = NLA_POLICY_MAX(NLA_U8, 25),
	[LB_A_CONN_EXPIRES_MS] = { .type = NLA_U64, },
	[LB_A_CONN_FWMARK] = { .type = NLA_U32, },
};

/* Ops table for lb */
const struct genl_ops lb_nl_ops[25] = {
	{
		.cmd		= LB_CMD_INFO_GET,
		.doit		= lb_nl_info_get_doit,
		.policy		= lb_info_get_nl_policy,
		.maxattr	= LB_A_INFO_PAD,
	},
	{
		.cmd		= LB_CMD_SERVICE_NEW,
		.doit		= lb_nl_service_new_doit,
		.policy		= lb_service_new_nl_policy,
		.maxattr	= LB_A_SERVICE_ORPHANS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SERVICE_SET,
		.doit		= lb_nl_service_set_doit,
		.policy		= lb_service_set_nl_policy,
		.maxattr	= LB_A_SERVICE_ORPHANS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SERVICE_DEL,
		.doit		= lb_nl_service_del_doit,
		.policy		= lb_service_del_nl_policy,
		.maxattr	= LB_A_SERVICE_TXN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SERVICE_GET,
		.doit		= lb_nl_service_get_doit,
		.dumpit		= lb_nl_service_get_dumpit,
		.policy		= lb_service_get_nl_policy,
		.maxattr	= LB_A_SERVICE_KEY,
	},
	{
		.cmd		= LB_CMD_DEST_NEW,
		.doit		= lb_nl_dest_new_doit,
		.policy		= lb_dest_new_nl_policy,
		.maxattr	= LB_A_DEST_LAX_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_DEST_SET,
		.doit		= lb_nl_dest_set_doit,
		.policy		= lb_dest_set_nl_policy,
		.maxattr	= LB_A_DEST_LAX_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_DEST_DEL,
		.doit		= lb_nl_dest_del_doit,
		.policy		= lb_dest_del_nl_policy,
		.maxattr	= LB_A_DEST_TXN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_DEST_GET,
		.doit		= lb_nl_dest_get_doit,
		.dumpit		= lb_nl_dest_get_dumpit,
		.policy		= lb_dest_get_nl_policy,
		.maxattr	= LB_A_DEST_PORT,
	},
	{
		.cmd		= LB_CMD_FLUSH,
		.doit		= lb_nl_flush_doit,
		.policy		= lb_flush_nl_policy,
		.maxattr	= LB_A_SERVICE_TXN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_CONN_GET,
		.doit		= lb_nl_conn_get_doit,
		.dumpit		= lb_nl_conn_get_dumpit,
		.policy		= lb_conn_get_nl_policy,
		.maxattr	= LB_A_CONN_TEMPLATES,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_CONN_DEL,
		.doit		= lb_nl_conn_del_doit,
		.policy		= lb_conn_del_nl_policy,
		.maxattr	= LB_A_CONN_TEMPLATES,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_CONN_COUNT,
		.doit		= lb_nl_conn_count_doit,
		.policy		= lb_conn_count_nl_policy,
		.maxattr	= LB_A_CONN_TEMPLATES,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SETTINGS_GET,
		.doit		= lb_nl_settings_get_doit,
		.policy		= lb_settings_get_nl_policy,
		.maxattr	= LB_A_SETTINGS_PAD,
	},
	{
		.cmd		= LB_CMD_SETTINGS_SET,
		.doit		= lb_nl_settings_set_doit,
		.policy		= lb_settings_set_nl_policy,
		.maxattr	= LB_A_SETTINGS_BACKUP_ONLY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_STATS_GET,
		.doit		= lb_nl_stats_get_doit,
		.policy		= lb_stats_get_nl_policy,
		.maxattr	= LB_A_TOTAL_PAD,
	},
	{
		.cmd		= LB_CMD_TXN_BEGIN,
		.doit		= lb_nl_txn_begin_doit,
		.policy		= lb_txn_begin_nl_policy,
		.maxattr	= LB_A_TXN_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_TXN_COMMIT,
		.doit		= lb_nl_txn_commit_doit,
		.policy		= lb_txn_commit_nl_policy,
		.maxattr	= LB_A_TXN_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_TXN_ABORT,
		.doit		= lb_nl_txn_abort_doit,
		.policy		= lb_txn_abort_nl_policy,
		.maxattr	= LB_A_TXN_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_TXN_GET,
		.doit		= lb_nl_txn_get_doit,
		.policy		= lb_txn_get_nl_policy,
		.maxattr	= LB_A_TXN_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_ZERO,
		.doit		= lb_nl_zero_doit,
		.policy		= lb_zero_nl_policy,
		.maxattr	= LB_A_SERVICE_KEY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SYNC_START,
		.doit		= lb_nl_sync_start_doit,
		.policy		= lb_sync_start_nl_policy,
		.maxattr	= LB_A_SYNC_TTL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SYNC_STOP,
		.doit		= lb_nl_sync_stop_doit,
		.policy		= lb_sync_stop_nl_policy,
		.maxattr	= LB_A_SYNC_ROLE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= LB_CMD_SYNC_GET,
		.doit		= lb_nl_sync_get_doit,
		.dumpit		= lb_nl_sync_get_dumpit,
		.policy		= lb_sync_get_nl_policy,
		.maxattr	= LB_A_SYNC_ROLE,
	},
	{
		.cmd		= LB_CMD_CONN_ADOPT,
		.doit		= lb_nl_conn_adopt_doit,
		.policy		= lb_conn_adopt_nl_policy,
		.maxattr	= LB_A_CONN_FWMARK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group lb_nl_mcgrps[] = {
	[LB_NLGRP_CONFIG] = { "config", },
};
