// SPDX-License-Identifier: GPL-2.0
/* The older interface, options of an IPv4 socket: what clients from before generic
 * netlink speak, of IPv4 services and destinations only. Lengths, errors and the order of
 * checks are ip_vs's.
 *
 * Each command is a row of one of the two tables; one that is not there, the
 * synchronisation daemon's, is refused as any number without a meaning.
 */
#include <linux/capability.h>
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/overflow.h>
#include <linux/uaccess.h>

#include "../dest.h"
#include "../sched.h"
#include "../zero.h"
#include "ipvs.h"

/* What a service's command says, and a destination's. */
struct lb_ipvs_argument {
	struct ip_vs_service_user service;
	struct ip_vs_dest_user dest;
};

/* Longest argument that is read at once; those of _GET_ that are longer are tables. */
#define LB_IPVS_ARGUMENT	128

static void lb_ipvs_sockopt_key(struct lb_service_key *key, u8 proto, __be32 addr, __be16 port,
				u32 fwmark)
{
	*key = (struct lb_service_key){ .family = AF_INET, .fwmark = fwmark };
	if (fwmark)
		return;
	key->proto = proto;
	key->addr.ip = addr;
	key->port = port;
}

static int lb_ipvs_sockopt_dest(struct lb_change *change, const struct ip_vs_dest_user *user)
{
	struct lb_dest_spec *spec = &change->dest;

	*spec = (struct lb_dest_spec){ .family = AF_INET, .port = user->port };
	spec->addr.ip = user->addr;
	return change->cmd == LB_CMD_DEST_DEL ? 0 : lb_ipvs_make_dest(spec, user);
}

/* @arg to what it changes. Caller holds ln->lock. */
static int lb_ipvs_sockopt_parse(struct lb_change *change, struct lb_net *ln,
				 const struct lb_ipvs_argument *arg, struct netlink_ext_ack *extack)
{
	const struct ip_vs_service_user *user = &arg->service;
	const bool whole = change->cmd == LB_CMD_SERVICE_NEW || change->cmd == LB_CMD_SERVICE_SET;

	if (whole &&
	    strnlen(user->sched_name, IP_VS_SCHEDNAME_MAXLEN) == IP_VS_SCHEDNAME_MAXLEN)
		return -EINVAL;
	if (user->protocol != IPPROTO_TCP && user->protocol != IPPROTO_UDP &&
	    user->protocol != IPPROTO_SCTP)
		return -EFAULT;
	lb_ipvs_sockopt_key(&change->key, user->protocol, user->addr, user->port, user->fwmark);
	if (whole) {
		memset(&change->service, 0, sizeof(change->service));
		return lb_ipvs_make_service(change, ln, user, NULL, extack);
	}
	if (!lb_nl_find_service(ln, &change->key))
		return -ESRCH;
	return change->cmd == LB_CMD_SERVICE_DEL ? 0 : lb_ipvs_sockopt_dest(change, &arg->dest);
}

static int lb_ipvs_sockopt_change(struct lb_net *ln, u8 cmd, const void *arg)
{
	struct lb_change change = { .cmd = cmd };
	struct netlink_ext_ack extack = {};
	struct lb_edit edit;
	int err;

	err = lb_edit_begin(&edit, ln, cmd == LB_CMD_FLUSH, &extack);
	if (err)
		return err;
	if (cmd == LB_CMD_SETTINGS_SET)
		err = lb_ipvs_make_timeouts(&change.settings, arg);
	else if (cmd != LB_CMD_FLUSH)
		err = lb_ipvs_sockopt_parse(&change, ln, arg, &extack);
	err = err ?: lb_ipvs_commit(&edit, &change, &extack);
	lb_edit_end(&edit);
	return err;
}

/* All counters, unless a service is named. */
static int lb_ipvs_sockopt_zero(struct lb_net *ln, u8 cmd, const void *arg)
{
	const struct ip_vs_service_user *user = arg;
	struct lb_service_key key;
	struct lb_service *svc;
	int err = 0;

	lb_ipvs_sockopt_key(&key, user->protocol, user->addr, user->port, user->fwmark);
	mutex_lock(&ln->lock);
	if (!user->fwmark && !user->addr && !user->port) {
		lb_zero_all(ln);
	} else if (user->protocol != IPPROTO_TCP && user->protocol != IPPROTO_UDP &&
		   user->protocol != IPPROTO_SCTP) {
		err = -EFAULT;
	} else {
		svc = lb_nl_find_service(ln, &key);
		if (svc)
			lb_zero_service(svc);
		else
			err = -ESRCH;
	}
	mutex_unlock(&ln->lock);
	return err;
}

/* @cmd tells one from the other. */
static int lb_ipvs_sockopt_daemon(struct lb_net *ln, u8 cmd, const void *arg)
{
	const struct ip_vs_daemon_user *user = arg;
	struct lb_sync_conf conf = { .role = user->state, .id = user->syncid };

	if (user->state != LB_SYNC_ROLE_MASTER && user->state != LB_SYNC_ROLE_BACKUP)
		return -EINVAL;
	if (cmd == LB_CMD_SYNC_STOP)
		return lb_nl_sync_stop(ln, conf.role, NULL);
	if (user->syncid < 0 || user->syncid > U8_MAX ||
	    strscpy(conf.ifname, user->mcast_ifn, sizeof(conf.ifname)) <= 0)
		return -EINVAL;
	return lb_nl_sync_start(ln, &conf, NULL);
}

/* Exactly @len bytes; a struct ip_vs_service_user, with a destination behind it where
 * one is meant, or struct ip_vs_timeout_user, or struct ip_vs_daemon_user.
 */
static const struct lb_ipvs_set {
	u8 len;
	u8 cmd;
	int (*set)(struct lb_net *ln, u8 cmd, const void *arg);
} lb_ipvs_sets[IP_VS_SO_SET_MAX - IP_VS_BASE_CTL + 1] = {
#define LB_IPVS_SET(name, type, command, fn) \
	[IP_VS_SO_SET_##name - IP_VS_BASE_CTL] = { sizeof(type), command, fn }
	LB_IPVS_SET(ADD, struct ip_vs_service_user, LB_CMD_SERVICE_NEW, lb_ipvs_sockopt_change),
	LB_IPVS_SET(EDIT, struct ip_vs_service_user, LB_CMD_SERVICE_SET, lb_ipvs_sockopt_change),
	LB_IPVS_SET(DEL, struct ip_vs_service_user, LB_CMD_SERVICE_DEL, lb_ipvs_sockopt_change),
	LB_IPVS_SET(ADDDEST, struct lb_ipvs_argument, LB_CMD_DEST_NEW, lb_ipvs_sockopt_change),
	LB_IPVS_SET(EDITDEST, struct lb_ipvs_argument, LB_CMD_DEST_SET, lb_ipvs_sockopt_change),
	LB_IPVS_SET(DELDEST, struct lb_ipvs_argument, LB_CMD_DEST_DEL, lb_ipvs_sockopt_change),
	LB_IPVS_SET(TIMEOUT, struct ip_vs_timeout_user, LB_CMD_SETTINGS_SET,
		    lb_ipvs_sockopt_change),
	LB_IPVS_SET(STARTDAEMON, struct ip_vs_daemon_user, LB_CMD_SYNC_START,
		    lb_ipvs_sockopt_daemon),
	LB_IPVS_SET(STOPDAEMON, struct ip_vs_daemon_user, LB_CMD_SYNC_STOP,
		    lb_ipvs_sockopt_daemon),
	LB_IPVS_SET(ZERO, struct ip_vs_service_user, 0, lb_ipvs_sockopt_zero),
#undef LB_IPVS_SET
	[IP_VS_SO_SET_FLUSH - IP_VS_BASE_CTL] = { 0, LB_CMD_FLUSH, lb_ipvs_sockopt_change },
};

static int lb_ipvs_set_sockopt(struct sock *sk, int optname, sockptr_t from, unsigned int len)
{
	const struct lb_ipvs_set *set = &lb_ipvs_sets[optname - IP_VS_BASE_CTL];
	u8 arg[LB_IPVS_ARGUMENT] __aligned(8) = {};
	struct net *net = sock_net(sk);

	BUILD_BUG_ON(sizeof(struct lb_ipvs_argument) > sizeof(arg));
	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!set->set || len != set->len)
		return -EINVAL;
	if (copy_from_sockptr(arg, from, len))
		return -EFAULT;
	return set->set(lb_net(net), set->cmd, arg);
}

/* 32 bits of what was counted, as there. */
static void lb_ipvs_stats_user(struct ip_vs_stats_user *user, struct lb_counters *sum,
			       struct lb_rate *rate, const struct lb_counters *zeroed)
{
	struct lb_counters rates;

	lb_ipvs_look(rate, sum, zeroed, &rates);
	user->conns = sum->conns;
	user->inpkts = sum->in_packets;
	user->outpkts = sum->out_packets;
	user->inbytes = sum->in_bytes;
	user->outbytes = sum->out_bytes;
	user->cps = rates.conns;
	user->inpps = rates.in_packets;
	user->outpps = rates.out_packets;
	user->inbps = rates.in_bytes;
	user->outbps = rates.out_bytes;
}

static void lb_ipvs_service_entry(struct ip_vs_service_entry *entry, struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	const struct lb_service_key *key = &svc->key;
	struct lb_counters sum = {};

	memset(entry, 0, sizeof(*entry));
	/* A mark's is one, too, to clients. */
	entry->protocol = key->fwmark ? IPPROTO_TCP : key->proto;
	entry->addr = key->addr.ip;
	entry->port = key->port;
	entry->fwmark = key->fwmark;
	strscpy(entry->sched_name, pool->sched->name, sizeof(entry->sched_name));
	entry->flags = lb_ipvs_flags(pool);
	entry->timeout = pool->persist.timeout / HZ;
	entry->netmask = lb_ipvs_netmask(key->family, &pool->persist);
	entry->num_dests = pool->n_members;
	lb_service_counters(svc, &sum);
	lb_ipvs_stats_user(&entry->stats, &sum, &svc->rate, &svc->zeroed);
}

static void lb_ipvs_dest_entry(struct ip_vs_dest_entry *entry, const struct lb_pool_entry *member)
{
	struct lb_dest *dest = member->dest;
	struct lb_counters sum = {};

	memset(entry, 0, sizeof(*entry));
	entry->addr = dest->addr.ip;
	entry->port = dest->port;
	entry->conn_flags = lb_ipvs_method(member->method) | IP_VS_CONN_F_INACTIVE;
	if (member->method != LB_METHOD_NAT)
		entry->conn_flags |= IP_VS_CONN_F_NOOUTPUT;
	entry->weight = lb_ipvs_weight(member);
	entry->u_threshold = member->upper;
	entry->l_threshold = member->lower;
	entry->activeconns = lb_dest_active(dest);
	entry->inactconns = lb_dest_inactive(dest);
	entry->persistconns = atomic_read(&dest->templates);
	lb_counters_add_pcpu(&sum, dest->counters);
	lb_ipvs_stats_user(&entry->stats, &sum, &dest->rate, &dest->zeroed);
}

/* Each of these gets what the client has written, @arg, at least as much as its row says;
 * answers to @to, of *@len bytes; and is called under ln->lock unless that says otherwise.
 */
static int lb_ipvs_get_version(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	char text[64];
	int size;

	size = snprintf(text, sizeof(text), "IP Virtual Server version %d.%d.%d (size=%d)",
			LB_IPVS_VERSION >> 16, LB_IPVS_VERSION >> 8 & 0xff, LB_IPVS_VERSION & 0xff,
			LB_IPVS_TAB_SIZE) + 1;
	if (copy_to_user(to, text, size))
		return -EFAULT;
	*len = size;
	return 0;
}

static u32 lb_ipvs_count_services(struct lb_net *ln)
{
	struct lb_service *svc;
	u32 n = 0;

	list_for_each_entry(svc, &ln->service_list, list)
		n += svc->key.family == AF_INET;
	return n;
}

static int lb_ipvs_get_info(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	const struct ip_vs_getinfo info = {
		.version = LB_IPVS_VERSION,
		.size = LB_IPVS_TAB_SIZE,
		.num_services = lb_ipvs_count_services(ln),
	};

	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static int lb_ipvs_get_services(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	const struct ip_vs_get_services *get = arg;
	struct ip_vs_get_services __user *answer = to;
	struct ip_vs_service_entry entry;
	struct lb_service *svc;
	u32 n = 0;

	if (*len != struct_size(get, entrytable, get->num_services))
		return -EINVAL;
	list_for_each_entry(svc, &ln->service_list, list) {
		if (svc->key.family != AF_INET)
			continue;
		if (n >= get->num_services)
			break;
		lb_ipvs_service_entry(&entry, svc);
		if (copy_to_user(&answer->entrytable[n++], &entry, sizeof(entry)))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

static int lb_ipvs_get_service(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	struct ip_vs_service_entry *entry = arg;
	struct lb_service_key key;
	struct lb_service *svc;

	lb_ipvs_sockopt_key(&key, entry->protocol, entry->addr, entry->port, entry->fwmark);
	svc = lb_nl_find_service(ln, &key);
	if (!svc)
		return -ESRCH;
	lb_ipvs_service_entry(entry, svc);
	return copy_to_user(to, entry, sizeof(*entry)) ? -EFAULT : 0;
}

static int lb_ipvs_get_dests(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	const struct ip_vs_get_dests *get = arg;
	struct ip_vs_get_dests __user *answer = to;
	struct ip_vs_dest_entry entry;
	struct lb_service_key key;
	const struct lb_pool *pool;
	struct lb_service *svc;
	u32 i, n = 0;

	if (*len != struct_size(get, entrytable, get->num_dests))
		return -EINVAL;
	lb_ipvs_sockopt_key(&key, get->protocol, get->addr, get->port, get->fwmark);
	svc = lb_nl_find_service(ln, &key);
	if (!svc)
		return -ESRCH;
	pool = lb_service_pool_locked(svc);
	for (i = 0; i < pool->n_members && n < get->num_dests; i++) {
		if (pool->member[i].dest->family != AF_INET)
			continue;
		lb_ipvs_dest_entry(&entry, &pool->member[i]);
		if (copy_to_user(&answer->entrytable[n++], &entry, sizeof(entry)))
			return -EFAULT;
	}
	return 0;
}

static int lb_ipvs_get_timeouts(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	const u32 *timeout = ln->settings.timeout;
	const struct ip_vs_timeout_user user = {
		.tcp_timeout = timeout[LB_STATE_ESTABLISHED] / HZ,
		.tcp_fin_timeout = timeout[LB_STATE_FIN_WAIT] / HZ,
		.udp_timeout = timeout[LB_STATE_UDP] / HZ,
	};

	return copy_to_user(to, &user, sizeof(user)) ? -EFAULT : 0;
}

/* Master and backup, in this order; what does not run is zeros. */
static int lb_ipvs_get_daemons(struct lb_net *ln, void *arg, void __user *to, int *len)
{
	struct ip_vs_daemon_user user[LB_SYNC_ROLES] = {};
	struct lb_sync_conf conf;
	unsigned int i;

	for (i = 0; i < LB_SYNC_ROLES; i++) {
		if (!lb_sync_get(ln, LB_SYNC_ROLE_MASTER + i, &conf))
			continue;
		user[i].state = conf.role;
		user[i].syncid = conf.id;
		strscpy(user[i].mcast_ifn, conf.ifname, sizeof(user[i].mcast_ifn));
	}
	return copy_to_user(to, user, sizeof(user)) ? -EFAULT : 0;
}

/* At least @len bytes. Daemons have a lock of their own, which is outside ln->lock. */
static const struct lb_ipvs_get {
	u8 len;
	bool unlocked;
	int (*get)(struct lb_net *ln, void *arg, void __user *to, int *len);
} lb_ipvs_gets[IP_VS_SO_GET_MAX - IP_VS_BASE_CTL + 1] = {
#define LB_IPVS_GET(name, size, fn) \
	[IP_VS_SO_GET_##name - IP_VS_BASE_CTL] = { .len = (size), .get = (fn) }
	LB_IPVS_GET(VERSION, 64, lb_ipvs_get_version),
	LB_IPVS_GET(INFO, sizeof(struct ip_vs_getinfo), lb_ipvs_get_info),
	LB_IPVS_GET(SERVICES, sizeof(struct ip_vs_get_services), lb_ipvs_get_services),
	LB_IPVS_GET(SERVICE, sizeof(struct ip_vs_service_entry), lb_ipvs_get_service),
	LB_IPVS_GET(DESTS, sizeof(struct ip_vs_get_dests), lb_ipvs_get_dests),
	LB_IPVS_GET(TIMEOUT, sizeof(struct ip_vs_timeout_user), lb_ipvs_get_timeouts),
#undef LB_IPVS_GET
	[IP_VS_SO_GET_DAEMON - IP_VS_BASE_CTL] = {
		.len = LB_SYNC_ROLES * sizeof(struct ip_vs_daemon_user),
		.unlocked = true,
		.get = lb_ipvs_get_daemons,
	},
};

static int lb_ipvs_get_sockopt(struct sock *sk, int optname, void __user *to, int *len)
{
	const struct lb_ipvs_get *get = &lb_ipvs_gets[optname - IP_VS_BASE_CTL];
	u8 arg[LB_IPVS_ARGUMENT] __aligned(8) = {};
	struct net *net = sock_net(sk);
	struct lb_net *ln = lb_net(net);
	int err;

	BUILD_BUG_ON(sizeof(struct ip_vs_service_entry) > sizeof(arg));
	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!get->get || *len < (int)get->len)
		return -EINVAL;
	if (copy_from_user(arg, to, get->len))
		return -EFAULT;
	if (get->unlocked)
		return get->get(ln, arg, to, len);
	mutex_lock(&ln->lock);
	err = get->get(ln, arg, to, len);
	mutex_unlock(&ln->lock);
	return err;
}

static struct nf_sockopt_ops lb_ipvs_sockopts = {
	.pf = PF_INET,
	.set_optmin = IP_VS_BASE_CTL,
	.set_optmax = IP_VS_SO_SET_MAX + 1,
	.set = lb_ipvs_set_sockopt,
	.get_optmin = IP_VS_BASE_CTL,
	.get_optmax = IP_VS_SO_GET_MAX + 1,
	.get = lb_ipvs_get_sockopt,
	.owner = THIS_MODULE,
};

int lb_ipvs_sockopt_init(void)
{
	return nf_register_sockopt(&lb_ipvs_sockopts);
}

void lb_ipvs_sockopt_exit(void)
{
	nf_unregister_sockopt(&lb_ipvs_sockopts);
}
