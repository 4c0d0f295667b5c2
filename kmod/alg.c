// SPDX-License-Identifier: GPL-2.0
/* Control connections, the data connections that they announce, and those that come of
 * it. What an announcement looks like is the business of alg/.
 */
#include "alg.h"

#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "dest.h"
#include "service.h"

static const struct rhashtable_params lb_expected_params = {
	.head_offset = offsetof(struct lb_expect, node),
	.key_offset = offsetof(struct lb_expect, key),
	.key_len = sizeof(struct lb_expect_key),
	.automatic_shrinking = true,
};

int lb_alg_init(struct lb_net *ln)
{
	return rhashtable_init(&ln->expected, &lb_expected_params);
}

void lb_alg_exit(struct lb_net *ln)
{
	rhashtable_destroy(&ln->expected);
}

bool lb_alg_is_control(const struct lb_ctx *ctx, const struct lb_pool_entry *entry)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	u32 port = READ_ONCE(ctx->ln->settings.ftp_port);

	return port && tuple->proto == IPPROTO_TCP && tuple->dport == htons(port) &&
	       entry->method == LB_METHOD_NAT;
}

/* With @front bytes in front of the connection. */
static void *lb_alg_alloc(size_t front, u8 family)
{
	size_t size = family == AF_INET ? offsetofend(struct lb_conn, v4) : sizeof(struct lb_conn);

	return kzalloc(front + size, GFP_ATOMIC | __GFP_NOWARN);
}

struct lb_conn *lb_control_alloc(u8 family)
{
	struct lb_control *control = lb_alg_alloc(offsetof(struct lb_control, conn), family);

	if (!control)
		return NULL;
	spin_lock_init(&control->lock);
	refcount_set(&control->refs, 1);
	return &control->conn;
}

static void lb_control_put(struct lb_control *control)
{
	if (refcount_dec_and_test(&control->refs))
		kfree(control);
}

void lb_alg_free(struct lb_conn *conn)
{
	struct lb_data *data;

	if (conn->flags & LB_CONN_CONTROL) {
		lb_control_put(lb_control(conn));
		return;
	}
	data = container_of(conn, struct lb_data, conn);
	/* Nobody finds the control connection by this one any more. */
	lb_control_put(data->control);
	kfree(data);
}

void lb_data_seen(struct lb_conn *conn, u32 now)
{
	WRITE_ONCE(container_of(conn, struct lb_data, conn)->control->conn.seen, now);
}

/* Caller holds control->lock. */
static void lb_expect_drop(struct lb_net *ln, struct lb_control *control, unsigned int i)
{
	struct lb_expect *exp = control->expect[i];

	if (!exp)
		return;
	control->expect[i] = NULL;
	/* Somebody else may have taken it out, see lb_expect_publish(). */
	rhashtable_remove_fast(&ln->expected, &exp->node, lb_expected_params);
	kfree_rcu(exp, rcu);
}

void lb_control_close(struct lb_net *ln, struct lb_conn *conn)
{
	struct lb_control *control = lb_control(conn);
	unsigned int i;

	spin_lock_bh(&control->lock);
	control->closed = true;
	for (i = 0; i < LB_EXPECTS; i++)
		lb_expect_drop(ln, control, i);
	spin_unlock_bh(&control->lock);
}

static bool lb_expect_in_time(const struct lb_expect *exp)
{
	return (s32)(exp->until - (u32)jiffies) > 0;
}

/* What is too late is in nobody's way; it is still its control connection's to free. */
static bool lb_expect_publish(struct lb_net *ln, struct lb_expect *exp)
{
	struct lb_expect *other;

	other = rhashtable_lookup_get_insert_fast(&ln->expected, &exp->node, lb_expected_params);
	if (other && !IS_ERR(other) && !lb_expect_in_time(other)) {
		rhashtable_remove_fast(&ln->expected, &other->node, lb_expected_params);
		other = rhashtable_lookup_get_insert_fast(&ln->expected, &exp->node,
							  lb_expected_params);
	}
	return !other;
}

bool lb_expect_add(struct lb_net *ln, struct lb_control *control, const struct lb_expect_key *key,
		   enum lb_dir dir, __be16 port)
{
	struct lb_expect *exp;
	unsigned int i;

	if (control->closed)
		return false;
	/* Announced again, it is expected anew. */
	for (i = 0; i < LB_EXPECTS; i++) {
		if (control->expect[i] && !memcmp(&control->expect[i]->key, key, sizeof(*key)))
			lb_expect_drop(ln, control, i);
	}
	exp = kmalloc(sizeof(*exp), GFP_ATOMIC | __GFP_NOWARN);
	if (!exp)
		return false;
	*exp = (struct lb_expect){
		.key = *key,
		.control = control,
		.until = (u32)jiffies + READ_ONCE(ln->settings.timeout[LB_STATE_LISTEN]),
		.port = port,
		.dir = dir,
	};
	if (!lb_expect_publish(ln, exp)) {
		kfree(exp);
		return false;
	}
	lb_expect_drop(ln, control, control->oldest);
	control->expect[control->oldest] = exp;
	control->oldest = (control->oldest + 1) % LB_EXPECTS;
	return true;
}

static struct lb_expect *lb_expect_find(const struct lb_ctx *ctx)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	const struct lb_expect_key key = {
		.src = tuple->src,
		.dst = tuple->dst,
		.dport = tuple->dport,
		.family = tuple->family,
	};

	return rhashtable_lookup(&ctx->ln->expected, &key, lb_expected_params);
}

/* Where its control connection has it, LB_EXPECTS for nowhere; under control->lock. */
static unsigned int lb_expect_place(const struct lb_expect *exp)
{
	unsigned int i;

	for (i = 0; i < LB_EXPECTS; i++) {
		if (exp->control->expect[i] == exp)
			break;
	}
	return i;
}

/* As the client's packets of the data connection will look. */
static void lb_data_client(const struct lb_ctx *ctx, const struct lb_expect *exp,
			   struct lb_tuple *client)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;

	*client = *tuple;
	if (exp->dir == LB_DIR_IN)
		return;
	client->src = tuple->dst;
	client->sport = tuple->dport;
	memset(&client->dst, 0, sizeof(client->dst));
	lb_conn_vaddr(&exp->control->conn, &client->dst);
	client->dport = exp->port;
}

static struct lb_conn *lb_data_new(const struct lb_ctx *ctx, const struct lb_expect *exp)
{
	struct lb_control *control = exp->control;
	const struct lb_pool_entry entry = {
		.dest = control->conn.dest,
		.method = LB_METHOD_NAT,
	};
	struct lb_ctx client = { .ln = ctx->ln };
	struct lb_data *data;

	data = lb_alg_alloc(offsetof(struct lb_data, conn), exp->key.family);
	if (!data)
		return NULL;
	lb_data_client(ctx, exp, &client.pkt.tuple);
	client.hash = lb_tuple_hash(&client.pkt.tuple);
	lb_conn_fill(&data->conn, &client, &entry,
		     exp->dir == LB_DIR_IN ? exp->port : ctx->pkt.tuple.sport);
	data->conn.flags |= LB_CONN_DATA;
	data->control = control;
	refcount_inc(&control->refs);
	return &data->conn;
}

/* A destination is kept by the connections that are counted in its load: this one may
 * be, as long as its control connection is.
 */
static bool lb_data_count(struct lb_control *control)
{
	bool alive;

	spin_lock(&control->conn.lock);
	alive = !(control->conn.flags & LB_CONN_DEAD);
	if (alive)
		lb_dest_load_add(control->conn.dest, LB_LOAD_INACTIVE);
	spin_unlock(&control->conn.lock);
	return alive;
}

/* Returns NULL, or the connection that is there already, or an error pointer. */
static struct lb_conn *lb_data_insert(struct lb_net *ln, struct lb_conn *conn, enum lb_dir dir)
{
	struct lb_conn *other = lb_conns_insert(ln, conn);

	if (IS_ERR_OR_NULL(other) || dir == LB_DIR_IN || (other->flags & LB_CONN_CONTROL) ||
	    other->dport == conn->dport)
		return other;
	/* The client listens on this port again: what was there is over. */
	lb_conn_del(ln, other);
	return lb_conns_insert(ln, conn);
}

static enum lb_verdict lb_data_open(struct lb_ctx *ctx, const struct lb_expect *exp)
{
	struct lb_control *control = exp->control;
	struct lb_dest *dest = control->conn.dest;
	struct lb_conn *conn, *other;

	if (READ_ONCE(dest->removed))
		return lb_drop(ctx, LB_DROP_REASON_DEST_REMOVED);
	if (lb_conns_full(ctx->ln))
		return lb_drop(ctx, LB_DROP_REASON_CONN_LIMIT);
	conn = lb_data_new(ctx, exp);
	if (!conn)
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	if (!lb_data_count(control)) {
		lb_alg_free(conn);
		return LB_ACCEPT;
	}
	other = lb_data_insert(ctx->ln, conn, exp->dir);
	if (other) {
		lb_dest_load_add(dest, -LB_LOAD_INACTIVE);
		lb_conn_free_later(conn);
	} else {
		lb_dest_count_conn(dest);
	}
	if (IS_ERR(other))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	ctx->conn = other ?: conn;
	ctx->dir = exp->dir;
	return LB_CONTINUE;
}

bool lb_alg_admit(struct lb_ctx *ctx, enum lb_verdict *verdict)
{
	struct lb_expect *exp = lb_expect_find(ctx);
	struct lb_control *control;
	unsigned int place;

	/* What passes by on its way to a virtual address is somebody else's. */
	if (!exp || (exp->dir == LB_DIR_IN && ctx->hook == NF_INET_FORWARD))
		return false;
	control = exp->control;
	spin_lock(&control->lock);
	place = lb_expect_place(exp);
	if (place < LB_EXPECTS && lb_expect_in_time(exp)) {
		*verdict = lb_data_open(ctx, exp);
		if (*verdict == LB_CONTINUE)
			lb_expect_drop(ctx->ln, control, place);
		spin_unlock(&control->lock);
		return true;
	}
	spin_unlock(&control->lock);
	/* Another CPU may have opened it meanwhile, by the same SYN. */
	*verdict = LB_CONTINUE;
	return lb_conn_find(ctx);
}
