/* SPDX-License-Identifier: GPL-2.0 */
/* The version of lb: of the module, which tells it, and of the programs, which are built with it. */
#ifndef LB_VERSION_H
#define LB_VERSION_H

#define LB_VERSION "0.1.0"

#endif /* LB_VERSION_H */
