// SPDX-License-Identifier: GPL-2.0
#include "sctp_state.h"

#include <linux/lb.h>

#define SCTP_STATES (LB_STATE_SCTP_CLOSED - LB_STATE_SCTP_NONE + 1)

/* A state's row, and its name in a row. */
#define NO 0
#define I1 (LB_STATE_SCTP_INIT1 - LB_STATE_SCTP_NONE)
#define IN (LB_STATE_SCTP_INIT - LB_STATE_SCTP_NONE)
#define CS (LB_STATE_SCTP_COOKIE_SENT - LB_STATE_SCTP_NONE)
#define CR (LB_STATE_SCTP_COOKIE_REPLIED - LB_STATE_SCTP_NONE)
#define CW (LB_STATE_SCTP_COOKIE_WAIT - LB_STATE_SCTP_NONE)
#define CO (LB_STATE_SCTP_COOKIE - LB_STATE_SCTP_NONE)
#define CE (LB_STATE_SCTP_COOKIE_ECHOED - LB_STATE_SCTP_NONE)
#define ES (LB_STATE_SCTP_ESTABLISHED - LB_STATE_SCTP_NONE)
#define SS (LB_STATE_SCTP_SHUTDOWN_SENT - LB_STATE_SCTP_NONE)
#define SR (LB_STATE_SCTP_SHUTDOWN_RECEIVED - LB_STATE_SCTP_NONE)
#define SA (LB_STATE_SCTP_SHUTDOWN_ACK_SENT - LB_STATE_SCTP_NONE)
#define RJ (LB_STATE_SCTP_REJECTED - LB_STATE_SCTP_NONE)
#define CL (LB_STATE_SCTP_CLOSED - LB_STATE_SCTP_NONE)

/* Per state: where DATA, INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, SHUTDOWN,
 * SHUTDOWN ACK, SHUTDOWN COMPLETE, ERROR and ABORT lead.
 */
static const u8 next_state[3][SCTP_STATES][SCTP_SEEN_COUNT] = {
	[SCTP_SIDE_IN] = {
		[NO] = { ES, I1, CW, CR, ES, SR, CL, CL, CL, CL },
		[I1] = { I1, IN, CW, IN, I1, I1, IN, CL, I1, CL },
		[IN] = { IN, IN, CW, IN, IN, IN, IN, CL, IN, CL },
		[CS] = { CS, CS, CS, CR, CS, CS, CS, CS, CS, CL },
		[CR] = { CR, CR, CR, CR, CR, CR, CR, CR, CR, CL },
		[CW] = { CW, CW, CO, CW, CW, CW, CW, CW, CW, RJ },
		[CO] = { CO, CO, CO, CO, CO, CO, CO, CO, CO, CL },
		[CE] = { CE, CE, CE, CE, ES, CE, CE, CE, CL, CL },
		[ES] = { ES, ES, ES, ES, ES, SR, ES, ES, ES, CL },
		[SS] = { SS, SS, SS, SS, SS, SS, CL, SS, SS, CL },
		[SR] = { SR, SR, SR, SR, SR, SR, SR, SR, SR, CL },
		[SA] = { SA, SA, SA, SA, SA, SA, CL, CL, SA, CL },
		[RJ] = { RJ, IN, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, IN, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	[SCTP_SIDE_OUT] = {
		[NO] = { ES, CW, CS, CE, ES, SS, SA, CL, CL, CL },
		[I1] = { I1, CW, CS, CE, ES, SS, SA, I1, CL, RJ },
		[IN] = { IN, CW, CS, CE, ES, SS, SA, IN, CL, CL },
		[CS] = { CS, CW, CS, CE, ES, SS, SA, CS, CL, CL },
		[CR] = { CR, CW, CR, CE, ES, SS, SA, CR, CL, CL },
		[CW] = { CW, CW, CW, CE, ES, SS, CW, CW, CW, CL },
		[CO] = { CO, CW, CO, CE, ES, SS, CO, CO, CO, CL },
		[CE] = { CE, CW, CE, CE, ES, SS, CE, CE, CE, CL },
		[ES] = { ES, ES, ES, ES, ES, SS, ES, ES, ES, CL },
		[SS] = { SS, CW, SS, SS, SS, SS, SA, SS, SS, CL },
		[SR] = { SR, CW, SR, SR, SR, SR, SA, SR, SR, CL },
		[SA] = { SA, CW, SA, SA, SA, SA, SA, SA, SA, CL },
		[RJ] = { RJ, CW, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, CW, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	/* What the server says is guessed from what the client answers. */
	[SCTP_SIDE_IN_ONLY] = {
		[NO] = { ES, I1, CE, ES, ES, SR, CL, CL, CL, CL },
		[I1] = { I1, IN, CE, ES, I1, I1, IN, CL, I1, CL },
		[IN] = { IN, IN, CE, ES, IN, IN, IN, CL, IN, CL },
		[CS] = { CS, IN, CE, ES, ES, CS, CS, CL, CS, CL },
		[CR] = { CR, IN, CE, ES, ES, CR, CR, CL, CR, CL },
		[CW] = { ES, IN, CE, ES, CW, CW, CW, CW, CW, RJ },
		[CO] = { CO, CO, CO, CO, ES, CO, CO, CO, CO, CL },
		[CE] = { CE, CE, CE, CE, ES, CE, CE, CE, CE, CL },
		[ES] = { ES, ES, ES, ES, ES, SR, CL, ES, ES, CL },
		[SS] = { SS, SS, SS, SS, SS, SS, CL, SS, SS, CL },
		[SR] = { SR, SR, SR, SR, SR, SR, SR, CL, SR, CL },
		[SA] = { SA, SA, SA, SA, SA, SA, CL, CL, SA, CL },
		[RJ] = { RJ, IN, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, IN, CL, CL, CL, CL, CL, CL, CL, CL },
	},
};

enum sctp_seen sctp_chunk_seen(u8 chunk)
{
	switch (chunk) {
	case SCTP_CHUNK_INIT:
		return SCTP_SEEN_INIT;
	case SCTP_CHUNK_INIT_ACK:
		return SCTP_SEEN_INIT_ACK;
	case SCTP_CHUNK_ABORT:
		return SCTP_SEEN_ABORT;
	case SCTP_CHUNK_SHUTDOWN:
		return SCTP_SEEN_SHUTDOWN;
	case SCTP_CHUNK_SHUTDOWN_ACK:
		return SCTP_SEEN_SHUTDOWN_ACK;
	case SCTP_CHUNK_ERROR:
		return SCTP_SEEN_ERROR;
	case SCTP_CHUNK_COOKIE_ECHO:
		return SCTP_SEEN_COOKIE_ECHO;
	case SCTP_CHUNK_COOKIE_ACK:
		return SCTP_SEEN_COOKIE_ACK;
	case SCTP_CHUNK_SHUTDOWN_COMPLETE:
		return SCTP_SEEN_SHUTDOWN_COMPLETE;
	}
	return SCTP_SEEN_DATA;
}

u8 sctp_next_state(enum sctp_side side, enum sctp_seen seen, u8 state)
{
	return LB_STATE_SCTP_NONE + next_state[side][state - LB_STATE_SCTP_NONE][seen];
}

bool sctp_state_active(u8 state)
{
	return state == LB_STATE_SCTP_ESTABLISHED;
}
