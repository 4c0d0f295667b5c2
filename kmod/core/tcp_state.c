// SPDX-License-Identifier: GPL-2.0
#include "tcp_state.h"

#include <linux/lb.h>

#define TCP_STATES (LB_STATE_SYNACK + 1)

#define NO LB_STATE_NONE
#define ES LB_STATE_ESTABLISHED
#define SS LB_STATE_SYN_SENT
#define SR LB_STATE_SYN_RECV
#define FW LB_STATE_FIN_WAIT
#define TW LB_STATE_TIME_WAIT
#define CL LB_STATE_CLOSE
#define CW LB_STATE_CLOSE_WAIT
#define LA LB_STATE_LAST_ACK
#define LI LB_STATE_LISTEN
#define SA LB_STATE_SYNACK

/* Per state: where SYN, FIN, ACK and RST lead. */
static const u8 next_state[3][TCP_STATES][4] = {
	[TCP_SIDE_IN] = {
		[NO] = { SR, CL, ES, CL },
		[ES] = { ES, CW, ES, CL },
		[SS] = { ES, SS, SS, CL },
		[SR] = { SR, TW, ES, SR },
		[FW] = { SR, TW, FW, CL },
		[TW] = { SR, TW, TW, CL },
		[CL] = { SR, CL, CL, CL },
		[CW] = { SR, CW, CW, CL },
		[LA] = { SR, LA, CL, LA },
		[LI] = { SR, LI, LI, LI },
		[SA] = { SR, TW, ES, SR },
	},
	[TCP_SIDE_OUT] = {
		[NO] = { SS, TW, ES, CL },
		[ES] = { ES, FW, ES, CL },
		[SS] = { SS, SS, SS, SS },
		[SR] = { SR, TW, ES, CL },
		[FW] = { SS, FW, FW, CL },
		[TW] = { SS, TW, TW, TW },
		[CL] = { SS, CL, CL, CL },
		[CW] = { SS, TW, CW, CL },
		[LA] = { SS, LA, LA, CL },
		[LI] = { LI, LI, ES, CL },
		[SA] = { SR, TW, ES, CL },
	},
	/* A FIN that is seen alone may be either side's: wait for both. */
	[TCP_SIDE_IN_ONLY] = {
		[NO] = { SR, CL, ES, CL },
		[ES] = { ES, FW, ES, CL },
		[SS] = { ES, SS, SS, CL },
		[SR] = { SR, TW, ES, SR },
		[FW] = { SR, FW, FW, CL },
		[TW] = { SR, TW, TW, CL },
		[CL] = { SR, CL, CL, CL },
		[CW] = { SR, CW, CW, CL },
		[LA] = { SR, LA, CL, LA },
		[LI] = { SR, LI, LI, LI },
		[SA] = { SR, TW, ES, CL },
	},
};

/* The same with secure_tcp: what a client sends alone establishes nothing where
 * answers can be seen, and a SYN disturbs no connection that is established.
 */
static const u8 secure_next_state[3][TCP_STATES][4] = {
	[TCP_SIDE_IN] = {
		[NO] = { SR, CL, ES, CL },
		[ES] = { ES, CW, ES, CL },
		[SS] = { ES, SS, SS, CL },
		[SR] = { SR, TW, SR, SR },
		[FW] = { SR, TW, FW, CL },
		[TW] = { SR, TW, TW, CL },
		[CL] = { SR, CL, CL, CL },
		[CW] = { SR, CW, CW, CL },
		[LA] = { SR, LA, CL, LA },
		[LI] = { SR, LI, LI, LI },
		[SA] = { SA, SA, SA, CL },
	},
	[TCP_SIDE_OUT] = {
		[NO] = { SS, TW, ES, CL },
		[ES] = { ES, FW, ES, CL },
		[SS] = { SS, SS, SS, SS },
		[SR] = { SA, TW, ES, CL },
		[FW] = { SS, FW, FW, CL },
		[TW] = { SS, TW, TW, TW },
		[CL] = { SS, CL, CL, CL },
		[CW] = { SS, TW, CW, CL },
		[LA] = { SS, LA, LA, CL },
		[LI] = { LI, LI, ES, CL },
		[SA] = { SA, TW, ES, CL },
	},
	[TCP_SIDE_IN_ONLY] = {
		[NO] = { SA, CL, ES, CL },
		[ES] = { ES, FW, ES, CL },
		[SS] = { ES, SS, SS, CL },
		[SR] = { SR, TW, ES, SR },
		[FW] = { SA, FW, FW, CL },
		[TW] = { SA, TW, TW, CL },
		[CL] = { SA, CL, CL, CL },
		[CW] = { SA, CW, CW, CL },
		[LA] = { SA, LA, CL, LA },
		[LI] = { SA, LI, LI, LI },
		[SA] = { SA, TW, ES, CL },
	},
};

u8 tcp_next_state(bool secure, enum tcp_side side, enum tcp_event event, u8 state)
{
	if (event >= TCP_EVENT_NONE)
		return state;
	return secure ? secure_next_state[side][state][event] : next_state[side][state][event];
}

bool tcp_state_active(u8 state)
{
	return state == ES || state == SS || state == SR || state == SA;
}
