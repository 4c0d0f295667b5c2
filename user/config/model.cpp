// SPDX-License-Identifier: GPL-2.0
// The top level of a configuration.
#include "model.hpp"

#include "virtual_server_keywords.hpp"

namespace lb::config {

namespace {

// A block that adds to a list, by what reads one of it.
template <auto member, auto take>
void list(Model &into, Arguments &arguments)
{
    take(into.*member, arguments);
}

void takeGlobalDefs(Model &into, Arguments &arguments)
{
    takeGlobals(into.globals, arguments);
}

void takeStaticAddresses(Model &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        Arguments line(statement, arguments.report());
        if (auto address = takeAddress(line))
            into.staticAddresses.push_back(std::move(*address));
    }
}

template <std::vector<RouteWords> Model::*member>
void takeStaticRoutes(Model &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block) {
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        RouteWords route{.where = Where(statement.words.front())};
        for (const auto &word : statement.words)
            route.words.push_back(word.text);
        (into.*member).push_back(std::move(route));
    }
}

// --- track_group

void takeMembers(TrackGroup &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block)
        for (const auto &word : statement.words)
            into.instances.push_back(word.text);
}

constexpr Keyword<TrackGroup> trackGroupKeywords[] = {
    {"group", takeMembers, Shape::block},
};

void takeTrackGroup(Model &into, Arguments &arguments)
{
    TrackGroup group{};
    const auto *name = arguments.word("a name");
    takeBlock<TrackGroup, TrackGroup>(group, arguments.statement().block, arguments.report(),
                                      trackGroupKeywords);
    if (!name)
        return;
    group.name = name->text;
    group.where = Where(*name);
    into.trackGroups.push_back(std::move(group));
}

// --- garp_group

void takeInterface(GarpGroup &into, Arguments &arguments)
{
    if (const auto *word = arguments.word("an interface"))
        into.interfaces.push_back(word->text);
}

void takeInterfaces(GarpGroup &into, Arguments &arguments)
{
    for (const auto &statement : arguments.statement().block)
        for (const auto &word : statement.words)
            into.interfaces.push_back(word.text);
}

constexpr std::uint64_t longestTimer = UINT32_MAX; // microseconds

constexpr Keyword<GarpGroup> garpKeywords[] = {
    {"garp_interval", timer<&GarpGroup::garpInterval, 1, longestTimer>},
    {"gna_interval", timer<&GarpGroup::gnaInterval, 1, longestTimer>},
    {"interface", takeInterface},
    {"interfaces", takeInterfaces, Shape::block},
};

void takeGarpGroup(Model &into, Arguments &arguments)
{
    GarpGroup group{.where = Where(arguments.keyword())};
    takeBlock<GarpGroup, GarpGroup>(group, arguments.statement().block, arguments.report(),
                                    garpKeywords);
    if (group.interfaces.empty())
        arguments.report().warning(group.where, "this garp_group has no interface");
    into.garpGroups.push_back(std::move(group));
}

// --- interface_up_down_delays

void takeDelays(Model &into, Arguments &arguments)
{
    constexpr auto most = std::chrono::seconds(255);
    for (const auto &statement : arguments.statement().block) {
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        Arguments line(statement, arguments.report());
        const auto down = line.timer("a time to be down", Duration(0), most);
        const auto up = line.more() ? line.timer("a time to be up", Duration(0), most) : down;
        line.end();
        if (down && up)
            into.interfaceDelays.push_back({line.keyword().text, *down, *up});
    }
}

// --- SSL

constexpr Keyword<Tls> tlsKeywords[] = {
    {"password", text<&Tls::password>},
    {"ca", text<&Tls::authority>},
    {"certificate", text<&Tls::certificate>},
    {"key", text<&Tls::key>},
};

void takeTls(Model &into, Arguments &arguments)
{
    Tls tls{};
    takeBlock<Tls, Tls>(tls, arguments.statement().block, arguments.report(), tlsKeywords);
    into.tls = std::move(tls);
}

// ---

// Links tell of their state by netlink here, always.
void takeLinkbeat(Model & /*into*/, Arguments &arguments)
{
    arguments.report().note(
        Where(arguments.keyword()),
        "'linkbeat_interfaces' is accepted; lbd always listens for links by netlink");
}

void takeBfd(Model & /*into*/, Arguments &arguments)
{
    arguments.refuse(arguments.keyword(), "lbd has no BFD",
                     "let bfdd of FRR or bird watch the neighbour, and track a file or script");
    while (arguments.more())
        arguments.word("a name");
}

constexpr Keyword<Model> keywords[] = {
    {"global_defs", takeGlobalDefs, Shape::block},
    {"virtual_server_group", list<&Model::groups, takeGroup>, Shape::block},
    {"virtual_server", list<&Model::virtualServers, takeVirtualServer>, Shape::block},
    {"SSL", takeTls, Shape::block},
    {"vrrp_instance", list<&Model::instances, takeInstance>, Shape::block},
    {"vrrp_sync_group", list<&Model::syncGroups, takeSyncGroup>, Shape::block},
    {"vrrp_script", list<&Model::scripts, takeVrrpScript>, Shape::block},
    {"track_file", list<&Model::files, takeTrackFile>, Shape::block},
    {"vrrp_track_file", list<&Model::files, takeTrackFile>, Shape::block},
    {"vrrp_track_process", list<&Model::processes, takeTrackProcess>, Shape::block},
    {"track_process", list<&Model::processes, takeTrackProcess>, Shape::block},
    {"track_group", takeTrackGroup, Shape::block},
    {"garp_group", takeGarpGroup, Shape::block},
    {"interface_up_down_delays", takeDelays, Shape::block},
    {"static_ipaddress", takeStaticAddresses, Shape::block},
    {"static_routes", takeStaticRoutes<&Model::staticRoutes>, Shape::block},
    {"static_rules", takeStaticRoutes<&Model::staticRules>, Shape::block},
    {"linkbeat_interfaces", takeLinkbeat, Shape::block},
    {"bfd_instance", takeBfd, Shape::block},
};

} // namespace

Model modelOf(const Tree &tree, const Report &report)
{
    Model model;
    for (const auto &statement : tree.statements) {
        // Two tables of things that are no bases of each other.
        if (takeBy<Globals, Globals>(model.globals, statement, report, topLevelKeywords()))
            continue;
        takeBlock<Model, Model>(model, std::span(&statement, 1), report, keywords);
    }
    return model;
}

} // namespace lb::config
