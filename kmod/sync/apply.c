// SPDX-License-Identifier: GPL-2.0
/* What another director tells of a connection, or a template, is made true here: it is
 * opened as if its packet had come, or brought up to date.
 *
 * Where it goes is looked up in the configuration, whose method holds. A destination that
 * is not configured is one that was removed and has connections: when it is added, it has
 * them (dest.h). Until then they go on as in ip_vs, by the method that was told.
 */
#include "../alg.h"
#include "../conn.h"
#include "../core/sync_msg.h"
#include "../dest.h"
#include "../packet.h"
#include "../pe.h"
#include "../persist.h"
#include "../proto.h"
#include "../service.h"
#include "sync.h"

/* Of destinations that are not configured, so many may be there. */
#define LB_SYNC_STRAYS	1024

/* A template that came without a timeout, as in ip_vs. */
#define LB_SYNC_TEMPLATE_TIMEOUT	(3 * 60 * HZ)

/* A record, as the rest of the module would say it. */
struct lb_sync_told {
	const struct sync_record *rec;
	u8 family;
	u8 state;
	u32 timeout;
	union lb_addr daddr;
	struct lb_ctx ctx;
};

static void lb_sync_addr_of(union lb_addr *addr, u8 family, const u8 *bytes)
{
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, bytes, lb_addr_len(family));
}

static bool lb_sync_is_host(u8 family, const union lb_addr *addr)
{
	if (family == AF_INET)
		return !ipv4_is_multicast(addr->ip) && !ipv4_is_lbcast(addr->ip) &&
		       !ipv4_is_zeronet(addr->ip);
	return !ipv6_addr_is_multicast(&addr->ip6) && !ipv6_addr_any(&addr->ip6);
}

/* By its protocol's numbers in ip_vs; LB_STATES for none. */
static unsigned int lb_sync_state(u8 proto, u16 state)
{
	unsigned int ours = state;

	if (proto == IPPROTO_UDP)
		ours += LB_STATE_UDP;
	else if (proto == IPPROTO_SCTP)
		ours += LB_STATE_SCTP_NONE;
	return ours < LB_STATES && lb_proto_has_state(proto, ours) ? ours : LB_STATES;
}

/* 0 stays 0: it was not told. */
static u32 lb_sync_jiffies(u32 seconds)
{
	return min_t(u64, (u64)seconds * HZ, S32_MAX - LB_CONN_TICK);
}

/* What is wrong with a record, as a counter: LB_SYNC_COUNT_RECEIVED_CONNS for nothing. So do
 * the others below that return one.
 */
static unsigned int lb_sync_check_conn(struct lb_sync_told *told)
{
	const struct sync_record *rec = told->rec;
	const struct lb_tuple *tuple = &told->ctx.pkt.tuple;
	unsigned int state;

	if (rec->flags & (SYNC_NO_CPORT | SYNC_ONE_PACKET))
		return LB_SYNC_COUNT_BAD_FLAGS;
	if (rec->proto != IPPROTO_TCP && rec->proto != IPPROTO_UDP && rec->proto != IPPROTO_SCTP)
		return LB_SYNC_COUNT_BAD_PROTOCOL;
	state = lb_sync_state(rec->proto, rec->state);
	if (state == LB_STATES)
		return LB_SYNC_COUNT_BAD_STATE;
	told->state = state;
	if (!lb_sync_is_host(told->family, &tuple->src) ||
	    !lb_sync_is_host(told->family, &tuple->dst) ||
	    !lb_sync_is_host(told->family, &told->daddr))
		return LB_SYNC_COUNT_BAD_ADDRESS;
	return LB_SYNC_COUNT_RECEIVED_CONNS;
}

/* --- the configuration */

static struct lb_service *lb_sync_service_at(struct lb_net *ln, const struct lb_service_key *key,
					     __be16 port, struct lb_pool **pool)
{
	struct lb_service_key there = *key;
	struct lb_service *svc;

	there.port = port;
	svc = lb_service_find(ln, &there);
	*pool = svc ? lb_service_pool(svc) : NULL;
	return *pool ? svc : NULL;
}

/* Whose a connection is: by its mark; its port; of FTP's data, the control port's; any
 * port's. Under rcu_read_lock(). NULL for nobody's.
 */
static struct lb_service *lb_sync_service(struct lb_net *ln, const struct lb_service_key *key,
					  struct lb_pool **pool)
{
	const __be16 ftp = htons(READ_ONCE(ln->settings.ftp_port));
	struct lb_service *svc;

	svc = lb_sync_service_at(ln, key, key->port, pool);
	if (svc || key->fwmark)
		return svc;
	if (ftp && key->proto == IPPROTO_TCP)
		svc = lb_sync_service_at(ln, key, ftp, pool);
	return svc ?: lb_sync_service_at(ln, key, 0, pool);
}

/* That of the same port, else one for any port, else, where a service has several, one of
 * that address.
 */
static const struct lb_pool_entry *lb_sync_entry(const struct lb_pool *pool,
						 const struct lb_sync_told *told)
{
	const __be16 dport = htons(told->rec->dport);
	const struct lb_pool_entry *any = NULL, *entry;
	u32 i;

	for (i = 0; i < pool->n_members; i++) {
		entry = &pool->member[i];
		if (entry->dest->family != told->family ||
		    !lb_addr_equal(told->family, &entry->dest->addr, &told->daddr))
			continue;
		if (entry->dest->port == dport)
			return entry;
		if (!any || !entry->dest->port)
			any = entry;
	}
	if (any && (!any->dest->port || pool->any_addr || pool->persist.timeout || !dport))
		return any;
	return NULL;
}

static void lb_sync_key(struct lb_service_key *key, const struct lb_sync_told *told)
{
	const struct lb_tuple *tuple = &told->ctx.pkt.tuple;

	*key = (struct lb_service_key){ .family = told->family, .fwmark = told->rec->fwmark };
	if (key->fwmark)
		return;
	key->addr = tuple->dst;
	key->port = tuple->dport;
	key->proto = tuple->proto;
}

/* --- connections */

/* FTP's control connection: what its server said was rewritten so far. */
static void lb_sync_take_edits(struct lb_conn *conn, const struct sync_record *rec)
{
	struct lb_control *control = lb_control(conn);

	spin_lock_bh(&control->lock);
	/* What was rewritten is not told, but by how much what follows is moved. */
	control->edits = (struct seq_edits){ .shift = rec->out.delta };
	spin_unlock_bh(&control->lock);
}

/* Under rcu_read_lock(), BH disabled. */
static void lb_sync_bring(struct lb_net *ln, struct lb_conn *conn, const struct lb_sync_told *told)
{
	const u32 threshold = READ_ONCE(ln->settings.sync_threshold);

	if (told->rec->has_seq && (READ_ONCE(conn->flags) & LB_CONN_CONTROL))
		lb_sync_take_edits(conn, told->rec);
	lb_proto_bring(ln, conn, told->state, told->timeout);
	WRITE_ONCE(conn->packets, min_t(u32, threshold, LB_DEFENCE_PACKETS + 1));
	WRITE_ONCE(conn->node[LB_DIR_IN].word, threshold);
	WRITE_ONCE(conn->node[LB_DIR_IN].told, told->state);
}

static bool lb_sync_goes_there(const struct lb_ctx *ctx, const struct lb_sync_told *told)
{
	const struct lb_conn *conn = ctx->conn;
	union lb_addr daddr;

	lb_conn_daddr(conn, &daddr);
	return ctx->dir == LB_DIR_IN && conn->dest->family == told->family &&
	       conn->dport == htons(told->rec->dport) &&
	       lb_addr_equal(told->family, &daddr, &told->daddr);
}

static unsigned int lb_sync_open(struct lb_sync_told *told, const struct lb_pool_entry *entry)
{
	struct lb_ctx *ctx = &told->ctx;
	struct lb_conn *conn;

	if (lb_conns_full(ctx->ln))
		return LB_SYNC_COUNT_CONN_LIMIT;
	conn = lb_conn_adopt(ctx, entry, htons(told->rec->dport));
	if (!conn)
		return LB_SYNC_COUNT_NO_MEMORY;
	lb_sync_bring(ctx->ln, conn, told);
	return LB_SYNC_COUNT_RECEIVED_CONNS;
}

/* LB_SYNC_COUNT_NO_SERVICE where its destination is not configured. */
static unsigned int lb_sync_known(struct lb_sync_told *told, const struct lb_service_key *key)
{
	const struct lb_pool_entry *entry = NULL;
	struct lb_ctx *ctx = &told->ctx;
	struct lb_pool *pool;

	ctx->conn = NULL;
	if (lb_conn_find(ctx)) {
		if (lb_sync_goes_there(ctx, told)) {
			lb_sync_bring(ctx->ln, ctx->conn, told);
			return LB_SYNC_COUNT_RECEIVED_CONNS;
		}
		/* The end of one that was replaced comes late. */
		if (ctx->dir != LB_DIR_IN || (told->rec->flags & SYNC_INACTIVE))
			return LB_SYNC_COUNT_STALE;
		lb_conn_del(ctx->ln, ctx->conn);
		ctx->conn = NULL;
	}
	if (lb_sync_service(ctx->ln, key, &pool))
		entry = lb_sync_entry(pool, told);
	return entry ? lb_sync_open(told, entry) : LB_SYNC_COUNT_NO_SERVICE;
}

static u8 lb_sync_method_of(u32 flags)
{
	switch (flags & SYNC_METHOD) {
	case SYNC_TUNNEL:
		return LB_METHOD_TUNNEL;
	case SYNC_DIRECT:
		return LB_METHOD_DIRECT;
	}
	return LB_METHOD_NAT;
}

/* A destination of @key that is not configured. Caller holds ln->lock. */
static struct lb_dest *lb_sync_stray(struct lb_net *ln, const struct lb_service_key *key,
				     const struct lb_sync_told *told)
{
	struct lb_service *svc = lb_service_find(ln, key);
	struct lb_dest *dest;

	if (svc)
		lb_service_get(svc);
	else
		svc = lb_service_alloc(ln, key);
	if (!svc)
		return NULL;
	dest = lb_dest_new(svc, told->family, &told->daddr, htons(told->rec->dport));
	if (dest)
		lb_dest_remove(dest, get_state_synchronize_rcu(), LB_FATE_NONE);
	/* It is the destination's now. */
	lb_service_put(svc);
	return dest;
}

/* Whose destination it would be: by the name of the service that is there, if one is. */
static void lb_sync_owner(struct lb_service_key *owner, struct lb_net *ln,
			  const struct lb_service_key *key)
{
	const struct lb_service *svc;
	struct lb_pool *pool;

	rcu_read_lock();
	svc = lb_sync_service(ln, key, &pool);
	*owner = svc ? svc->key : *key;
	rcu_read_unlock();
}

/* Its destination is not configured. It is counted in the destination's load before
 * anybody who would free that can have ln->lock.
 */
static unsigned int lb_sync_unknown(struct lb_sync_told *told, const struct lb_service_key *key)
{
	struct lb_pool_entry entry = { .method = lb_sync_method_of(told->rec->flags) };
	struct lb_net *ln = told->ctx.ln;
	struct lb_service_key owner;
	unsigned int outcome;

	mutex_lock(&ln->lock);
	lb_sync_owner(&owner, ln, key);
	entry.dest = lb_dest_find_removed(ln, &owner, told->family, &told->daddr,
					  htons(told->rec->dport));
	if (!entry.dest && ln->n_removed >= LB_SYNC_STRAYS) {
		outcome = LB_SYNC_COUNT_CONN_LIMIT;
		goto unlock;
	}
	if (!entry.dest)
		entry.dest = lb_sync_stray(ln, &owner, told);
	if (!entry.dest) {
		outcome = LB_SYNC_COUNT_NO_MEMORY;
		goto unlock;
	}
	local_bh_disable();
	rcu_read_lock();
	/* It may have been configured, or the connection opened, meanwhile. */
	outcome = lb_sync_known(told, key);
	if (outcome == LB_SYNC_COUNT_NO_SERVICE)
		outcome = lb_sync_open(told, &entry);
	rcu_read_unlock();
	local_bh_enable();
	lb_conns_sweep_later(ln);
unlock:
	mutex_unlock(&ln->lock);
	return outcome;
}

static unsigned int lb_sync_conn(struct lb_sync_told *told)
{
	struct lb_service_key key;
	unsigned int outcome;

	outcome = lb_sync_check_conn(told);
	if (outcome != LB_SYNC_COUNT_RECEIVED_CONNS)
		return outcome;
	lb_sync_key(&key, told);
	local_bh_disable();
	rcu_read_lock();
	outcome = lb_sync_known(told, &key);
	rcu_read_unlock();
	local_bh_enable();
	return outcome == LB_SYNC_COUNT_NO_SERVICE ? lb_sync_unknown(told, &key) : outcome;
}

/* --- templates */

/* FTP's is of its control port here, of no port there. */
static struct lb_service *lb_sync_template_service(struct lb_net *ln,
						   const struct lb_service_key *key,
						   struct lb_pool **pool)
{
	struct lb_service *svc = lb_sync_service_at(ln, key, key->port, pool);

	if (!svc && !key->fwmark && !key->port)
		svc = lb_sync_service_at(ln, key, htons(LB_PORT_FTP), pool);
	return svc;
}

static bool lb_sync_take_id(struct lb_pe_id *id, const struct sync_record *rec)
{
	if (rec->engine_len != 3 || memcmp(rec->engine, "sip", 3))
		return false;
	id->len = rec->id_len;
	memcpy(id->data, rec->id, rec->id_len);
	return true;
}

static unsigned int lb_sync_template_known(struct lb_sync_told *told,
					   const struct lb_service_key *key,
					   const struct lb_pe_id *id)
{
	const u32 timeout = told->timeout ?: LB_SYNC_TEMPLATE_TIMEOUT;
	const struct lb_tuple *tuple = &told->ctx.pkt.tuple;
	struct lb_net *ln = told->ctx.ln;
	const struct lb_pool_entry *entry;
	struct lb_service *svc;
	struct lb_pool *pool;

	svc = lb_sync_template_service(ln, key, &pool);
	entry = svc && pool->persist.timeout ? lb_sync_entry(pool, told) : NULL;
	if (!entry)
		return LB_SYNC_COUNT_NO_SERVICE;
	switch (lb_template_learn(ln, svc, pool, entry, &tuple->src, id, timeout)) {
	case 0:
		return LB_SYNC_COUNT_RECEIVED_CONNS;
	case -ENOSPC:
		return LB_SYNC_COUNT_CONN_LIMIT;
	}
	return LB_SYNC_COUNT_NO_MEMORY;
}

static noinline_for_stack unsigned int lb_sync_template(struct lb_sync_told *told)
{
	const struct sync_record *rec = told->rec;
	struct lb_service_key key;
	unsigned int outcome;
	struct lb_pe_id id;

	if (rec->flags & (SYNC_NO_CPORT | SYNC_ONE_PACKET))
		return LB_SYNC_COUNT_BAD_FLAGS;
	if (rec->state > 1)
		return LB_SYNC_COUNT_BAD_STATE;
	if (!lb_sync_is_host(told->family, &told->daddr))
		return LB_SYNC_COUNT_BAD_ADDRESS;
	if (rec->id_len && !lb_sync_take_id(&id, rec))
		return LB_SYNC_COUNT_BAD_OPTION;
	lb_sync_key(&key, told);
	local_bh_disable();
	rcu_read_lock();
	outcome = lb_sync_template_known(told, &key, rec->id_len ? &id : NULL);
	rcu_read_unlock();
	local_bh_enable();
	return outcome;
}

static void lb_sync_told_of(struct lb_sync_told *told, struct lb_net *ln,
			    const struct sync_record *rec)
{
	struct lb_tuple *tuple = &told->ctx.pkt.tuple;

	*told = (struct lb_sync_told){
		.rec = rec,
		.family = rec->ipv6 ? AF_INET6 : AF_INET,
		.timeout = lb_sync_jiffies(rec->timeout),
		.ctx = { .ln = ln, .hook = NF_INET_LOCAL_IN },
	};
	tuple->family = told->family;
	tuple->proto = rec->proto;
	tuple->sport = htons(rec->cport);
	tuple->dport = htons(rec->vport);
	lb_sync_addr_of(&tuple->src, told->family, rec->caddr);
	lb_sync_addr_of(&tuple->dst, told->family, rec->vaddr);
	lb_sync_addr_of(&told->daddr, told->family, rec->daddr);
}

void lb_sync_apply(struct lb_net *ln, const struct sync_record *rec)
{
	struct lb_sync_told told;

	lb_sync_told_of(&told, ln, rec);
	lb_sync_count(ln, rec->flags & SYNC_TEMPLATE ? lb_sync_template(&told) :
						       lb_sync_conn(&told));
}

unsigned int lb_sync_adopt(struct lb_net *ln, const struct sync_record *rec)
{
	struct lb_sync_told told;
	struct lb_service_key key;
	unsigned int outcome;

	lb_sync_told_of(&told, ln, rec);
	outcome = lb_sync_check_conn(&told);
	if (outcome != LB_SYNC_COUNT_RECEIVED_CONNS)
		return outcome;
	lb_sync_key(&key, &told);
	local_bh_disable();
	rcu_read_lock();
	outcome = lb_sync_known(&told, &key);
	rcu_read_unlock();
	local_bh_enable();
	return outcome;
}
