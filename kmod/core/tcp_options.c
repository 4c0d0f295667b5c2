// SPDX-License-Identifier: GPL-2.0
#include "tcp_options.h"

/* RFC 9293, 3.2 */
enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_MSS_LEN = 4,
	OPTION_SACK = 5,	/* RFC 2018, 3 */
	OPTION_MIN_LEN = 2,
};

int tcp_find_mss(const u8 *options, u32 len)
{
	u32 i = 0;

	while (i + OPTION_MSS_LEN <= len && options[i] != OPTION_END) {
		if (options[i] == OPTION_NOP) {
			i++;
			continue;
		}
		if (options[i] == OPTION_MSS)
			return options[i + 1] == OPTION_MSS_LEN ? (int)i + OPTION_MIN_LEN : -1;
		if (options[i + 1] < OPTION_MIN_LEN)
			return -1;
		i += options[i + 1];
	}
	return -1;
}

bool tcp_find_sack(const u8 *options, u32 len, u32 *at, u32 *blocks)
{
	u32 i = 0;

	while (i + OPTION_MIN_LEN <= len && options[i] != OPTION_END) {
		if (options[i] == OPTION_NOP) {
			i++;
			continue;
		}
		if (options[i + 1] < OPTION_MIN_LEN || i + options[i + 1] > len)
			return false;
		if (options[i] == OPTION_SACK) {
			*at = i + OPTION_MIN_LEN;
			*blocks = (options[i + 1] - OPTION_MIN_LEN) / TCP_SACK_BLOCK;
			return *blocks;
		}
		i += options[i + 1];
	}
	return false;
}
