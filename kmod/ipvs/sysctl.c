// SPDX-License-Identifier: GPL-2.0
/* net.ipv4.vs.*: the settings of a namespace (netlink/settings.c) under ip_vs's names. A
 * write is a change as any other: it has a generation, and listeners hear of it.
 *
 * ip_vs lets write any number and keeps it; here a setting keeps what it means, so that
 * it reads back as that (Documentation/differences.md).
 */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>
#include <linux/sysctl.h>

#include "../defence.h"
#include "ipvs.h"

/* Of which kind a number is. */
enum lb_ipvs_kind {
	LB_IPVS_SWITCH,		/* on unless 0 */
	LB_IPVS_VERSION01,	/* 0 or 1 */
	LB_IPVS_RETRIES,	/* up to LB_IPVS_RETRIES_MAX */
	LB_IPVS_REFRESH,	/* seconds, kept as such */
	LB_IPVS_COUNT,		/* below 0 is 0 */
	LB_IPVS_BITS,		/* of LB_IPVS_REUSE_BITS */
	LB_IPVS_SECONDS,	/* jiffies inside */
	LB_IPVS_DROP_ENTRY,	/* these are enum lb_defence_mode */
	LB_IPVS_DROP_PACKET,
	LB_IPVS_SECURE_TCP,
	LB_IPVS_PORTS,		/* a power of two */
	LB_IPVS_QLEN,		/* by memory unless set */
};

#define LB_IPVS_REUSE_BITS	3

#define LB_IPVS_PORTS_MAX	64
#define LB_IPVS_RETRIES_MAX	3
#define LB_IPVS_REFRESH_MAX	0x7fff

/**
 * struct lb_ipvs_sysctl - a setting's name
 * @name: ip_vs's
 * @field: LB_SETTINGS_FIELD()
 * @kind: enum lb_ipvs_kind
 */
struct lb_ipvs_sysctl {
	const char *name;
	u8 field;
	u8 kind;
};

#define LB_IPVS_SYSCTL(member, kind)	{ #member, LB_SETTINGS_FIELD(member), LB_IPVS_##kind }

static const struct lb_ipvs_sysctl lb_ipvs_sysctls[] = {
	LB_IPVS_SYSCTL(amemthresh, COUNT),
	LB_IPVS_SYSCTL(am_droprate, COUNT),
	LB_IPVS_SYSCTL(drop_entry, DROP_ENTRY),
	LB_IPVS_SYSCTL(drop_packet, DROP_PACKET),
	LB_IPVS_SYSCTL(conntrack, SWITCH),
	LB_IPVS_SYSCTL(secure_tcp, SECURE_TCP),
	LB_IPVS_SYSCTL(snat_reroute, SWITCH),
	LB_IPVS_SYSCTL(cache_bypass, SWITCH),
	LB_IPVS_SYSCTL(expire_nodest_conn, SWITCH),
	LB_IPVS_SYSCTL(sloppy_tcp, SWITCH),
	LB_IPVS_SYSCTL(sloppy_sctp, SWITCH),
	LB_IPVS_SYSCTL(expire_quiescent_template, SWITCH),
	LB_IPVS_SYSCTL(nat_icmp_send, SWITCH),
	LB_IPVS_SYSCTL(pmtu_disc, SWITCH),
	LB_IPVS_SYSCTL(conn_reuse_mode, BITS),
	LB_IPVS_SYSCTL(schedule_icmp, SWITCH),
	LB_IPVS_SYSCTL(ignore_tunneled, SWITCH),
	LB_IPVS_SYSCTL(lblc_expiration, SECONDS),
	LB_IPVS_SYSCTL(lblcr_expiration, SECONDS),
	LB_IPVS_SYSCTL(sync_version, VERSION01),
	LB_IPVS_SYSCTL(sync_ports, PORTS),
	LB_IPVS_SYSCTL(sync_persist_mode, SWITCH),
	LB_IPVS_SYSCTL(sync_qlen_max, QLEN),
	LB_IPVS_SYSCTL(sync_sock_size, COUNT),
	LB_IPVS_SYSCTL(sync_refresh_period, REFRESH),
	LB_IPVS_SYSCTL(sync_retries, RETRIES),
	LB_IPVS_SYSCTL(backup_only, SWITCH),
};

/* ip_vs turns one automatic mode into the other to show whether memory is short. */
static int lb_ipvs_shown_mode(u32 mode, bool active)
{
	if (mode != LB_DEFENCE_AUTO && mode != LB_DEFENCE_AUTO_ACTIVE)
		return mode;
	return active ? LB_DEFENCE_AUTO_ACTIVE : LB_DEFENCE_AUTO;
}

static int lb_ipvs_shown(const struct lb_net *ln, const struct lb_ipvs_sysctl *sysctl)
{
	const u32 value = READ_ONCE(((const u32 *)&ln->settings)[sysctl->field]);
	const struct lb_defence *defence = &ln->defence;

	switch ((enum lb_ipvs_kind)sysctl->kind) {
	case LB_IPVS_SECONDS:
		return value / HZ;
	case LB_IPVS_DROP_ENTRY:
		return lb_ipvs_shown_mode(value, READ_ONCE(defence->drop_entry));
	case LB_IPVS_DROP_PACKET:
		return lb_ipvs_shown_mode(value, READ_ONCE(defence->drop_rate));
	case LB_IPVS_SECURE_TCP:
		return lb_ipvs_shown_mode(value, READ_ONCE(defence->secure_tcp));
	case LB_IPVS_QLEN:
		return value ?: lb_sync_qlen();
	case LB_IPVS_SWITCH:
	case LB_IPVS_VERSION01:
	case LB_IPVS_RETRIES:
	case LB_IPVS_REFRESH:
	case LB_IPVS_COUNT:
	case LB_IPVS_BITS:
	case LB_IPVS_PORTS:
		break;
	}
	return value;
}

/* -EINVAL: no such value. */
static int lb_ipvs_meant(u32 *value, enum lb_ipvs_kind kind, int given)
{
	switch (kind) {
	case LB_IPVS_SWITCH:
		*value = !!given;
		return 0;
	case LB_IPVS_VERSION01:
		*value = given;
		return given == 0 || given == 1 ? 0 : -EINVAL;
	case LB_IPVS_RETRIES:
		*value = given;
		return given >= 0 && given <= LB_IPVS_RETRIES_MAX ? 0 : -EINVAL;
	case LB_IPVS_REFRESH:
		*value = given;
		return given >= 0 && given <= LB_IPVS_REFRESH_MAX ? 0 : -EINVAL;
	case LB_IPVS_PORTS:
		*value = min(given, LB_IPVS_PORTS_MAX);
		return given > 0 && is_power_of_2(given) ? 0 : -EINVAL;
	case LB_IPVS_COUNT:
	case LB_IPVS_QLEN:
		*value = max(given, 0);
		return 0;
	case LB_IPVS_BITS:
		*value = given & LB_IPVS_REUSE_BITS;
		return 0;
	case LB_IPVS_SECONDS:
		if (given < 1 || given > LB_TIMEOUT_MAX)
			return -EINVAL;
		*value = given * HZ;
		return 0;
	case LB_IPVS_DROP_ENTRY:
	case LB_IPVS_DROP_PACKET:
	case LB_IPVS_SECURE_TCP:
		break;
	}
	if (given < LB_DEFENCE_NEVER || given > LB_DEFENCE_ALWAYS)
		return -EINVAL;
	*value = given;
	return 0;
}

/* @spec says which, and to what. */
static int lb_ipvs_set(struct lb_net *ln, struct lb_change *change)
{
	struct netlink_ext_ack extack = {};
	struct lb_edit edit;
	int err;

	change->cmd = LB_CMD_SETTINGS_SET;
	err = lb_edit_begin(&edit, ln, false, &extack);
	if (err)
		return err;
	err = lb_ipvs_commit(&edit, change, &extack);
	lb_edit_end(&edit);
	return err;
}

static void lb_ipvs_choose(struct lb_settings_spec *spec, unsigned int field, u32 value)
{
	((u32 *)&spec->to)[field] = value;
	__set_bit(field, spec->set);
}

/* Reads or writes a number, of which @value is what there is. */
static int lb_ipvs_number(lb_ctl_table *table, int write, void *buffer, size_t *lenp,
			  loff_t *ppos, int *value)
{
	struct ctl_table number = { .data = value, .maxlen = sizeof(*value), .mode = table->mode };

	return proc_dointvec(&number, write, buffer, lenp, ppos);
}

static int lb_ipvs_do_setting(lb_ctl_table *table, int write, void *buffer, size_t *lenp,
			      loff_t *ppos)
{
	const struct lb_ipvs_sysctl *sysctl = table->extra1;
	struct lb_net *ln = table->extra2;
	const int before = lb_ipvs_shown(ln, sysctl);
	struct lb_change change = {};
	int value = before;
	u32 meant;
	int err;

	err = lb_ipvs_number(table, write, buffer, lenp, ppos, &value);
	/* What is so already is no change. */
	if (err || !write || value == before)
		return err;
	err = lb_ipvs_meant(&meant, sysctl->kind, value);
	if (err)
		return err;
	lb_ipvs_choose(&change.settings, sysctl->field, meant);
	return lb_ipvs_set(ln, &change);
}

/* Two numbers: the packet of each period at which a connection is told of, and the period. */
static int lb_ipvs_do_threshold(lb_ctl_table *table, int write, void *buffer, size_t *lenp,
				loff_t *ppos)
{
	struct lb_net *ln = table->extra2;
	int value[2] = {
		READ_ONCE(ln->settings.sync_threshold), READ_ONCE(ln->settings.sync_period),
	};
	struct ctl_table numbers = {
		.data = value,
		.maxlen = sizeof(value),
		.mode = table->mode,
	};
	struct lb_change change = {};
	int err = proc_dointvec(&numbers, write, buffer, lenp, ppos);

	if (err || !write)
		return err;
	if (value[0] < 0 || value[1] < 0 || (value[1] && value[0] >= value[1]))
		return -EINVAL;
	lb_ipvs_choose(&change.settings, LB_SETTINGS_FIELD(sync_threshold),
		       min(value[0], LB_SYNC_PACKETS_MAX - 1));
	lb_ipvs_choose(&change.settings, LB_SETTINGS_FIELD(sync_period),
		       min(value[1], LB_SYNC_PACKETS_MAX));
	return lb_ipvs_set(ln, &change);
}

static int lb_ipvs_do_run_estimation(lb_ctl_table *table, int write, void *buffer, size_t *lenp,
				     loff_t *ppos)
{
	struct lb_ipvs_net *in = table->extra2;
	int value = READ_ONCE(in->run_estimation);
	int err = lb_ipvs_number(table, write, buffer, lenp, ppos, &value);

	if (!err && write)
		WRITE_ONCE(in->run_estimation, value);
	return err;
}

static int lb_ipvs_do_est_nice(lb_ctl_table *table, int write, void *buffer, size_t *lenp,
			       loff_t *ppos)
{
	struct lb_ipvs_net *in = table->extra2;
	int value = READ_ONCE(in->est_nice);
	int err = lb_ipvs_number(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < MIN_NICE || value > MAX_NICE)
		return -EINVAL;
	WRITE_ONCE(in->est_nice, value);
	return 0;
}

/* Rates are computed by whoever looks: there are no threads to be told when to run, and
 * how nicely. These are kept by root of the machine only, as they are there.
 */
static const struct {
	const char *name;
	proc_handler *handler;
} lb_ipvs_kept[] = {
	{ "run_estimation", lb_ipvs_do_run_estimation },
	{ "est_nice", lb_ipvs_do_est_nice },
};

/* and sync_threshold */
#define LB_IPVS_SYSCTLS	(ARRAY_SIZE(lb_ipvs_sysctls) + 1 + ARRAY_SIZE(lb_ipvs_kept))

static void lb_ipvs_sysctl_fill(struct ctl_table *table, struct net *net, struct lb_ipvs_net *in)
{
	const umode_t kept_mode = net->user_ns == &init_user_ns ? 0644 : 0444;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_ipvs_sysctls); i++)
		*table++ = (struct ctl_table){
			.procname = lb_ipvs_sysctls[i].name,
			.maxlen = sizeof(int),
			.mode = 0644,
			.proc_handler = lb_ipvs_do_setting,
			.extra1 = (void *)&lb_ipvs_sysctls[i],
			.extra2 = lb_net(net),
		};
	*table++ = (struct ctl_table){
		.procname = "sync_threshold",
		.maxlen = 2 * sizeof(int),
		.mode = 0644,
		.proc_handler = lb_ipvs_do_threshold,
		.extra2 = lb_net(net),
	};
	for (i = 0; i < ARRAY_SIZE(lb_ipvs_kept); i++)
		*table++ = (struct ctl_table){
			.procname = lb_ipvs_kept[i].name,
			.maxlen = sizeof(int),
			.mode = kept_mode,
			.proc_handler = lb_ipvs_kept[i].handler,
			.extra2 = in,
		};
}

int lb_ipvs_sysctl_init(struct net *net, struct lb_ipvs_net *in)
{
	in->run_estimation = 1;
	/* One more for the end, of kernels that want one. */
	in->table = kcalloc(LB_IPVS_SYSCTLS + 1, sizeof(*in->table), GFP_KERNEL);
	if (!in->table)
		return -ENOMEM;
	lb_ipvs_sysctl_fill(in->table, net, in);
	in->sysctls = register_net_sysctl_sz(net, "net/ipv4/vs", in->table, LB_IPVS_SYSCTLS);
	if (in->sysctls)
		return 0;
	kfree(in->table);
	return -ENOMEM;
}

/* Waits for reads and writes under way. */
void lb_ipvs_sysctl_exit(struct lb_ipvs_net *in)
{
	unregister_net_sysctl_table(in->sysctls);
	kfree(in->table);
}
