// SPDX-License-Identifier: GPL-2.0
// Lists as ipvsadm prints them, to the byte: print.cpp has titles and destinations,
// print_service.cpp a service's line, save.cpp rules, connections.cpp connections.
#pragma once

#include "command.hpp"
#include "names.hpp"
#include "outcome.hpp"
#include "view.hpp"

namespace lb::ipvsadm {

// One of these; when several are asked for, the first.
enum class Form { rule, stats, rate, thresholds, persistentConn, tunInfo, plain };

struct Format {
    Form form = Form::plain;
    bool numeric = false;
    bool exact = false;
    bool sorted = true;
    bool persistentConn = false; // to connections, whatever the form

    static Format of(const Command &command);
};

// What family IPVS says of the kernel: ip_vs 1.2.1, and the smallest table that it has.
std::string versionLine();
std::string title(Form form);

void print(std::string &text, const View &view, const Format &format, Names &names);
// How rules are told: as ipvsadm does, without thresholds and with marks as signed numbers, which
// it does not read; or whole, which it reads.
enum class Saying { asIpvsadm, whole };
// Parts of it.
void printRule(std::string &text, const View &view, Names &names, Saying saying);
void printServiceLine(std::string &text, const netlink::Service &service, const Format &format,
                      Names &names);
std::string largeNumber(std::uint64_t number, bool exact);
std::string schedulerFlags(const netlink::Service &service);
// " persistent 360 mask 255.255.255.0", with the words of the form.
std::string persistence(const netlink::Service &service, bool rule);
std::optional<Protocol> protocolOf(const netlink::ServiceKey &key);
// One that drains has weight 0 to those who know no draining.
unsigned weightOf(const netlink::Destination &dest);

// LB_STATE_* by the name that ip_vs has for it.
std::optional<std::uint8_t> stateOf(Protocol protocol, std::string_view name);
std::string connectionsTitle(bool persistentConn);
void print(std::string &text, const netlink::Connection &conn, bool persistentConn, Names &names);

} // namespace lb::ipvsadm
