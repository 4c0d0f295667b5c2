// SPDX-License-Identifier: GPL-2.0
// What a command of ipvsadm changes, as the module's own command.
#pragma once

#include "../netlink/lb.hpp"
#include "command.hpp"

namespace lb::ipvsadm {

netlink::ServiceKey keyOf(const ServiceWords &service);

// EINVAL, ENOENT: what only the kernel would refuse of ip_vs's, but the module's family cannot
// even be told. A --set of zeros only is a change of no settings.
Result<netlink::Change> changeOf(const Command &command);

// Does it change services, destinations or timeouts?
bool changes(Verb verb);

} // namespace lb::ipvsadm
