// SPDX-License-Identifier: GPL-2.0
/* conn-get, -del and -count: what packets made, seen and thinned out from the
 * outside. None of them takes ln->lock.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "../conn.h"
#include "../dest.h"
#include "../packet.h"
#include "../persist.h"
#include "netlink.h"

/* Connections looked at in one go: then others run, and RCU callbacks. */
#define LB_NL_CONN_CHUNK 1024

/* Under rcu_read_lock(). */
static int lb_nl_put_conn(struct sk_buff *skb, const struct lb_conn *conn, u32 now)
{
	const struct lb_dest *dest = conn->dest;
	u8 set = READ_ONCE(conn->flags);
	union lb_addr caddr, vaddr, daddr;
	u32 flags = 0;

	if (set & LB_CONN_INACTIVE)
		flags |= LB_CONN_FLAGS_INACTIVE;
	if (set & LB_CONN_NO_OUTPUT)
		flags |= LB_CONN_FLAGS_NO_OUTPUT;
	if (READ_ONCE(dest->removed))
		flags |= LB_CONN_FLAGS_ORPHAN;

	lb_conn_caddr(conn, &caddr);
	lb_conn_vaddr(conn, &vaddr);
	lb_conn_daddr(conn, &daddr);
	if (nla_put_u16(skb, LB_A_CONN_FAMILY, conn->family) ||
	    nla_put_u8(skb, LB_A_CONN_PROTOCOL, conn->proto) ||
	    lb_nl_put_addr(skb, LB_A_CONN_CLIENT_ADDR, conn->family, &caddr) ||
	    nla_put_be16(skb, LB_A_CONN_CLIENT_PORT, conn->cport) ||
	    lb_nl_put_addr(skb, LB_A_CONN_VIRTUAL_ADDR, conn->family, &vaddr) ||
	    nla_put_be16(skb, LB_A_CONN_VIRTUAL_PORT, conn->vport) ||
	    nla_put_u16(skb, LB_A_CONN_DEST_FAMILY, dest->family) ||
	    lb_nl_put_addr(skb, LB_A_CONN_DEST_ADDR, dest->family, &daddr) ||
	    nla_put_be16(skb, LB_A_CONN_DEST_PORT, conn->dport) ||
	    nla_put_u8(skb, LB_A_CONN_METHOD, conn->method) ||
	    nla_put_u8(skb, LB_A_CONN_STATE, READ_ONCE(conn->state)) ||
	    nla_put_u32(skb, LB_A_CONN_FLAGS, flags) ||
	    nla_put_u64_64bit(skb, LB_A_CONN_EXPIRES_MS,
			      jiffies_to_msecs(max(lb_conn_left(conn, now), 0)), LB_A_CONN_PAD))
		return -EMSGSIZE;
	return 0;
}

/* nla_put_string() of what does not end with a zero. */
static int lb_nl_put_text(struct sk_buff *skb, int type, const char *text, u8 len)
{
	struct nlattr *attr = nla_reserve(skb, type, len + 1);

	if (!attr)
		return -EMSGSIZE;
	memcpy(nla_data(attr), text, len);
	((char *)nla_data(attr))[len] = '\0';
	return 0;
}

/* Under rcu_read_lock(). */
static int lb_nl_put_template(struct sk_buff *skb, const struct lb_template *tpl, u32 now)
{
	const struct lb_dest *dest = tpl->dest;
	u32 flags = LB_CONN_FLAGS_TEMPLATE;

	if (READ_ONCE(dest->removed))
		flags |= LB_CONN_FLAGS_ORPHAN;
	if (nla_put_u16(skb, LB_A_CONN_FAMILY, tpl->key.family))
		return -EMSGSIZE;
	if (tpl->key.fwmark ? nla_put_u32(skb, LB_A_CONN_FWMARK, tpl->key.fwmark) :
	    nla_put_u8(skb, LB_A_CONN_PROTOCOL, tpl->key.proto) ||
	    lb_nl_put_addr(skb, LB_A_CONN_VIRTUAL_ADDR, tpl->key.family, &tpl->key.addr) ||
	    nla_put_be16(skb, LB_A_CONN_VIRTUAL_PORT, tpl->key.port))
		return -EMSGSIZE;
	if (tpl->id_len && lb_nl_put_text(skb, LB_A_CONN_PERSIST_ID, tpl->id, tpl->id_len))
		return -EMSGSIZE;
	if (lb_nl_put_addr(skb, LB_A_CONN_CLIENT_ADDR, tpl->key.family, &tpl->client) ||
	    nla_put_u8(skb, LB_A_CONN_CLIENT_PREFIX, tpl->prefix) ||
	    nla_put_u16(skb, LB_A_CONN_DEST_FAMILY, dest->family) ||
	    lb_nl_put_addr(skb, LB_A_CONN_DEST_ADDR, dest->family, &dest->addr) ||
	    nla_put_be16(skb, LB_A_CONN_DEST_PORT, dest->port) ||
	    nla_put_u8(skb, LB_A_CONN_METHOD, tpl->method) ||
	    nla_put_u32(skb, LB_A_CONN_FLAGS, flags) ||
	    nla_put_u32(skb, LB_A_CONN_CONNS, READ_ONCE(tpl->conns)) ||
	    nla_put_u64_64bit(skb, LB_A_CONN_EXPIRES_MS,
			      jiffies_to_msecs(max(lb_template_left(tpl, now), 0)),
			      LB_A_CONN_PAD))
		return -EMSGSIZE;
	return 0;
}

/* A dump of connections, then of templates, from its first call to its end. */
struct lb_nl_conn_dump {
	struct lb_conn_filter filter;
	struct lb_conn_walk walk;
	struct rhashtable_iter templates;
	bool conns_done;
};

static struct lb_nl_conn_dump *lb_nl_conn_dump_begin(struct netlink_callback *cb,
						     struct lb_net *ln)
{
	struct lb_nl_conn_dump *dump = kmalloc(sizeof(*dump), GFP_KERNEL);
	int err;

	if (!dump) {
		NL_SET_ERR_MSG(cb->extack, "out of memory");
		return ERR_PTR(-ENOMEM);
	}
	err = lb_nl_parse_conn_filter(&dump->filter, genl_info_dump(cb)->attrs, cb->extack);
	if (err) {
		kfree(dump);
		return ERR_PTR(err);
	}
	lb_conns_settle(ln);
	lb_conn_walk_begin(&dump->walk, ln);
	lb_template_walk_begin(&dump->templates, ln);
	dump->conns_done = dump->filter.templates == LB_TEMPLATES_ONLY;
	cb->args[0] = (long)dump;
	return dump;
}

int lb_nl_conn_get_done(struct netlink_callback *cb)
{
	struct lb_nl_conn_dump *dump = (struct lb_nl_conn_dump *)cb->args[0];

	if (dump) {
		lb_template_walk_end(&dump->templates);
		lb_conn_walk_end(&dump->walk);
		kfree(dump);
	}
	return 0;
}

/* One of the two. Returns false when @skb is full. */
static bool lb_nl_conn_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
				const struct lb_conn *conn, const struct lb_template *tpl)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&lb_nl_family, NLM_F_MULTI, LB_CMD_CONN_GET);

	if (!hdr)
		return false;
	if (conn ? lb_nl_put_conn(skb, conn, jiffies) : lb_nl_put_template(skb, tpl, jiffies)) {
		genlmsg_cancel(skb, hdr);
		return false;
	}
	genlmsg_end(skb, hdr);
	return true;
}

/* The same for templates, behind the connections. */
static void lb_nl_template_dump(struct sk_buff *skb, struct netlink_callback *cb,
				struct lb_nl_conn_dump *dump)
{
	struct lb_template *tpl;
	bool full = false;
	unsigned int n;

	do {
		lb_template_walk_resume(&dump->templates);
		tpl = lb_template_walk_peek(&dump->templates);
		for (n = LB_NL_CONN_CHUNK; tpl && n; n--) {
			if (lb_template_matches(tpl, &dump->filter, jiffies))
				full = !lb_nl_conn_dump_put(skb, cb, NULL, tpl);
			if (full)
				break;
			tpl = lb_template_walk_next(&dump->templates);
		}
		lb_template_walk_pause(&dump->templates);
		cond_resched();
	} while (tpl && !full);
}

/* Returns false when @skb is full. */
static bool lb_nl_conn_dump(struct sk_buff *skb, struct netlink_callback *cb,
			    struct lb_nl_conn_dump *dump)
{
	struct lb_conn *conn;
	bool full = false;
	unsigned int n;

	/* The connection that a pause found the walk at is looked at after it. */
	do {
		lb_conn_walk_resume(&dump->walk);
		conn = lb_conn_walk_peek(&dump->walk);
		for (n = LB_NL_CONN_CHUNK; conn && n; n--) {
			if (lb_conn_matches(conn, &dump->filter, jiffies))
				full = !lb_nl_conn_dump_put(skb, cb, conn, NULL);
			if (full)
				break;
			conn = lb_conn_walk_next(&dump->walk);
		}
		lb_conn_walk_pause(&dump->walk);
		cond_resched();
	} while (conn && !full);
	return !full;
}

int lb_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_nl_conn_dump *dump = (struct lb_nl_conn_dump *)cb->args[0];

	if (!dump) {
		dump = lb_nl_conn_dump_begin(cb, lb_net(sock_net(skb->sk)));
		if (IS_ERR(dump))
			return PTR_ERR(dump);
	}
	if (!dump->conns_done)
		dump->conns_done = lb_nl_conn_dump(skb, cb, dump);
	if (dump->conns_done && dump->filter.templates != LB_TEMPLATES_NONE)
		lb_nl_template_dump(skb, cb, dump);
	return skb->len;
}

/* What a connection is looked up by. */
static const struct {
	u32 bit;
	u16 type;
} lb_nl_conn_tuple[] = {
	{ LB_CONN_BY_FAMILY, LB_A_CONN_FAMILY },
	{ LB_CONN_BY_PROTO, LB_A_CONN_PROTOCOL },
	{ LB_CONN_BY_CADDR, LB_A_CONN_CLIENT_ADDR },
	{ LB_CONN_BY_CPORT, LB_A_CONN_CLIENT_PORT },
	{ LB_CONN_BY_VADDR, LB_A_CONN_VIRTUAL_ADDR },
	{ LB_CONN_BY_VPORT, LB_A_CONN_VIRTUAL_PORT },
};

int lb_nl_conn_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_ctx ctx = { .ln = lb_nl_net(info) };
	struct lb_conn_filter filter;
	struct sk_buff *reply;
	unsigned int i;
	void *hdr;
	int err;

	err = lb_nl_parse_conn_filter(&filter, info->attrs, info->extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(lb_nl_conn_tuple); i++) {
		if (filter.given & lb_nl_conn_tuple[i].bit)
			continue;
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, lb_nl_conn_tuple[i].type);
		NL_SET_ERR_MSG(info->extack,
			       "one connection is asked for by protocol, client, virtual address and ports");
		return -EINVAL;
	}
	reply = lb_nl_reply_new(info, LB_CMD_CONN_GET, &hdr);
	if (!reply)
		return -ENOMEM;

	ctx.pkt.tuple = filter.tuple;
	err = -ENOENT;
	rcu_read_lock();
	if (lb_conn_find(&ctx) && ctx.dir == LB_DIR_IN &&
	    lb_conn_matches(ctx.conn, &filter, jiffies))
		err = lb_nl_put_conn(reply, ctx.conn, jiffies);
	rcu_read_unlock();
	if (err)
		NL_SET_ERR_MSG(info->extack, "there is no such connection");
	return lb_nl_reply_send(info, reply, hdr, err);
}

/* Counts, and deletes if told to, what matches. A resize of the table that begins
 * meanwhile makes the walk meet some twice; what it deleted matches no more, but
 * what it only counted makes the count a little too high.
 */
static u64 lb_nl_conn_walk(struct lb_net *ln, const struct lb_conn_filter *filter, bool del)
{
	struct lb_conn *conn, *victim;
	struct lb_conn_walk walk;
	unsigned int n;
	u64 count = 0;

	lb_conns_settle(ln);
	lb_conn_walk_begin(&walk, ln);
	do {
		victim = NULL;
		lb_conn_walk_resume(&walk);
		conn = lb_conn_walk_peek(&walk);
		for (n = LB_NL_CONN_CHUNK; conn && n; n--) {
			if (lb_conn_matches(conn, filter, jiffies)) {
				victim = conn;
				count++;
			}
			/* The walk finds its way over what is unlinked behind
			 * it, but not from what is unlinked under it.
			 */
			conn = lb_conn_walk_next(&walk);
			if (victim && del)
				lb_conn_del(ln, victim);
			victim = NULL;
		}
		lb_conn_walk_pause(&walk);
		cond_resched();
	} while (conn);
	lb_conn_walk_end(&walk);
	return count;
}

/* The same of templates. */
static u64 lb_nl_template_walk(struct lb_net *ln, const struct lb_conn_filter *filter, bool del)
{
	struct lb_template *tpl, *victim;
	struct rhashtable_iter walk;
	unsigned int n;
	u64 count = 0;

	lb_template_walk_begin(&walk, ln);
	do {
		lb_template_walk_resume(&walk);
		tpl = lb_template_walk_peek(&walk);
		for (n = LB_NL_CONN_CHUNK; tpl && n; n--) {
			victim = lb_template_matches(tpl, filter, jiffies) ? tpl : NULL;
			if (victim)
				count++;
			tpl = lb_template_walk_next(&walk);
			if (victim && del)
				lb_template_del(ln, victim);
		}
		lb_template_walk_pause(&walk);
		cond_resched();
	} while (tpl);
	lb_template_walk_end(&walk);
	return count;
}

static int lb_nl_conn_thin(struct genl_info *info, u8 cmd)
{
	bool del = cmd == LB_CMD_CONN_DEL;
	struct lb_conn_filter filter;
	struct sk_buff *reply;
	u64 count = 0;
	void *hdr;
	int err;

	err = lb_nl_parse_conn_filter(&filter, info->attrs, info->extack);
	if (err)
		return err;
	if (del && !filter.given && filter.templates != LB_TEMPLATES_ONLY) {
		NL_SET_ERR_MSG(info->extack,
			       "say which connections, at least of which family or protocol");
		return -EINVAL;
	}
	/* First, so that nothing is deleted that cannot be told. */
	reply = lb_nl_reply_new(info, cmd, &hdr);
	if (!reply)
		return -ENOMEM;

	if (filter.templates != LB_TEMPLATES_ONLY)
		count += lb_nl_conn_walk(lb_nl_net(info), &filter, del);
	if (filter.templates != LB_TEMPLATES_NONE)
		count += lb_nl_template_walk(lb_nl_net(info), &filter, del);
	err = nla_put_u64_64bit(reply, LB_A_CONN_COUNT, count, LB_A_CONN_PAD);
	return lb_nl_reply_send(info, reply, hdr, err);
}

int lb_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return lb_nl_conn_thin(info, LB_CMD_CONN_DEL);
}

int lb_nl_conn_count_doit(struct sk_buff *skb, struct genl_info *info)
{
	return lb_nl_conn_thin(info, LB_CMD_CONN_COUNT);
}
