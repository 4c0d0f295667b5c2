/* SPDX-License-Identifier: GPL-2.0 */
/* The version of lb: of the module and of the programs, each as it was built. */
#ifndef LB_VERSION_H
#define LB_VERSION_H

#define LB_VERSION "0.1.0"

#endif /* LB_VERSION_H */
