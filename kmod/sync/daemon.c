// SPDX-License-Identifier: GPL-2.0
/* Daemons are started, stopped and asked. See sync.h. */
#include "sync.h"

#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/udp.h>

#include "../lb.h"

DEFINE_STATIC_KEY_FALSE(lb_sync_used);

/* As ip_vs has them: what a backup is ready for at least, and what a master fills unless
 * told otherwise, which travels on any Ethernet.
 */
#define LB_SYNC_MIN_BACKUP	1024
#define LB_SYNC_MTU		1500

int lb_sync_init(struct lb_net *ln)
{
	mutex_init(&ln->sync.lock);
	ln->sync.counts = alloc_percpu(struct lb_sync_counts);
	return ln->sync.counts ? 0 : -ENOMEM;
}

static struct lb_sync_master *lb_sync_master_locked(const struct lb_sync *sync)
{
	return rcu_dereference_protected(sync->master, lockdep_is_held(&sync->lock));
}

static const struct lb_sync_conf *lb_sync_conf(const struct lb_sync *sync, u8 role)
{
	const struct lb_sync_master *master = lb_sync_master_locked(sync);

	if (role == LB_SYNC_ROLE_MASTER)
		return master ? lb_sync_master_conf(master) : NULL;
	return sync->backup ? lb_sync_backup_conf(sync->backup) : NULL;
}

static u32 lb_sync_headers(u8 family)
{
	return sizeof(struct udphdr) +
	       (family == AF_INET6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));
}

static int lb_sync_check_length(struct lb_sync_conf *conf, u32 mtu, struct netlink_ext_ack *extack)
{
	const bool backup = conf->role == LB_SYNC_ROLE_BACKUP;
	const u32 headers = lb_sync_headers(conf->family);

	if (!conf->maxlen) {
		conf->maxlen = (backup ? clamp(mtu, LB_SYNC_MTU + 0U, 65535U) :
					 LB_SYNC_MTU + 0U) - headers;
		return 0;
	}
	if (conf->exact && !backup && conf->maxlen > mtu - min(mtu, headers)) {
		NL_SET_ERR_MSG(extack, "such messages do not fit into the interface's MTU");
		return -EINVAL;
	}
	conf->maxlen = clamp_t(u32, conf->maxlen, backup ? LB_SYNC_MIN_BACKUP : 1,
			       65535 - headers);
	return 0;
}

/* Fills in what was not given. */
static int lb_sync_check(struct lb_sync_conf *conf, u32 mtu, struct netlink_ext_ack *extack)
{
	bool group;

	if (!conf->family) {
		conf->family = AF_INET;
		conf->group = (union lb_addr){ .ip = htonl(LB_SYNC_GROUP) };
	}
	if (!conf->port)
		conf->port = LB_SYNC_PORT;
	if (!conf->ttl)
		conf->ttl = 1;
	group = conf->family == AF_INET ? ipv4_is_multicast(conf->group.ip) :
					  ipv6_addr_is_multicast(&conf->group.ip6);
	if (!group) {
		NL_SET_ERR_MSG(extack, "that is no multicast address");
		return -EINVAL;
	}
	if (conf->port + conf->ports - 1 > U16_MAX) {
		NL_SET_ERR_MSG(extack, "there are not so many ports behind that one");
		return -EINVAL;
	}
	return lb_sync_check_length(conf, mtu, extack);
}

static int lb_sync_run(struct lb_net *ln, const struct lb_sync_conf *conf, int ifindex)
{
	struct lb_sync *sync = &ln->sync;
	struct lb_sync_master *master;
	struct lb_sync_backup *backup;

	if (conf->role == LB_SYNC_ROLE_MASTER) {
		master = lb_sync_master_new(ln, conf, ifindex);
		if (IS_ERR(master))
			return PTR_ERR(master);
		rcu_assign_pointer(sync->master, master);
	} else {
		backup = lb_sync_backup_new(ln, conf, ifindex);
		if (IS_ERR(backup))
			return PTR_ERR(backup);
		sync->backup = backup;
		WRITE_ONCE(sync->backs_up, true);
	}
	static_branch_inc(&lb_sync_used);
	return 0;
}

static void lb_sync_explain(int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -ENOMEM:
		NL_SET_ERR_MSG(extack, "out of memory");
		break;
	case -EADDRINUSE:
		NL_SET_ERR_MSG(extack, "somebody else receives on that port");
		break;
	case -ENETUNREACH:
		NL_SET_ERR_MSG(extack, "the interface does not lead to that group: is it up?");
		break;
	default:
		NL_SET_ERR_MSG(extack, "the kernel refuses the socket");
	}
}

static int lb_sync_start_locked(struct lb_net *ln, struct lb_sync_conf *conf,
				struct netlink_ext_ack *extack)
{
	struct lb_sync *sync = &ln->sync;
	struct net_device *dev;
	int err, ifindex;
	u32 mtu;

	dev = sync->closing ? NULL : dev_get_by_name(ln->net, conf->ifname);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "there is no such interface");
		return -ENODEV;
	}
	ifindex = dev->ifindex;
	mtu = READ_ONCE(dev->mtu);
	dev_put(dev);
	if (lb_sync_conf(sync, conf->role)) {
		NL_SET_ERR_MSG(extack, "that daemon runs already");
		return -EEXIST;
	}
	if (!lb_sync_master_locked(sync) && !sync->backup)
		sync->ports = READ_ONCE(ln->settings.sync_ports);
	conf->ports = sync->ports;
	if (conf->ports > LB_SYNC_GUEST_PORTS && !lb_sync_is_trusted(ln->net)) {
		NL_SET_ERR_MSG(extack, "in a user namespace sync-ports may be 8 at most");
		return -EDQUOT;
	}
	err = lb_sync_check(conf, mtu, extack);
	if (err)
		return err;
	err = lb_sync_run(ln, conf, ifindex);
	if (err)
		lb_sync_explain(err, extack);
	return err;
}

int lb_sync_start(struct lb_net *ln, struct lb_sync_conf *conf, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&ln->sync.lock);
	err = lb_sync_start_locked(ln, conf, extack);
	mutex_unlock(&ln->sync.lock);
	return err;
}

/* Returns false when there was none. */
static bool lb_sync_end(struct lb_sync *sync, u8 role)
{
	struct lb_sync_master *master = lb_sync_master_locked(sync);

	if (!lb_sync_conf(sync, role))
		return false;
	if (role == LB_SYNC_ROLE_MASTER) {
		RCU_INIT_POINTER(sync->master, NULL);
		synchronize_rcu();
		lb_sync_master_free(master);
	} else {
		WRITE_ONCE(sync->backs_up, false);
		lb_sync_backup_free(sync->backup);
		sync->backup = NULL;
	}
	static_branch_dec(&lb_sync_used);
	return true;
}

int lb_sync_stop(struct lb_net *ln, u8 role, struct netlink_ext_ack *extack)
{
	bool ran;

	mutex_lock(&ln->sync.lock);
	ran = lb_sync_end(&ln->sync, role);
	mutex_unlock(&ln->sync.lock);
	if (ran)
		return 0;
	NL_SET_ERR_MSG(extack, "that daemon does not run");
	return -ESRCH;
}

bool lb_sync_get(struct lb_net *ln, u8 role, struct lb_sync_conf *conf)
{
	const struct lb_sync_conf *is;

	mutex_lock(&ln->sync.lock);
	is = lb_sync_conf(&ln->sync, role);
	if (is)
		*conf = *is;
	mutex_unlock(&ln->sync.lock);
	return is;
}

void lb_sync_pre_exit(struct lb_net *ln)
{
	mutex_lock(&ln->sync.lock);
	ln->sync.closing = true;
	lb_sync_end(&ln->sync, LB_SYNC_ROLE_MASTER);
	lb_sync_end(&ln->sync, LB_SYNC_ROLE_BACKUP);
	mutex_unlock(&ln->sync.lock);
}

void lb_sync_exit(struct lb_net *ln)
{
	free_percpu(ln->sync.counts);
}

void lb_sync_count_add(struct lb_net *ln, unsigned int which, u64 n)
{
	this_cpu_add(ln->sync.counts->n[which], n);
}

void lb_sync_counts_read(const struct lb_net *ln, u64 counts[LB_SYNC_COUNTS])
{
	unsigned int i;
	int cpu;

	memset(counts, 0, LB_SYNC_COUNTS * sizeof(*counts));
	for_each_possible_cpu(cpu) {
		for (i = 0; i < LB_SYNC_COUNTS; i++)
			counts[i] += READ_ONCE(per_cpu_ptr(ln->sync.counts, cpu)->n[i]);
	}
}

const char *lb_sync_count_name(unsigned int which)
{
	static const char *const names[LB_SYNC_COUNTS] = {
		[LB_SYNC_COUNT_SENT_MESSAGES] = "sent-messages",
		[LB_SYNC_COUNT_SENT_CONNS] = "sent-conns",
		[LB_SYNC_COUNT_LOST_QUEUE] = "lost-queue",
		[LB_SYNC_COUNT_LOST_MEMORY] = "lost-memory",
		[LB_SYNC_COUNT_LOST_VERSION] = "lost-version",
		[LB_SYNC_COUNT_LOST_SEND] = "lost-send",
		[LB_SYNC_COUNT_RECEIVED_MESSAGES] = "received-messages",
		[LB_SYNC_COUNT_RECEIVED_CONNS] = "received-conns",
		[LB_SYNC_COUNT_OTHER_ID] = "other-id",
		[LB_SYNC_COUNT_BAD_SIZE] = "bad-size",
		[LB_SYNC_COUNT_BAD_VERSION] = "bad-version",
		[LB_SYNC_COUNT_BAD_RECORD] = "bad-record",
		[LB_SYNC_COUNT_BAD_OPTION] = "bad-option",
		[LB_SYNC_COUNT_BAD_FLAGS] = "bad-flags",
		[LB_SYNC_COUNT_BAD_PROTOCOL] = "bad-protocol",
		[LB_SYNC_COUNT_BAD_STATE] = "bad-state",
		[LB_SYNC_COUNT_BAD_ADDRESS] = "bad-address",
		[LB_SYNC_COUNT_NO_SERVICE] = "no-service",
		[LB_SYNC_COUNT_NO_MEMORY] = "no-memory",
		[LB_SYNC_COUNT_CONN_LIMIT] = "conn-limit",
		[LB_SYNC_COUNT_STALE] = "stale",
	};

	return names[which];
}
