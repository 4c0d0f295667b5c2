// SPDX-License-Identifier: GPL-2.0
/* Defences against floods, as ip_vs has them: when they are on, what is refused
 * and what is forgotten. What "secure" TCP is, is in core/tcp_state.c.
 */
#include "defence.h"

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/string.h>

#include "conn.h"
#include "lb.h"

/* How often the memory is looked at, as in ip_vs. */
#define LB_DEFENCE_PERIOD	HZ

/* A connection that was in use more lately is not lightly used. */
#define LB_DEFENCE_IDLE		(60 * HZ)

/* The part of the table that is looked at in a second: 1 of so many, as in ip_vs. */
#define LB_DEFENCE_PART		32

static bool lb_defence_is_auto(u32 mode)
{
	return mode == LB_DEFENCE_AUTO || mode == LB_DEFENCE_AUTO_ACTIVE;
}

static bool lb_defence_is_on(u32 mode, bool scarce)
{
	return mode == LB_DEFENCE_ALWAYS || (scarce && lb_defence_is_auto(mode));
}

/* One of so many new connections is to be refused for want of memory, the more
 * the less there is; 0 when there is enough.
 */
static u32 lb_defence_scarcity(u32 threshold)
{
	struct sysinfo info;
	unsigned long free;

	si_meminfo(&info);
	free = info.freeram + info.bufferram;
	return free < threshold ? threshold / (threshold - free) : 0;
}

/* Returns whether it has to be done again in a while. */
static bool lb_defence_decide(struct lb_net *ln)
{
	const struct lb_settings *settings = &ln->settings;
	struct lb_defence *defence = &ln->defence;
	u32 rate = 0, scarcity = 0;
	bool again;

	again = lb_defence_is_auto(settings->drop_entry) ||
		lb_defence_is_auto(settings->drop_packet) ||
		lb_defence_is_auto(settings->secure_tcp);
	if (again)
		scarcity = lb_defence_scarcity(settings->amemthresh);
	if (settings->drop_packet == LB_DEFENCE_ALWAYS)
		rate = settings->am_droprate;
	else if (lb_defence_is_on(settings->drop_packet, scarcity))
		rate = scarcity;

	WRITE_ONCE(defence->drop_entry, lb_defence_is_on(settings->drop_entry, scarcity));
	WRITE_ONCE(defence->secure_tcp, lb_defence_is_on(settings->secure_tcp, scarcity));
	WRITE_ONCE(defence->drop_rate, rate);
	return again;
}

void lb_defence_follow(struct lb_net *ln)
{
	if (lb_defence_decide(ln))
		queue_delayed_work(system_unbound_wq, &ln->defence.work, LB_DEFENCE_PERIOD);
}

/* Whoever changes settings after this has looked queues it again himself. */
static void lb_defence_look(struct work_struct *work)
{
	struct lb_net *ln = container_of(to_delayed_work(work), struct lb_net, defence.work);

	mutex_lock(&ln->lock);
	if (!ln->dying)
		lb_defence_follow(ln);
	mutex_unlock(&ln->lock);
}

int lb_defence_init(struct lb_net *ln)
{
	struct lb_defence *defence = &ln->defence;

	INIT_DELAYED_WORK(&defence->work, lb_defence_look);
	defence->examine = LB_DEFENCE_PART;
	defence->until_drop = alloc_percpu(s32);
	return defence->until_drop ? 0 : -ENOMEM;
}

void lb_defence_exit(struct lb_net *ln)
{
	cancel_delayed_work_sync(&ln->defence.work);
	free_percpu(ln->defence.until_drop);
}

bool lb_defence_refuses(struct lb_net *ln)
{
	u32 rate = READ_ONCE(ln->defence.drop_rate);
	s32 *until_drop;

	if (likely(!rate))
		return false;
	until_drop = this_cpu_ptr(ln->defence.until_drop);
	if (--*until_drop > 0)
		return false;
	*until_drop = rate;
	return true;
}

void lb_defence_sweep(struct lb_net *ln, u64 conns, u64 budget)
{
	ln->defence.examine = min_t(u64, LB_DEFENCE_PART,
				    div64_u64(LB_DEFENCE_PART * budget, max_t(u64, conns, 1)));
}

/* Of connections that have lain idle, after few packets: all that had one packet,
 * every second one that had two, and so on.
 */
static bool lb_defence_forgets_idle(struct lb_defence *defence, const struct lb_conn *conn, u32 now)
{
	u8 packets = READ_ONCE(conn->packets);

	if (now - READ_ONCE(conn->seen) < LB_DEFENCE_IDLE)
		return false;
	if (!packets || packets > LB_DEFENCE_PACKETS)
		return false;
	if (defence->spare[packets] > 1) {
		defence->spare[packets]--;
		return false;
	}
	defence->spare[packets] = packets;
	return true;
}

bool lb_defence_forgets(struct lb_net *ln, const struct lb_conn *conn, u32 now)
{
	struct lb_defence *defence = &ln->defence;

	if (likely(!READ_ONCE(defence->drop_entry)))
		return false;
	/* As in ip_vs: others depend on it. */
	if (READ_ONCE(conn->flags) & LB_CONN_CONTROL)
		return false;
	if (reciprocal_scale(get_random_u32(), defence->examine))
		return false;
	switch ((enum lb_state)READ_ONCE(conn->state)) {
	case LB_STATE_SYN_RECV:
	case LB_STATE_SYNACK:
	case LB_STATE_SCTP_INIT1:
	case LB_STATE_SCTP_INIT:
		return true;
	case LB_STATE_ESTABLISHED:
	case LB_STATE_SCTP_ESTABLISHED:
	case LB_STATE_UDP:
		return lb_defence_forgets_idle(defence, conn, now);
	default:
		return false;
	}
}
