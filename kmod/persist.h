/* SPDX-License-Identifier: GPL-2.0 */
/* Persistence: a client's connections go where its last one went. A template is
 * who remembers that, one for a client (or network of clients, or call of one) and
 * a service.
 * Owns templates, their table and their lifetime; what a service says of
 * persistence belongs to its pool (service.h).
 *
 * Lifetime: a template is found under rcu_read_lock() without a reference and
 * freed a grace period after it was unlinked and its last connection was. It
 * pins its destination by being counted in dest->templates, its connections pin
 * it by being counted in it.
 */
#ifndef LB_PERSIST_H
#define LB_PERSIST_H

#include <linux/jiffies.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>

#include "addr.h"
#include "lb.h"

struct lb_conn_filter;
struct lb_ctx;
struct lb_pool;
struct lb_pool_entry;

/**
 * struct lb_template - where a client's next connection goes
 * @node: in ln->templates
 * @hash: of its name; constant, as all that follows up to @lock
 * @key: of its service
 * @client: the client, or its network: bits beyond the prefix are zero
 * @dest: where it leads
 * @method: enum lb_method of its first connection
 * @prefix: significant bits of @client
 * @id_len: bytes of @id
 * @lock: serialises what follows and the death
 * @conns: connections that it has sent there and that live
 * @seen: jiffies (low 32 bits) of the last one's opening
 * @timeout: jiffies that it lives without a connection after that
 * @dead: unlinked, or about to be
 * @told: another director has been told of it
 * @synced: another director has told of it; constant
 * @told_at: jiffies (low 32 bits) when, with @told
 * @rcu: frees it
 * @id: what else the service's persistence engine tells clients by (pe.h); constant
 */
struct lb_template {
	struct rhash_head node;
	u32 hash;
	struct lb_service_key key;
	union lb_addr client;
	struct lb_dest *dest;
	u8 method;
	u8 prefix;
	u8 id_len;
	spinlock_t lock;
	u32 conns;
	u32 seen;
	u32 timeout;
	bool dead;
	bool told;
	bool synced;
	u32 told_at;
	struct rcu_head rcu;
	char id[];
};

/* Jiffies left if it has no connections, 0 or less when it is dead to lookups
 * then.
 */
static inline s32 lb_template_left(const struct lb_template *tpl, u32 now)
{
	return (s32)(READ_ONCE(tpl->timeout) - (now - READ_ONCE(tpl->seen)));
}

/* Module-wide cache of templates. _exit(): every namespace is gone. */
int lb_persist_init(void);
void lb_persist_exit(void);

/* Per namespace. _exit(): no packet comes any more, and no connection is left. */
int lb_templates_init(struct lb_net *ln);
void lb_templates_exit(struct lb_net *ln);

/**
 * lb_template_pick - where a new connection of a persistent service goes
 * @ctx: pkt is read; the packet belongs to no connection
 * @svc: its service
 * @pool: the version of it that the packet sees; persistent
 * @tpl: the template that sends it there, in which the connection is counted:
 *	to be given back by lb_template_put(); NULL where nobody is there and it goes
 *	past all (bypass.h)
 *
 * Asks the service's scheduler where there is no template yet, or none that
 * leads somewhere, and makes one.
 * Context: rcu_read_lock(), BH disabled.
 * Return: NULL, the packet counted as dropped and its sender told, when there is
 * nobody, or no memory.
 */
const struct lb_pool_entry *lb_template_pick(struct lb_ctx *ctx, struct lb_service *svc,
					     struct lb_pool *pool, struct lb_template **tpl);

/**
 * lb_template_lead - let a client's template lead where a server has spoken
 * @ctx: pkt is what the client would send
 * @svc: its service
 * @pool: the version of it that the packet sees; with an engine
 * @entry: where to, of @pool
 * @tpl: as above; NULL where the engine finds nothing that tells whose it is
 *
 * One that leads elsewhere is deleted. Context: as above.
 * Return: false, the packet counted as dropped, when there is no memory.
 */
bool lb_template_lead(struct lb_ctx *ctx, struct lb_service *svc, struct lb_pool *pool,
		      const struct lb_pool_entry *entry, struct lb_template **tpl);

struct lb_pe_id;
struct lb_service;

/**
 * lb_template_learn - another director leads a client somewhere
 * @ln: namespace
 * @svc: the service
 * @pool: the version of it that is seen; persistent
 * @entry: where to, of @pool
 * @client: the client, or its network
 * @id: what the engine tells it by, NULL for nothing
 * @timeout: jiffies that it lives from now on without a connection
 *
 * One that leads elsewhere is deleted. Context: rcu_read_lock(), BH disabled.
 * Return: 0, -ENOSPC with as many as there may be, or -ENOMEM.
 */
int lb_template_learn(struct lb_net *ln, const struct lb_service *svc, const struct lb_pool *pool,
		      const struct lb_pool_entry *entry, const union lb_addr *client,
		      const struct lb_pe_id *id, u32 timeout);

/* One connection less. BH or process context, under rcu_read_lock(). */
void lb_template_put(struct lb_template *tpl);

/* Unlinks it; harmless when somebody else did. Context: as above. */
void lb_template_del(struct lb_net *ln, struct lb_template *tpl);

/* Unlinks those whose destination was removed. Process context. */
void lb_templates_forget_removed(struct lb_net *ln);

/* Looks at a part of them and unlinks what is dead; the sweep calls this now and
 * then. Returns whether some are left.
 */
bool lb_templates_sweep(struct lb_net *ln);

/* Under rcu_read_lock(). Dead templates match nothing. */
bool lb_template_matches(const struct lb_template *tpl, const struct lb_conn_filter *filter,
			 u32 now);

/* A walk over all templates, as that over connections (conn.h). */
void lb_template_walk_begin(struct rhashtable_iter *walk, struct lb_net *ln);
void lb_template_walk_resume(struct rhashtable_iter *walk);
void lb_template_walk_pause(struct rhashtable_iter *walk);
struct lb_template *lb_template_walk_next(struct rhashtable_iter *walk);
struct lb_template *lb_template_walk_peek(struct rhashtable_iter *walk);
void lb_template_walk_end(struct rhashtable_iter *walk);

/* Templates in the table. */
u32 lb_templates_count(struct lb_net *ln);

#endif /* LB_PERSIST_H */
