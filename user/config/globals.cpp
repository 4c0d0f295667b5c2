// SPDX-License-Identifier: GPL-2.0
#include "globals.hpp"

#include "../netlink/setting.hpp"

namespace lb::config {

namespace {

constexpr std::uint64_t second = 1'000'000;
constexpr std::uint64_t longestTimer = UINT32_MAX; // microseconds

// A member of a part of the globals, by what sets such a member of that part.
template <auto part, auto take>
void within(Globals &into, Arguments &arguments)
{
    take(into.*part, arguments);
}

// --- mail

void takeRecipients(Globals &into, Arguments &arguments)
{
    for (const auto &line : arguments.statement().block)
        for (const auto &word : line.words)
            into.mail.to.push_back(word.text);
    if (into.mail.to.empty())
        arguments.report().warning(Where(arguments.keyword()), "nobody is to get mail");
}

// ADDRESS|NAME [PORT]; the name is looked up when there is mail.
void takeMailServer(Globals &into, Arguments &arguments)
{
    const auto *server = arguments.word("a mail server");
    if (!server)
        return;
    into.mail.server = server->text;
    if (arguments.more())
        into.mail.port = arguments.port().value_or(into.mail.port);
}

// --- scripts

void takeScriptUser(Globals &into, Arguments &arguments)
{
    const auto *user = arguments.word("a user");
    if (!user)
        return;
    into.scriptUser = user->text;
    into.scriptUserWhere = Where(*user);
    into.scriptGroup = arguments.more() ? arguments.word("a group")->text : "";
}

template <Script Globals::*member>
void takeProgram(Globals &into, Arguments &arguments)
{
    if (auto script = takeScript(arguments))
        into.*member = std::move(*script);
}

template <Fifo Globals::*member>
void takeFifo(Globals &into, Arguments &arguments)
{
    const auto *path = arguments.word("a FIFO's path");
    if (!path)
        return;
    auto &fifo = into.*member;
    fifo.path = path->text;
    fifo.where = Where(*path);
    fifo.user = arguments.more() ? arguments.word("a user")->text : "";
    fifo.group = arguments.more() ? arguments.word("a group")->text : "";
}

template <Fifo Globals::*member>
void takeFifoScript(Globals &into, Arguments &arguments)
{
    if (auto script = takeScript(arguments))
        (into.*member).script = std::move(*script);
}

void takeReloadFile(Globals &into, Arguments &arguments)
{
    into.reloadFile = "";
    if (arguments.more())
        into.reloadFile = arguments.word("a file")->text;
}

template <Duration Globals::*member>
void takeScriptTimeout(Globals &into, Arguments &arguments)
{
    constexpr std::uint64_t most = 1000;
    if (const auto seconds = arguments.number("a time in seconds", 1, most))
        into.*member = std::chrono::seconds(*seconds);
}

// --- IPVS

// INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]
void takeSyncDaemon(Globals &into, Arguments &arguments)
{
    constexpr std::uint64_t mostLength = 65507;
    SyncDaemon daemon;
    const auto *interface = arguments.word("an interface");
    if (!interface)
        return;
    daemon.interface = interface->text;
    daemon.where = Where(*interface);
    while (arguments.more()) {
        if (arguments.take("inst")) {
            if (const auto *instance = arguments.word("a VRRP instance"))
                daemon.instance = instance->text;
        } else if (arguments.take("id")) {
            if (const auto id = arguments.number("an id", 0, UINT8_MAX))
                daemon.id = static_cast<std::uint8_t>(*id);
        } else if (arguments.take("maxlen")) {
            if (const auto length = arguments.number("a length", 1, mostLength))
                daemon.maxLength = static_cast<std::uint16_t>(*length);
        } else if (arguments.take("port")) {
            daemon.port = arguments.port();
        } else if (arguments.take("ttl")) {
            if (const auto ttl = arguments.number("a TTL", 1, UINT8_MAX))
                daemon.ttl = static_cast<std::uint8_t>(*ttl);
        } else if (arguments.take("group")) {
            daemon.group = arguments.ip("a multicast address");
        } else if (daemon.instance.empty()) {
            daemon.instance = arguments.word("a VRRP instance")->text;
        } else {
            const auto *word = arguments.word("an option");
            arguments.refuse(*word, fmt::format("'{}' is no option of the daemon", word->text),
                             "inst, id, maxlen, port, ttl or group");
        }
    }
    into.syncDaemon = std::move(daemon);
}

// NAME VALUE: a setting of lb, as lbctl calls it.
void takeSetting(Globals &into, Arguments &arguments)
{
    const auto *name = arguments.word("a setting");
    if (!name)
        return;
    const auto *setting = netlink::findSetting(name->text);
    if (!setting) {
        const auto meant = closest(name->text, netlink::settingNames());
        arguments.refuse(*name, fmt::format("lb has no setting '{}'", name->text),
                         meant.empty() ? "lbctl settings list"
                                       : fmt::format("did you mean '{}'?", meant));
        arguments.word("a value");
        return;
    }
    if (const auto value = arguments.number("a value", setting->min, setting->max))
        into.settings[setting->type] = static_cast<std::uint32_t>(*value);
}

void takeOnDrift(Globals &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"leave", "repair"}; // as enum OnDrift
    if (const auto what = arguments.choice("what is done", names))
        into.onDrift = static_cast<OnDrift>(*what);
}

void takeTimeouts(Globals &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"tcp", "tcpfin", "udp"};
    constexpr std::uint64_t day = 86400, most = 31 * day; // what lb and ip_vs take
    std::optional<std::uint32_t> *const members[] = {&into.timeouts.tcp, &into.timeouts.tcpFin,
                                                     &into.timeouts.udp};

    if (!arguments.more())
        arguments.refuse(arguments.keyword(), "'lvs_timeouts' says nothing",
                         "tcp 900 tcpfin 120 udp 300");
    while (arguments.more()) {
        const auto which = arguments.choice("a timeout", names);
        const auto seconds = arguments.number("a time in seconds", 0, most);
        if (which && seconds && *seconds) // 0: stays as it is
            *members[*which] = static_cast<std::uint32_t>(*seconds);
    }
}

void takeFlushOnStop(Globals &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"VS"};
    into.flushOnStop = FlushOnStop::all;
    if (arguments.more() && arguments.choice("what to flush", names))
        into.flushOnStop = FlushOnStop::services;
}

void takeDynamic(Globals &into, Arguments &arguments)
{
    static constexpr std::string_view names[] = {"allow_if_changes"};
    into.dynamicInterfaces = true;
    if (arguments.more())
        arguments.choice("an option of dynamic_interfaces", names);
}

// --- scheduling

template <Scheduling Globals::*part>
void takeNice(Globals &into, Arguments &arguments)
{
    constexpr int least = -20, most = 19;
    if (const auto value = arguments.integer("a nice value", least, most))
        (into.*part).nice = static_cast<int>(*value);
}

template <Scheduling Globals::*part>
void takeRealtime(Globals &into, Arguments &arguments)
{
    constexpr int most = 99;
    if (const auto value = arguments.integer("a real-time priority", 1, most))
        (into.*part).realtime = static_cast<int>(*value);
}

template <Scheduling Globals::*part>
void takeNoSwap(Globals &into, Arguments & /*arguments*/)
{
    (into.*part).noSwap = true;
}

template <Scheduling Globals::*part>
void takeCpus(Globals &into, Arguments &arguments)
{
    constexpr std::uint64_t most = 8191;
    do {
        if (const auto cpu = arguments.number("a CPU's number", 0, most))
            (into.*part).cpus.push_back(static_cast<std::uint16_t>(*cpu));
    } while (arguments.more());
}

// --- VRRP

template <Ip VrrpDefaults::*member>
void takeGroup(Globals &into, Arguments &arguments)
{
    constexpr std::uint8_t multicast4 = 0xe0, multicast6 = 0xff, nibble = 0xf0;
    const auto *word = arguments.peek();
    const auto ip = arguments.ip("a multicast address");
    if (!ip)
        return;
    const bool inet6 = member == &VrrpDefaults::group6;
    const auto first = ip->bytes().front();
    if ((ip->family() == Family::inet6) != inet6 ||
        (inet6 ? first != multicast6 : (first & nibble) != multicast4))
        arguments.refuse(*word, fmt::format("'{}' is no multicast address of {}", word->text,
                                            inet6 ? "IPv6" : "IPv4"));
    else
        into.vrrp.*member = *ip;
}

void takeVersion(Globals &into, Arguments &arguments)
{
    constexpr int least = 2, most = 3;
    if (const auto version = arguments.integer("a version of VRRP", least, most))
        into.vrrp.version = static_cast<int>(*version);
}

void takeGarpExtra(Globals &into, Arguments &arguments)
{
    constexpr std::uint64_t most = 86400;
    into.vrrp.garpExtraAll = arguments.take("all");
    if (const auto seconds = arguments.number("a time in seconds", 1, most))
        into.vrrp.garpExtraInterface = static_cast<std::uint32_t>(*seconds);
}

// --- firewall

void takeTable(Globals &into, Arguments &arguments)
{
    if (arguments.more())
        into.firewall.table = arguments.word("a table")->text;
}

template <std::optional<int> Firewall::*member>
void takeHookPriority(Globals &into, Arguments &arguments)
{
    if (const auto value = arguments.integer("a hook's priority", INT32_MIN, INT32_MAX))
        into.firewall.*member = static_cast<int>(*value);
}

// --- lbd's own

// ADDRESS PORT
void takeMetrics(Globals &into, Arguments &arguments)
{
    const auto ip = arguments.ip("an address");
    if (!ip)
        return;
    if (const auto port = arguments.port())
        into.metrics = Endpoint{*ip, *port};
}

// --- what has no meaning here, and why

// Taken whole, with the reason; keepalived's files are full of them.
constexpr struct {
    std::string_view name;
    std::string_view reason;
} foreign[] = {
    {"snmp_socket", "metrics"},
    {"enable_snmp_keepalived", "metrics"},
    {"enable_snmp_vrrp", "metrics"},
    {"enable_snmp_checker", "metrics"},
    {"enable_snmp_rfc", "metrics"},
    {"enable_snmp_rfcv2", "metrics"},
    {"enable_snmp_rfcv3", "metrics"},
    {"enable_traps", "metrics"},
    {"snmp_vs_stats_update_interval", "metrics"},
    {"snmp_rs_stats_update_interval", "metrics"},
    {"enable_dbus", "socket"},
    {"dbus_service_name", "socket"},
    {"dbus_no_interface_name", "socket"},
    {"tmp_config_directory", "files"},
    {"config_save_dir", "files"},
    {"reload_check_config", "reload"},
    {"process_names", "process"},
    {"process_name", "process"},
    {"vrrp_process_name", "process"},
    {"checker_process_name", "process"},
    {"bfd_process_name", "process"},
    {"bfd_priority", "process"},
    {"bfd_no_swap", "process"},
    {"bfd_rt_priority", "process"},
    {"bfd_cpu_affinity", "process"},
    {"bfd_rlimit_rttime", "process"},
    {"vrrp_rlimit_rttime", "process"},
    {"checker_rlimit_rttime", "process"},
    {"max_auto_priority", "process"},
    {"min_auto_priority_delay", "process"},
    {"vrrp_netlink_cmd_rcv_bufs", "buffers"},
    {"vrrp_netlink_cmd_rcv_bufs_force", "buffers"},
    {"vrrp_netlink_monitor_rcv_bufs", "buffers"},
    {"vrrp_netlink_monitor_rcv_bufs_force", "buffers"},
    {"lvs_netlink_cmd_rcv_bufs", "buffers"},
    {"lvs_netlink_cmd_rcv_bufs_force", "buffers"},
    {"lvs_netlink_monitor_rcv_bufs", "buffers"},
    {"lvs_netlink_monitor_rcv_bufs_force", "buffers"},
    {"process_monitor_rcv_bufs", "buffers"},
    {"process_monitor_rcv_bufs_force", "buffers"},
    {"vrrp_rx_bufs_policy", "buffers"},
    {"vrrp_rx_bufs_multiplier", "buffers"},
    {"vrrp_iptables", "iptables"},
    {"vrrp_ipsets", "iptables"},
    {"random_seed", "files"},
    {"nftables_ipvs", "groups"},
    {"nftables_ipvs_priority", "groups"},
    {"nftables_ipvs_start_fwmark", "groups"},
};

struct Foreign {
    std::string_view reason;
    std::string_view what;
    std::string_view hint;
};

constexpr Foreign reasons[] = {
    {"metrics", "is accepted; lbd has no SNMP agent", "its metrics have all of that: lbd(8)"},
    {"socket", "is accepted; lbd is not on D-Bus", "its control socket does all of that: lbd(8)"},
    {"files", "is accepted; lbd keeps no copies of its configuration", ""},
    {"reload", "is accepted; lbd always checks a file before it reloads it", ""},
    {"process", "is accepted; lbd is a single process that is not starved by its parts", ""},
    {"buffers", "is accepted; lbd sizes its sockets' buffers itself", ""},
    {"groups", "is accepted; a group's services are services of their own, however many", ""},
    {"iptables", "is accepted; lbd's rules are nftables'", "nftables [TABLE]"},
};

bool takeForeign(const Statement &statement, const Report &report)
{
    const auto &word = statement.words.front();
    const auto *found = std::ranges::find(foreign, std::string_view(word.text),
                                          [](const auto &f) { return f.name; });
    if (found == std::end(foreign))
        return false;
    const auto *reason = std::ranges::find(reasons, found->reason, &Foreign::reason);
    report.note(Where(word), fmt::format("'{}' {}", word.text, reason->what),
                std::string(reason->hint));
    return true;
}

// --- the tables

template <auto member>
constexpr auto mailFlag = within<&Globals::mail, boolean<member>>;
template <auto member>
constexpr auto vrrpFlag = within<&Globals::vrrp, boolean<member>>;
template <auto member, auto... range>
constexpr auto vrrpNumber = within<&Globals::vrrp, number<member, range...>>;
template <auto member, std::uint64_t min, std::uint64_t max>
constexpr auto vrrpTimer = within<&Globals::vrrp, timer<member, min, max>>;

constexpr Keyword<Globals> keywords[] = {
    {"router_id", text<&Globals::routerId>},
    {"default_interface", text<&Globals::defaultInterface>},
    {"script_user", takeScriptUser},
    {"enable_script_security", flag<&Globals::scriptSecurity>},
    {"notification_email", takeRecipients, Shape::block},
    {"notification_email_from", within<&Globals::mail, text<&Mail::from>>},
    {"smtp_server", takeMailServer},
    {"smtp_helo_name", within<&Globals::mail, text<&Mail::helloName>>},
    {"smtp_connect_timeout", within<&Globals::mail, timer<&Mail::connectTimeout, 1, longestTimer>>},
    {"smtp_alert", mailFlag<&Mail::alertAll>},
    {"smtp_alert_vrrp", mailFlag<&Mail::alertVrrp>},
    {"smtp_alert_checker", mailFlag<&Mail::alertChecker>},
    {"no_email_faults", mailFlag<&Mail::noFaults>},
    {"no_checker_emails", mailFlag<&Mail::noCheckerEmails>},
    {"lvs_sync_daemon", takeSyncDaemon},
    {"lvs_timeouts", takeTimeouts},
    {"lb_setting", takeSetting},
    {"on_drift", takeOnDrift},
    {"lvs_flush", flag<&Globals::flush>},
    {"lvs_flush_on_stop", takeFlushOnStop},
    {"checker_log_all_failures", boolean<&Globals::logAllFailures>},
    {"rs_init_notifies", flag<&Globals::notifyAtStart>},
    {"dynamic_interfaces", takeDynamic},
    {"notify_fifo", takeFifo<&Globals::fifo>},
    {"notify_fifo_script", takeFifoScript<&Globals::fifo>},
    {"vrrp_notify_fifo", takeFifo<&Globals::vrrpFifo>},
    {"vrrp_notify_fifo_script", takeFifoScript<&Globals::vrrpFifo>},
    {"lvs_notify_fifo", takeFifo<&Globals::lvsFifo>},
    {"lvs_notify_fifo_script", takeFifoScript<&Globals::lvsFifo>},
    {"startup_script", takeProgram<&Globals::startup>},
    {"startup_script_timeout", takeScriptTimeout<&Globals::startupTimeout>},
    {"shutdown_script", takeProgram<&Globals::shutdown>},
    {"shutdown_script_timeout", takeScriptTimeout<&Globals::shutdownTimeout>},
    {"reload_time_file", text<&Globals::reloadTimeFile>},
    {"reload_file", takeReloadFile},
    {"reload_repeat", flag<&Globals::reloadRepeat>},
    {"vrrp_priority", takeNice<&Globals::vrrpScheduling>},
    {"vrrp_rt_priority", takeRealtime<&Globals::vrrpScheduling>},
    {"vrrp_no_swap", takeNoSwap<&Globals::vrrpScheduling>},
    {"vrrp_cpu_affinity", takeCpus<&Globals::vrrpScheduling>},
    {"checker_priority", takeNice<&Globals::checkerScheduling>},
    {"checker_rt_priority", takeRealtime<&Globals::checkerScheduling>},
    {"checker_no_swap", takeNoSwap<&Globals::checkerScheduling>},
    {"checker_cpu_affinity", takeCpus<&Globals::checkerScheduling>},
    {"vrrp_version", takeVersion},
    {"vrrp_mcast_group4", takeGroup<&VrrpDefaults::group4>},
    {"vrrp_mcast_group6", takeGroup<&VrrpDefaults::group6>},
    {"vrrp_garp_master_delay", vrrpNumber<&VrrpDefaults::garpDelay>},
    {"vrrp_garp_master_repeat", vrrpNumber<&VrrpDefaults::garpRepeat>},
    {"vrrp_garp_master_refresh", vrrpNumber<&VrrpDefaults::garpRefresh>},
    {"vrrp_garp_master_refresh_repeat", vrrpNumber<&VrrpDefaults::garpRefreshRepeat>},
    {"vrrp_garp_lower_prio_delay", vrrpNumber<&VrrpDefaults::garpLowerPrioDelay>},
    {"vrrp_garp_lower_prio_repeat", vrrpNumber<&VrrpDefaults::garpLowerPrioRepeat>},
    {"vrrp_garp_interval", vrrpTimer<&VrrpDefaults::garpInterval, 1, longestTimer>},
    {"vrrp_gna_interval", vrrpTimer<&VrrpDefaults::gnaInterval, 1, longestTimer>},
    {"vrrp_min_garp", vrrpFlag<&VrrpDefaults::minGarp>},
    {"vrrp_garp_extra_if", takeGarpExtra},
    {"vrrp_lower_prio_no_advert", vrrpFlag<&VrrpDefaults::lowerPrioNoAdvert>},
    {"vrrp_higher_prio_send_advert", vrrpFlag<&VrrpDefaults::higherPrioSendAdvert>},
    {"vrrp_down_timer_adverts", vrrpNumber<&VrrpDefaults::downTimerAdverts, 1, 100>},
    {"vrrp_startup_delay", vrrpTimer<&VrrpDefaults::startupDelay, 0, longestTimer>},
    {"vrrp_delay_after_boot", vrrpTimer<&VrrpDefaults::delayAfterBoot, 0, 3600 * second>},
    {"vrrp_check_unicast_src", vrrpFlag<&VrrpDefaults::checkUnicastSource>},
    {"vrrp_skip_check_adv_addr", vrrpFlag<&VrrpDefaults::skipCheckAdvertAddresses>},
    {"vrrp_strict", vrrpFlag<&VrrpDefaults::strict>},
    {"vrrp_notify_priority_changes", vrrpFlag<&VrrpDefaults::notifyPriorityChanges>},
    {"fifo_write_vrrp_states_on_reload", vrrpFlag<&VrrpDefaults::fifoStatesOnReload>},
    {"log_unknown_vrids", vrrpFlag<&VrrpDefaults::logUnknownRouters>},
    {"nftables", takeTable},
    {"nftables_priority", takeHookPriority<&Firewall::priority>},
    {"nftables_counters", within<&Globals::firewall, flag<&Firewall::counters>>},
    {"nftables_ifindex", [](Globals &, Arguments &) {}},
    {"lbd_metrics", takeMetrics},
};

constexpr Keyword<Globals> topLevel[] = {
    {"net_namespace", text<&Globals::netNamespace>},
    {"net_namespace_ipvs", text<&Globals::netNamespaceServices>},
    {"instance", text<&Globals::instance>},
    {"namespace_with_ipsets", [](Globals &, Arguments &) {}},
    {"use_pid_dir", [](Globals &, Arguments &) {}},
    {"linkbeat_use_polling", [](Globals &, Arguments &) {}},
    {"child_wait_time",
     [](Globals &, Arguments &arguments) { arguments.number("a time in seconds", 0, UINT32_MAX); }},
};

} // namespace

void takeGlobals(Globals &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        if (takeForeign(statement, arguments.report()))
            continue;
        takeBlock<Globals, Globals>(into, std::span(&statement, 1), arguments.report(), keywords);
    }
}

std::span<const Keyword<Globals>> topLevelKeywords()
{
    return topLevel;
}

} // namespace lb::config
