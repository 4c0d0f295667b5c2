// SPDX-License-Identifier: GPL-2.0
/* Which persistence engines there are. */
#include "pe.h"

#include <uapi/linux/lb.h>

const struct lb_pe_ops *lb_pe_find(u8 engine)
{
	return engine == LB_PERSIST_ENGINE_SIP ? &lb_pe_sip : NULL;
}
