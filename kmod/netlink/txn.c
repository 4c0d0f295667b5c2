// SPDX-License-Identifier: GPL-2.0
/* Transactions: logs of parsed commands, each of which a commit replays under
 * one edit, so what they do together is decided where it is decided for one
 * (edit.h).
 *
 * A transaction belongs to the socket that opened it and ends with it. Memory
 * is charged to whoever stages.
 */
#include <linux/atomic.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "netlink.h"

/* Open transactions per namespace, and commands in each. */
#define LB_TXNS_MAX	16
#define LB_STAGED_MAX	(4U << 20)

/* A page full of staged commands. */
struct lb_txn_chunk {
	struct list_head list;
	u32 used;
	struct lb_change change[(PAGE_SIZE - sizeof(struct list_head) - sizeof(u64)) /
				sizeof(struct lb_change)];
};

/**
 * struct lb_txn - a transaction
 * @list: in ln->txns
 * @id: how its socket calls it; unique among those open in the namespace
 * @portid: address of its socket
 * @chunks: struct lb_txn_chunk, the staged commands in order
 * @staged: number of them
 * @failed: which one the last commit was refused for, from 0
 * @blame: which attribute of it is to blame, 0 for none
 * @reason: why; empty when no commit was refused for a command
 *
 * All under ln->lock.
 */
struct lb_txn {
	struct list_head list;
	u32 id;
	u32 portid;
	struct list_head chunks;
	u32 staged;
	u32 failed;
	u16 blame;
	char reason[128];
};

static void lb_txn_free(struct lb_txn *txn)
{
	struct lb_txn_chunk *chunk, *next;

	list_for_each_entry_safe(chunk, next, &txn->chunks, list) {
		kfree(chunk);
		cond_resched();
	}
	kfree(txn);
}

/* The transaction that @attr names, an error pointer when the sender has none
 * of that name. Caller holds ln->lock.
 */
static struct lb_txn *lb_txn_find(struct lb_net *ln, const struct genl_info *info,
				  const struct nlattr *attr)
{
	u32 id = nla_get_u32(attr);
	struct lb_txn *txn;

	list_for_each_entry(txn, &ln->txns, list) {
		if (txn->id != id)
			continue;
		if (txn->portid == info->snd_portid)
			return txn;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the transaction belongs to another socket");
		return ERR_PTR(-EPERM);
	}
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "there is no such transaction");
	return ERR_PTR(-ENOENT);
}

static int lb_txn_append(struct lb_txn *txn, const struct lb_change *change,
			 struct netlink_ext_ack *extack)
{
	struct lb_txn_chunk *chunk = NULL;

	if (txn->staged == LB_STAGED_MAX) {
		NL_SET_ERR_MSG(extack, "the transaction holds as many commands as one may");
		return -E2BIG;
	}
	if (!list_empty(&txn->chunks))
		chunk = list_last_entry(&txn->chunks, struct lb_txn_chunk, list);
	if (!chunk || chunk->used == ARRAY_SIZE(chunk->change)) {
		BUILD_BUG_ON(sizeof(*chunk) > PAGE_SIZE);
		chunk = kmalloc(sizeof(*chunk), GFP_KERNEL_ACCOUNT);
		if (!chunk) {
			NL_SET_ERR_MSG(extack, "out of memory");
			return -ENOMEM;
		}
		chunk->used = 0;
		list_add_tail(&chunk->list, &txn->chunks);
	}
	chunk->change[chunk->used++] = *change;
	txn->staged++;
	return 0;
}

int lb_nl_change(struct genl_info *info, const struct lb_change *change,
		 const struct nlattr *attr)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_txn *txn;
	int err;

	if (!attr)
		return lb_nl_change_now(info, change);

	mutex_lock(&ln->lock);
	txn = lb_txn_find(ln, info, attr);
	err = IS_ERR(txn) ? PTR_ERR(txn) : lb_txn_append(txn, change, info->extack);
	mutex_unlock(&ln->lock);
	return err;
}

static u32 lb_txn_new_id(struct lb_net *ln)
{
	static atomic_t last = ATOMIC_INIT(0);
	struct lb_txn *txn;
	u32 id;

again:
	id = atomic_inc_return(&last);
	if (!id)
		goto again;
	list_for_each_entry(txn, &ln->txns, list)
		if (txn->id == id)
			goto again;
	return id;
}

int lb_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct sk_buff *reply;
	struct lb_txn *txn;
	void *hdr;
	int err;

	reply = lb_nl_reply_new(info, LB_CMD_TXN_BEGIN, &hdr);
	if (!reply)
		return -ENOMEM;
	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "out of memory");
		err = -ENOMEM;
		goto err_reply;
	}
	txn->portid = info->snd_portid;
	INIT_LIST_HEAD(&txn->chunks);

	mutex_lock(&ln->lock);
	if (list_count_nodes(&ln->txns) >= LB_TXNS_MAX) {
		NL_SET_ERR_MSG(info->extack,
			       "as many transactions are open in this namespace as may be");
		err = -EBUSY;
		goto err_unlock;
	}
	txn->id = lb_txn_new_id(ln);
	err = nla_put_u32(reply, LB_A_TXN_ID, txn->id);
	if (err)
		goto err_unlock;
	list_add_tail(&txn->list, &ln->txns);
	mutex_unlock(&ln->lock);

	genlmsg_end(reply, hdr);
	/* Who does not get this cannot use the transaction; it goes with the
	 * socket.
	 */
	return genlmsg_reply(reply, info);

err_unlock:
	mutex_unlock(&ln->lock);
	lb_txn_free(txn);
err_reply:
	nlmsg_free(reply);
	return err;
}

/* Keeps why the command did not do, and says it. */
static void lb_txn_refuse(struct lb_txn *txn, u32 failed, u16 blame, const char *reason,
			  struct netlink_ext_ack *extack)
{
	char text[NETLINK_MAX_FMTMSG_LEN];

	txn->failed = failed;
	txn->blame = blame;
	strscpy(txn->reason, reason, sizeof(txn->reason));
	/* As much of it as an ack can hold; txn-get has it all. */
	scnprintf(text, sizeof(text), "command %u of %u: %s", failed + 1, txn->staged,
		  txn->reason);
	NL_SET_ERR_MSG_FMT(extack, "%s", text);
}

/* Applies all that was staged to @edit. */
static int lb_txn_replay(struct lb_txn *txn, struct lb_edit *edit,
			 struct netlink_ext_ack *extack)
{
	const struct lb_change *change;
	struct netlink_ext_ack why = {};
	struct lb_txn_chunk *chunk;
	u32 i, n = 0;
	int err;

	txn->reason[0] = '\0';
	list_for_each_entry(chunk, &txn->chunks, list) {
		for (i = 0; i < chunk->used; i++, n++) {
			change = &chunk->change[i];
			err = lb_nl_change_apply(edit, change, &why);
			if (err) {
				lb_txn_refuse(txn, n, lb_nl_culprit(change, edit->blame),
					      lb_nl_reason(&why, err), extack);
				return err;
			}
		}
		if (fatal_signal_pending(current)) {
			NL_SET_ERR_MSG(extack, "the commit was interrupted");
			return -EINTR;
		}
		cond_resched();
	}
	return 0;
}

static void lb_txn_announce(const struct lb_txn *txn, struct lb_net *ln)
{
	const struct lb_txn_chunk *chunk;
	u32 i;

	list_for_each_entry(chunk, &txn->chunks, list) {
		for (i = 0; i < chunk->used; i++)
			lb_nl_event_change(ln, &chunk->change[i]);
		cond_resched();
	}
}

static const struct nlattr *lb_txn_attr(const struct genl_info *info)
{
	if (!info->attrs[LB_A_TXN_ID])
		lb_nl_missing(info->extack, NULL, LB_A_TXN_ID, "transaction: id");
	return info->attrs[LB_A_TXN_ID];
}

/* Whoever computed the commands from a configuration may want to change that one
 * and no other. Caller holds ln->lock.
 */
static int lb_txn_check_generation(const struct lb_net *ln, const struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[LB_A_TXN_GENERATION];

	if (!attr || nla_get_u32(attr) == ln->generation)
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack,
			   "the configuration has changed since, it is at generation %u",
			   ln->generation);
	NL_SET_BAD_ATTR(info->extack, attr);
	return -ESTALE;
}

int lb_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = lb_txn_attr(info);
	struct lb_net *ln = lb_nl_net(info);
	struct lb_txn *txn;
	struct sk_buff *reply;
	struct lb_edit edit;
	void *hdr;
	int err;

	if (!attr)
		return -EINVAL;
	/* All that can fail comes before the commit. */
	reply = lb_nl_reply_new(info, LB_CMD_TXN_COMMIT, &hdr);
	if (!reply)
		return -ENOMEM;
	err = lb_edit_begin(&edit, ln, true, info->extack);
	if (err)
		goto err_reply;
	txn = lb_txn_find(ln, info, attr);
	if (IS_ERR(txn)) {
		err = PTR_ERR(txn);
		goto err_edit;
	}
	err = lb_txn_check_generation(ln, info) ?: lb_txn_replay(txn, &edit, info->extack);
	if (err)
		goto err_edit;
	err = nla_put_u32(reply, LB_A_TXN_ID, txn->id) ?:
	      nla_put_u32(reply, LB_A_TXN_STAGED, txn->staged) ?:
	      nla_put_u32(reply, LB_A_TXN_GENERATION, ln->generation + 1);
	if (err)
		goto err_edit;
	err = lb_edit_commit(&edit, info->extack);
	if (err)
		goto err_edit;
	lb_txn_announce(txn, ln);
	list_del(&txn->list);
	lb_edit_end(&edit);

	lb_txn_free(txn);
	genlmsg_end(reply, hdr);
	/* It is done, whether the socket has room for the news or not. */
	genlmsg_reply(reply, info);
	return 0;

err_edit:
	lb_edit_end(&edit);
err_reply:
	nlmsg_free(reply);
	return err;
}

int lb_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = lb_txn_attr(info);
	struct lb_net *ln = lb_nl_net(info);
	struct lb_txn *txn;

	if (!attr)
		return -EINVAL;
	mutex_lock(&ln->lock);
	txn = lb_txn_find(ln, info, attr);
	if (!IS_ERR(txn))
		list_del(&txn->list);
	mutex_unlock(&ln->lock);
	if (IS_ERR(txn))
		return PTR_ERR(txn);
	lb_txn_free(txn);
	return 0;
}

/* Caller holds ln->lock. */
static int lb_txn_put(struct sk_buff *skb, const struct lb_txn *txn)
{
	int err;

	err = nla_put_u32(skb, LB_A_TXN_ID, txn->id) ?:
	      nla_put_u32(skb, LB_A_TXN_STAGED, txn->staged);
	if (err || !txn->reason[0])
		return err;
	return nla_put_u32(skb, LB_A_TXN_FAILED, txn->failed) ?:
	       nla_put_string(skb, LB_A_TXN_REASON, txn->reason) ?:
	       (txn->blame ? nla_put_u32(skb, LB_A_TXN_ATTRIBUTE, txn->blame) : 0);
}

int lb_nl_txn_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = lb_txn_attr(info);
	struct lb_net *ln = lb_nl_net(info);
	struct sk_buff *reply;
	struct lb_txn *txn;
	void *hdr;
	int err;

	if (!attr)
		return -EINVAL;
	reply = lb_nl_reply_new(info, LB_CMD_TXN_GET, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&ln->lock);
	txn = lb_txn_find(ln, info, attr);
	err = IS_ERR(txn) ? PTR_ERR(txn) : lb_txn_put(reply, txn);
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

void lb_nl_txn_release(struct lb_net *ln, u32 portid)
{
	struct lb_txn *txn, *next;
	LIST_HEAD(gone);

	/* Its own transactions were opened before the socket was closed: they
	 * are seen here. Sockets without any need not wait for the lock.
	 */
	if (list_empty(&ln->txns))
		return;
	mutex_lock(&ln->lock);
	list_for_each_entry_safe(txn, next, &ln->txns, list)
		if (txn->portid == portid)
			list_move_tail(&txn->list, &gone);
	mutex_unlock(&ln->lock);
	list_for_each_entry_safe(txn, next, &gone, list)
		lb_txn_free(txn);
}

void lb_nl_net_exit(struct lb_net *ln)
{
	struct lb_txn *txn, *next;

	list_for_each_entry_safe(txn, next, &ln->txns, list)
		lb_txn_free(txn);
}
