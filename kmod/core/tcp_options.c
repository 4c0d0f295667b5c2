// SPDX-License-Identifier: GPL-2.0
#include "tcp_options.h"

/* RFC 9293, 3.2 */
enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_MSS_LEN = 4,
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
