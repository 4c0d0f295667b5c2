/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/lb.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_LB_H
#define _UAPI_LINUX_LB_H

#define LB_GENL_NAME	"lb"
#define LB_GENL_VERSION	1

#define LB_SCHED_NAME_MAX	15
#define LB_WEIGHT_MAX		65535
#define LB_CONNS_MAX		2147483647
#define LB_SLOW_START_MAX	86400
#define LB_TIMEOUT_MAX		2678400

/**
 * enum lb_method - How a packet reaches its destination.
 * @LB_METHOD_NAT: Rewrite address and port; replies come back through the
 *   director.
 * @LB_METHOD_DIRECT: Send the packet unchanged to the destination's link-layer
 *   address.
 * @LB_METHOD_TUNNEL: Encapsulate (see tunnel-type); families may be mixed.
 * @LB_METHOD_BYPASS: No destination's: the packet goes on to where it is
 *   addressed, see cache-bypass. Connections have it, destinations cannot.
 */
enum lb_method {
	LB_METHOD_NAT,
	LB_METHOD_DIRECT,
	LB_METHOD_TUNNEL,
	LB_METHOD_BYPASS,
};

/**
 * enum lb_drain_end - What becomes of the connections of a draining
 *   destination at its deadline.
 * @LB_DRAIN_END_KEEP: They stay until they end by themselves.
 * @LB_DRAIN_END_RESET: Both ends get a TCP reset. What may open a connection,
 *   such as a UDP datagram, opens one elsewhere.
 * @LB_DRAIN_END_RESCHEDULE: The next packet of each client goes to another
 *   destination.
 */
enum lb_drain_end {
	LB_DRAIN_END_KEEP,
	LB_DRAIN_END_RESET,
	LB_DRAIN_END_RESCHEDULE,
};

/**
 * enum lb_orphans - What becomes of the connections of a removed destination.
 * @LB_ORPHANS_DEFAULT: What expire-nodest-conn says.
 * @LB_ORPHANS_DROP: Their clients' packets are dropped, until the destination
 *   is there again or they expire.
 * @LB_ORPHANS_RESET: As drain-end's.
 * @LB_ORPHANS_RESCHEDULE: As drain-end's.
 */
enum lb_orphans {
	LB_ORPHANS_DEFAULT,
	LB_ORPHANS_DROP,
	LB_ORPHANS_RESET,
	LB_ORPHANS_RESCHEDULE,
};

/**
 * enum lb_sched_flags - What a scheduler can be told. Each scheduler knows
 *   some of these, or none.
 * @LB_SCHED_FLAGS_FALLBACK: Where the hash leads to a destination that takes
 *   no new connections, another one is chosen; without this, the client is
 *   told that nobody is there.
 * @LB_SCHED_FLAGS_PORT: The client's port is hashed as well as its address.
 */
enum lb_sched_flags {
	LB_SCHED_FLAGS_FALLBACK = 1,
	LB_SCHED_FLAGS_PORT = 2,
};

/**
 * enum lb_state - State of a connection; the names are those of ip_vs. A UDP
 *   connection is always udp, an SCTP association in one of those that begin
 *   with sctp.
 */
enum lb_state {
	LB_STATE_NONE,
	LB_STATE_ESTABLISHED,
	LB_STATE_SYN_SENT,
	LB_STATE_SYN_RECV,
	LB_STATE_FIN_WAIT,
	LB_STATE_TIME_WAIT,
	LB_STATE_CLOSE,
	LB_STATE_CLOSE_WAIT,
	LB_STATE_LAST_ACK,
	LB_STATE_LISTEN,
	LB_STATE_SYNACK,
	LB_STATE_UDP,
	LB_STATE_SCTP_NONE,
	LB_STATE_SCTP_INIT1,
	LB_STATE_SCTP_INIT,
	LB_STATE_SCTP_COOKIE_SENT,
	LB_STATE_SCTP_COOKIE_REPLIED,
	LB_STATE_SCTP_COOKIE_WAIT,
	LB_STATE_SCTP_COOKIE,
	LB_STATE_SCTP_COOKIE_ECHOED,
	LB_STATE_SCTP_ESTABLISHED,
	LB_STATE_SCTP_SHUTDOWN_SENT,
	LB_STATE_SCTP_SHUTDOWN_RECEIVED,
	LB_STATE_SCTP_SHUTDOWN_ACK_SENT,
	LB_STATE_SCTP_REJECTED,
	LB_STATE_SCTP_CLOSED,

	/* private: */
	__LB_STATE_MAX,
	LB_STATE_MAX = (__LB_STATE_MAX - 1)
};

/**
 * enum lb_conn_flags
 * @LB_CONN_FLAGS_INACTIVE: Counted among the destination's inactive
 *   connections.
 * @LB_CONN_FLAGS_NO_OUTPUT: Only the client's packets have been seen (direct,
 *   tunnel).
 * @LB_CONN_FLAGS_ORPHAN: Its destination was removed; its packets are dropped.
 * @LB_CONN_FLAGS_TEMPLATE: No connection but a client's template: where
 *   persistence sends its next one. It has no client's port and no state.
 */
enum lb_conn_flags {
	LB_CONN_FLAGS_INACTIVE = 1,
	LB_CONN_FLAGS_NO_OUTPUT = 2,
	LB_CONN_FLAGS_ORPHAN = 4,
	LB_CONN_FLAGS_TEMPLATE = 8,
};

/**
 * enum lb_persist_engine - By what persistence tells clients apart besides
 *   their addresses.
 * @LB_PERSIST_ENGINE_SIP: Calls, by the Call-ID of SIP over UDP (RFC 3261).
 */
enum lb_persist_engine {
	LB_PERSIST_ENGINE_NONE,
	LB_PERSIST_ENGINE_SIP,
};

/**
 * enum lb_templates - Which of connections and templates are meant.
 */
enum lb_templates {
	LB_TEMPLATES_BOTH,
	LB_TEMPLATES_NONE,
	LB_TEMPLATES_ONLY,
};

/**
 * enum lb_drop_reason - Why lb dropped a packet. Counted per reason and
 *   namespace; every entry's name is also the name shown to people.
 * @LB_DROP_REASON_MALFORMED: Header too short, or lengths that contradict each
 *   other.
 * @LB_DROP_REASON_NO_MEMORY: No memory for a connection, a copy or headroom.
 * @LB_DROP_REASON_NO_DEST: The service has no usable destination; the client
 *   was told.
 * @LB_DROP_REASON_DEST_REMOVED: The connection's destination was removed.
 * @LB_DROP_REASON_NO_ROUTE: No route to the destination.
 * @LB_DROP_REASON_NEIGHBOUR: The destination's route leads back to the
 *   director in a way that cannot be delivered.
 * @LB_DROP_REASON_TOO_BIG: Larger than the path MTU and not to be fragmented;
 *   the sender was told.
 * @LB_DROP_REASON_TTL: TTL or hop limit expired; the sender was told.
 * @LB_DROP_REASON_CONN_LIMIT: The namespace holds as many connections as
 *   conn-max allows.
 * @LB_DROP_REASON_FRAGMENT: A fragment that could not be reassembled.
 * @LB_DROP_REASON_DEFENCE: It would have opened a connection, of which
 *   drop-packet refuses a share.
 * @LB_DROP_REASON_CONN_RESET: Its connection's destination was removed, or has
 *   drained to its deadline; the sender got a reset.
 * @LB_DROP_REASON_NO_CONN: A nat destination's packet that belongs to no
 *   connection, with nat-icmp-send; the destination was told.
 */
enum lb_drop_reason {
	LB_DROP_REASON_MALFORMED,
	LB_DROP_REASON_NO_MEMORY,
	LB_DROP_REASON_NO_DEST,
	LB_DROP_REASON_DEST_REMOVED,
	LB_DROP_REASON_NO_ROUTE,
	LB_DROP_REASON_NEIGHBOUR,
	LB_DROP_REASON_TOO_BIG,
	LB_DROP_REASON_TTL,
	LB_DROP_REASON_CONN_LIMIT,
	LB_DROP_REASON_FRAGMENT,
	LB_DROP_REASON_DEFENCE,
	LB_DROP_REASON_CONN_RESET,
	LB_DROP_REASON_NO_CONN,

	/* private: */
	__LB_DROP_REASON_MAX,
	LB_DROP_REASON_MAX = (__LB_DROP_REASON_MAX - 1)
};

/**
 * enum lb_tunnel_type - What the tunnel method puts around a packet. The
 *   values are those of ip_vs.
 * @LB_TUNNEL_TYPE_IPIP: An IP header, nothing else.
 * @LB_TUNNEL_TYPE_GUE: An IP header, UDP and Generic UDP Encapsulation.
 * @LB_TUNNEL_TYPE_GRE: An IP header and GRE (RFC 2784).
 */
enum lb_tunnel_type {
	LB_TUNNEL_TYPE_IPIP,
	LB_TUNNEL_TYPE_GUE,
	LB_TUNNEL_TYPE_GRE,
};

/**
 * enum lb_tunnel_checksum - What protects the outer packet. The values are
 *   those of ip_vs.
 * @LB_TUNNEL_CHECKSUM_NORMAL: The checksum of UDP or GRE.
 * @LB_TUNNEL_CHECKSUM_REMOTE: GUE: as normal; and where the inner checksum is
 *   left for a device to finish, the receiver is asked to, so that the device
 *   has one to do.
 */
enum lb_tunnel_checksum {
	LB_TUNNEL_CHECKSUM_NONE,
	LB_TUNNEL_CHECKSUM_NORMAL,
	LB_TUNNEL_CHECKSUM_REMOTE,
};

#define LB_MSS_CLAMP_AUTO	65535
#define LB_SYNC_PACKETS_MAX	65535

/**
 * enum lb_sync_role - What a daemon of the synchronisation does. The values
 *   are those of ip_vs.
 * @LB_SYNC_ROLE_MASTER: It tells others of this director's connections.
 * @LB_SYNC_ROLE_BACKUP: It learns of others' connections.
 */
enum lb_sync_role {
	LB_SYNC_ROLE_MASTER = 1,
	LB_SYNC_ROLE_BACKUP,
};

/**
 * enum lb_sync_count - What is counted of the synchronisation; every entry's
 *   name is also the name shown to people.
 * @LB_SYNC_COUNT_SENT_CONNS: Connections and templates in messages that were
 *   sent.
 * @LB_SYNC_COUNT_LOST_QUEUE: Connections that were not told because
 *   sync-qlen-max messages waited.
 * @LB_SYNC_COUNT_LOST_MEMORY: Connections that were not told for want of
 *   memory.
 * @LB_SYNC_COUNT_LOST_VERSION: Connections and templates that version 0 cannot
 *   tell.
 * @LB_SYNC_COUNT_LOST_SEND: Messages that could not be sent.
 * @LB_SYNC_COUNT_RECEIVED_MESSAGES: Messages that were believed.
 * @LB_SYNC_COUNT_RECEIVED_CONNS: Connections and templates that were made or
 *   brought up to date.
 * @LB_SYNC_COUNT_OTHER_ID: Messages of another id, which are none of ours.
 * @LB_SYNC_COUNT_BAD_SIZE: Messages that are not as long as they or their
 *   records say.
 * @LB_SYNC_COUNT_BAD_VERSION: Messages of a version that is neither 0 nor 1.
 * @LB_SYNC_COUNT_BAD_RECORD: Messages with a record of no known kind.
 * @LB_SYNC_COUNT_BAD_OPTION: Messages with an option that is wrong, or unknown
 *   and not to be ignored.
 * @LB_SYNC_COUNT_BAD_FLAGS: Connections that are of a kind which is not told.
 * @LB_SYNC_COUNT_BAD_PROTOCOL: Connections of a protocol that is not balanced.
 * @LB_SYNC_COUNT_BAD_STATE: Connections in a state that their protocol has
 *   not.
 * @LB_SYNC_COUNT_BAD_ADDRESS: Connections with an address that no host has.
 * @LB_SYNC_COUNT_NO_SERVICE: Templates whose service or destination is not
 *   configured here.
 * @LB_SYNC_COUNT_NO_MEMORY: Connections that there was no memory for.
 * @LB_SYNC_COUNT_CONN_LIMIT: Connections beyond conn-max, or of too many
 *   unknown destinations.
 * @LB_SYNC_COUNT_STALE: The end of a connection that another one has replaced
 *   here.
 */
enum lb_sync_count {
	LB_SYNC_COUNT_SENT_MESSAGES,
	LB_SYNC_COUNT_SENT_CONNS,
	LB_SYNC_COUNT_LOST_QUEUE,
	LB_SYNC_COUNT_LOST_MEMORY,
	LB_SYNC_COUNT_LOST_VERSION,
	LB_SYNC_COUNT_LOST_SEND,
	LB_SYNC_COUNT_RECEIVED_MESSAGES,
	LB_SYNC_COUNT_RECEIVED_CONNS,
	LB_SYNC_COUNT_OTHER_ID,
	LB_SYNC_COUNT_BAD_SIZE,
	LB_SYNC_COUNT_BAD_VERSION,
	LB_SYNC_COUNT_BAD_RECORD,
	LB_SYNC_COUNT_BAD_OPTION,
	LB_SYNC_COUNT_BAD_FLAGS,
	LB_SYNC_COUNT_BAD_PROTOCOL,
	LB_SYNC_COUNT_BAD_STATE,
	LB_SYNC_COUNT_BAD_ADDRESS,
	LB_SYNC_COUNT_NO_SERVICE,
	LB_SYNC_COUNT_NO_MEMORY,
	LB_SYNC_COUNT_CONN_LIMIT,
	LB_SYNC_COUNT_STALE,

	/* private: */
	__LB_SYNC_COUNT_MAX,
	LB_SYNC_COUNT_MAX = (__LB_SYNC_COUNT_MAX - 1)
};

enum {
	LB_A_STATS_PAD = 1,
	LB_A_STATS_CONNS,
	LB_A_STATS_IN_PACKETS,
	LB_A_STATS_OUT_PACKETS,
	LB_A_STATS_IN_BYTES,
	LB_A_STATS_OUT_BYTES,

	__LB_A_STATS_MAX,
	LB_A_STATS_MAX = (__LB_A_STATS_MAX - 1)
};

enum {
	LB_A_RATES_PAD = 1,
	LB_A_RATES_INTERVAL_MS,
	LB_A_RATES_CONNS,
	LB_A_RATES_IN_PACKETS,
	LB_A_RATES_OUT_PACKETS,
	LB_A_RATES_IN_BYTES,
	LB_A_RATES_OUT_BYTES,

	__LB_A_RATES_MAX,
	LB_A_RATES_MAX = (__LB_A_RATES_MAX - 1)
};

enum {
	LB_A_KEY_FAMILY = 1,
	LB_A_KEY_PROTOCOL,
	LB_A_KEY_ADDR,
	LB_A_KEY_PORT,
	LB_A_KEY_FWMARK,

	__LB_A_KEY_MAX,
	LB_A_KEY_MAX = (__LB_A_KEY_MAX - 1)
};

enum {
	LB_A_SERVICE_KEY = 1,
	LB_A_SERVICE_SCHEDULER,
	LB_A_SERVICE_DESTS,
	LB_A_SERVICE_ACTIVE,
	LB_A_SERVICE_INACTIVE,
	LB_A_SERVICE_STATS,
	LB_A_SERVICE_RATES,
	LB_A_SERVICE_TXN,
	LB_A_SERVICE_GENERATION,
	LB_A_SERVICE_SCHED_FLAGS,
	LB_A_SERVICE_ONE_PACKET,
	LB_A_SERVICE_MSS_CLAMP,
	LB_A_SERVICE_PERSIST_TIMEOUT,
	LB_A_SERVICE_PERSIST_PREFIX,
	LB_A_SERVICE_PERSIST_ENGINE,
	LB_A_SERVICE_TIMEOUTS,
	LB_A_SERVICE_SLOW_START,
	LB_A_SERVICE_ORPHANS,
	LB_A_SERVICE_SINCE_ZERO,

	__LB_A_SERVICE_MAX,
	LB_A_SERVICE_MAX = (__LB_A_SERVICE_MAX - 1)
};

enum {
	LB_A_DEST_SERVICE = 1,
	LB_A_DEST_FAMILY,
	LB_A_DEST_ADDR,
	LB_A_DEST_PORT,
	LB_A_DEST_METHOD,
	LB_A_DEST_WEIGHT,
	LB_A_DEST_DRAIN,
	LB_A_DEST_ACTIVE,
	LB_A_DEST_INACTIVE,
	LB_A_DEST_LOCAL,
	LB_A_DEST_STATS,
	LB_A_DEST_RATES,
	LB_A_DEST_TXN,
	LB_A_DEST_GENERATION,
	LB_A_DEST_TUNNEL_TYPE,
	LB_A_DEST_TUNNEL_PORT,
	LB_A_DEST_TUNNEL_CHECKSUM,
	LB_A_DEST_TEMPLATES,
	LB_A_DEST_UPPER,
	LB_A_DEST_LOWER,
	LB_A_DEST_FULL,
	LB_A_DEST_RAMP,
	LB_A_DEST_DEADLINE,
	LB_A_DEST_DRAIN_END,
	LB_A_DEST_SINCE_ZERO,
	LB_A_DEST_LAX_PORT,

	__LB_A_DEST_MAX,
	LB_A_DEST_MAX = (__LB_A_DEST_MAX - 1)
};

enum {
	LB_A_CONN_PAD = 1,
	LB_A_CONN_FAMILY,
	LB_A_CONN_PROTOCOL,
	LB_A_CONN_CLIENT_ADDR,
	LB_A_CONN_CLIENT_PREFIX,
	LB_A_CONN_CLIENT_PORT,
	LB_A_CONN_VIRTUAL_ADDR,
	LB_A_CONN_VIRTUAL_PORT,
	LB_A_CONN_DEST_FAMILY,
	LB_A_CONN_DEST_ADDR,
	LB_A_CONN_DEST_PORT,
	LB_A_CONN_METHOD,
	LB_A_CONN_STATE,
	LB_A_CONN_FLAGS,
	LB_A_CONN_EXPIRES_MS,
	LB_A_CONN_COUNT,
	LB_A_CONN_TEMPLATES,
	LB_A_CONN_FWMARK,
	LB_A_CONN_CONNS,
	LB_A_CONN_PERSIST_ID,

	__LB_A_CONN_MAX,
	LB_A_CONN_MAX = (__LB_A_CONN_MAX - 1)
};

enum {
	LB_A_SETTINGS_PAD = 1,
	LB_A_SETTINGS_TCP_NONE,
	LB_A_SETTINGS_TCP_ESTABLISHED,
	LB_A_SETTINGS_TCP_SYN_SENT,
	LB_A_SETTINGS_TCP_SYN_RECV,
	LB_A_SETTINGS_TCP_FIN_WAIT,
	LB_A_SETTINGS_TCP_TIME_WAIT,
	LB_A_SETTINGS_TCP_CLOSE,
	LB_A_SETTINGS_TCP_CLOSE_WAIT,
	LB_A_SETTINGS_TCP_LAST_ACK,
	LB_A_SETTINGS_TCP_LISTEN,
	LB_A_SETTINGS_TCP_SYNACK,
	LB_A_SETTINGS_UDP,
	LB_A_SETTINGS_CONN_MAX,
	LB_A_SETTINGS_GENERATION,
	LB_A_SETTINGS_TXN,
	LB_A_SETTINGS_CONNTRACK,
	LB_A_SETTINGS_SCTP_NONE,
	LB_A_SETTINGS_SCTP_INIT1,
	LB_A_SETTINGS_SCTP_INIT,
	LB_A_SETTINGS_SCTP_COOKIE_SENT,
	LB_A_SETTINGS_SCTP_COOKIE_REPLIED,
	LB_A_SETTINGS_SCTP_COOKIE_WAIT,
	LB_A_SETTINGS_SCTP_COOKIE,
	LB_A_SETTINGS_SCTP_COOKIE_ECHOED,
	LB_A_SETTINGS_SCTP_ESTABLISHED,
	LB_A_SETTINGS_SCTP_SHUTDOWN_SENT,
	LB_A_SETTINGS_SCTP_SHUTDOWN_RECEIVED,
	LB_A_SETTINGS_SCTP_SHUTDOWN_ACK_SENT,
	LB_A_SETTINGS_SCTP_REJECTED,
	LB_A_SETTINGS_SCTP_CLOSED,
	LB_A_SETTINGS_SLOPPY_SCTP,
	LB_A_SETTINGS_SCHEDULE_ICMP,
	LB_A_SETTINGS_EXPIRE_QUIESCENT_TEMPLATE,
	LB_A_SETTINGS_FTP_PORT,
	LB_A_SETTINGS_PMTU_DISC,
	LB_A_SETTINGS_DROP_ENTRY,
	LB_A_SETTINGS_DROP_PACKET,
	LB_A_SETTINGS_SECURE_TCP,
	LB_A_SETTINGS_AMEMTHRESH,
	LB_A_SETTINGS_AM_DROPRATE,
	LB_A_SETTINGS_EXPIRE_NODEST_CONN,
	LB_A_SETTINGS_CONN_REUSE_MODE,
	LB_A_SETTINGS_SLOPPY_TCP,
	LB_A_SETTINGS_SNAT_REROUTE,
	LB_A_SETTINGS_IGNORE_TUNNELED,
	LB_A_SETTINGS_LBLC_EXPIRATION,
	LB_A_SETTINGS_LBLCR_EXPIRATION,
	LB_A_SETTINGS_NAT_ICMP_SEND,
	LB_A_SETTINGS_CACHE_BYPASS,
	LB_A_SETTINGS_SYNC_VERSION,
	LB_A_SETTINGS_SYNC_PORTS,
	LB_A_SETTINGS_SYNC_THRESHOLD,
	LB_A_SETTINGS_SYNC_PERIOD,
	LB_A_SETTINGS_SYNC_REFRESH_PERIOD,
	LB_A_SETTINGS_SYNC_RETRIES,
	LB_A_SETTINGS_SYNC_QLEN_MAX,
	LB_A_SETTINGS_SYNC_SOCK_SIZE,
	LB_A_SETTINGS_SYNC_PERSIST_MODE,
	LB_A_SETTINGS_BACKUP_ONLY,

	__LB_A_SETTINGS_MAX,
	LB_A_SETTINGS_MAX = (__LB_A_SETTINGS_MAX - 1)
};

enum {
	LB_A_DROP_PAD = 1,
	LB_A_DROP_REASON,
	LB_A_DROP_NAME,
	LB_A_DROP_PACKETS,

	__LB_A_DROP_MAX,
	LB_A_DROP_MAX = (__LB_A_DROP_MAX - 1)
};

enum {
	LB_A_TOTAL_PAD = 1,
	LB_A_TOTAL_STATS,
	LB_A_TOTAL_RATES,
	LB_A_TOTAL_DROP,
	LB_A_TOTAL_SYNC,

	__LB_A_TOTAL_MAX,
	LB_A_TOTAL_MAX = (__LB_A_TOTAL_MAX - 1)
};

enum {
	LB_A_INFO_PAD = 1,
	LB_A_INFO_VERSION,
	LB_A_INFO_GENERATION,
	LB_A_INFO_SERVICES,
	LB_A_INFO_DESTS,
	LB_A_INFO_CONNS,
	LB_A_INFO_BUCKETS,
	LB_A_INFO_CONN_SIZE,
	LB_A_INFO_SCHEDULERS,

	__LB_A_INFO_MAX,
	LB_A_INFO_MAX = (__LB_A_INFO_MAX - 1)
};

enum {
	LB_A_TXN_PAD = 1,
	LB_A_TXN_ID,
	LB_A_TXN_STAGED,
	LB_A_TXN_FAILED,
	LB_A_TXN_REASON,
	LB_A_TXN_GENERATION,
	LB_A_TXN_ATTRIBUTE,

	__LB_A_TXN_MAX,
	LB_A_TXN_MAX = (__LB_A_TXN_MAX - 1)
};

enum {
	LB_A_SYNC_PAD = 1,
	LB_A_SYNC_ROLE,
	LB_A_SYNC_IFNAME,
	LB_A_SYNC_ID,
	LB_A_SYNC_MAX_LENGTH,
	LB_A_SYNC_GROUP,
	LB_A_SYNC_PORT,
	LB_A_SYNC_TTL,
	LB_A_SYNC_PORTS,

	__LB_A_SYNC_MAX,
	LB_A_SYNC_MAX = (__LB_A_SYNC_MAX - 1)
};

enum {
	LB_A_SYNC_COUNTER_PAD = 1,
	LB_A_SYNC_COUNTER_WHICH,
	LB_A_SYNC_COUNTER_NAME,
	LB_A_SYNC_COUNTER_VALUE,

	__LB_A_SYNC_COUNTER_MAX,
	LB_A_SYNC_COUNTER_MAX = (__LB_A_SYNC_COUNTER_MAX - 1)
};

enum {
	LB_CMD_INFO_GET = 1,
	LB_CMD_SERVICE_NEW,
	LB_CMD_SERVICE_SET,
	LB_CMD_SERVICE_DEL,
	LB_CMD_SERVICE_GET,
	LB_CMD_DEST_NEW,
	LB_CMD_DEST_SET,
	LB_CMD_DEST_DEL,
	LB_CMD_DEST_GET,
	LB_CMD_FLUSH,
	LB_CMD_CONN_GET,
	LB_CMD_CONN_DEL,
	LB_CMD_CONN_COUNT,
	LB_CMD_SETTINGS_GET,
	LB_CMD_SETTINGS_SET,
	LB_CMD_STATS_GET,
	LB_CMD_TXN_BEGIN,
	LB_CMD_TXN_COMMIT,
	LB_CMD_TXN_ABORT,
	LB_CMD_TXN_GET,
	LB_CMD_SERVICE_NEW_NTF,
	LB_CMD_SERVICE_SET_NTF,
	LB_CMD_SERVICE_DEL_NTF,
	LB_CMD_DEST_NEW_NTF,
	LB_CMD_DEST_SET_NTF,
	LB_CMD_DEST_DEL_NTF,
	LB_CMD_FLUSH_NTF,
	LB_CMD_SETTINGS_SET_NTF,
	LB_CMD_ZERO,
	LB_CMD_SYNC_START,
	LB_CMD_SYNC_STOP,
	LB_CMD_SYNC_GET,
	LB_CMD_SYNC_START_NTF,
	LB_CMD_SYNC_STOP_NTF,
	LB_CMD_CONN_ADOPT,

	__LB_CMD_MAX,
	LB_CMD_MAX = (__LB_CMD_MAX - 1)
};

#define LB_MCGRP_CONFIG	"config"

#endif /* _UAPI_LINUX_LB_H */
