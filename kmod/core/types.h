/* SPDX-License-Identifier: GPL-2.0 */
/* The only header of core/ that knows whether it is in the kernel. */
#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#define noinline	/* only the module's speed needs it */
typedef uint8_t u8; typedef uint16_t u16; typedef uint32_t u32; typedef uint64_t u64;
#endif
