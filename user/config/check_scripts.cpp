// SPDX-License-Identifier: GPL-2.0
// Programs that a configuration asks to be run: that they are there, and that running them as
// the user they would run as gives nobody the power of root.
#include "check.hpp"

#include <map>
#include <tuple>

namespace lb::config {

namespace {

class ScriptCheck {
public:
    ScriptCheck(const Model &model, const Machine &machine, const Report &report)
        : globals_(model.globals), machine_(machine), report_(report)
    {}

    // What @tracked scripts say decides who is master: without one nothing does.
    void run(const Script &script, bool tracked = false)
    {
        if (script.words.empty())
            return;
        const auto as = identityOf(script);
        if (!as || !machine_.judge)
            return;
        const auto &safety = safetyOf(script.words.front(), *as);
        if (safety.danger == process::Danger::missing) {
            complain(script, safety, tracked);
            return;
        }
        if (as->uid == 0 && !globals_.scriptSecurity && !rootTold_) {
            rootTold_ = true;
            report_.warning(script.where,
                            fmt::format("'{}' runs as root, and nobody looks whether others can "
                                        "change it",
                                        script.words.front()),
                            "say enable_script_security in global_defs");
        }
        if (safety.danger != process::Danger::none)
            complain(script, safety,
                     tracked && globals_.scriptSecurity &&
                         safety.danger == process::Danger::unsafe);
    }

    void checkFifo(const Fifo &fifo)
    {
        if (!fifo.user.empty() && machine_.identity)
            if (const auto as = machine_.identity(fifo.user, fifo.group); !as)
                report_.error(fifo.where, as.error().what,
                              fmt::format("the FIFO '{}' would be that user's", fifo.path));
        run(fifo.script);
    }

    void checkScriptUser() const
    {
        if (!globals_.scriptUser.empty() && machine_.identity)
            if (const auto as = machine_.identity(globals_.scriptUser, globals_.scriptGroup); !as)
                report_.error(globals_.scriptUserWhere, as.error().what, "no script would be run");
    }

private:
    // Nothing when that is told, here or by checkScriptUser().
    [[nodiscard]] std::optional<process::Identity> identityOf(const Script &script) const
    {
        if (!script.user.empty()) {
            if (!machine_.identity)
                return {};
            const auto as = machine_.identity(script.user, script.group);
            if (!as)
                report_.error(script.where,
                              fmt::format("{} to run '{}'", as.error().what, script.words.front()));
            return as ? std::optional(*as) : std::nullopt;
        }
        if (!globals_.scriptUser.empty()) {
            if (!machine_.identity)
                return {};
            const auto as = machine_.identity(globals_.scriptUser, globals_.scriptGroup);
            return as ? std::optional(*as) : std::nullopt;
        }
        if (!machine_.defaultIdentity)
            return {};
        const auto as = machine_.defaultIdentity(globals_.scriptSecurity);
        if (!as)
            report_.error(script.where,
                          fmt::format("{} to run '{}'", as.error().what, script.words.front()),
                          as.error().hint);
        return as ? std::optional(*as) : std::nullopt;
    }

    const process::Safety &safetyOf(const std::string &program, const process::Identity &as)
    {
        const auto key = std::tuple(program, as.uid, as.gid);
        const auto known = known_.find(key);
        if (known != known_.end())
            return known->second;
        return known_.emplace(key, machine_.judge(program, as)).first->second;
    }

    void complain(const Script &script, const process::Safety &safety, bool fatal) const
    {
        if (fatal)
            report_.error(script.where, safety.what, safety.hint);
        else
            report_.warning(script.where, safety.what, safety.hint);
    }

    const Globals &globals_;
    const Machine &machine_;
    const Report &report_;
    bool rootTold_ = false;
    std::map<std::tuple<std::string, uid_t, gid_t>, process::Safety> known_{};
};

} // namespace

void checkScripts(const Model &model, const Machine &machine, const Report &report)
{
    ScriptCheck check(model, machine, report);
    const auto &globals = model.globals;

    check.checkScriptUser();
    for (const auto *fifo : {&globals.fifo, &globals.vrrpFifo, &globals.lvsFifo})
        check.checkFifo(*fifo);
    check.run(globals.startup);
    check.run(globals.shutdown);
    for (const auto &server : model.virtualServers) {
        check.run(server.quorumUp);
        check.run(server.quorumDown);
        for (const auto &real : server.realServers) {
            check.run(real.notifyUp);
            check.run(real.notifyDown);
            for (const auto &probe : real.probes)
                if (const auto *misc = std::get_if<MiscProbe>(&probe))
                    check.run(misc->script);
        }
    }
    for (const auto &script : model.scripts)
        check.run(script.script, true);
    const auto runNotify = [&check](const Notify &notify) {
        for (const auto *script : {&notify.master, &notify.backup, &notify.fault, &notify.stop,
                                   &notify.deleted, &notify.any, &notify.masterLowerPrio})
            check.run(*script);
    };
    for (const auto &instance : model.instances)
        runNotify(instance);
    for (const auto &group : model.syncGroups)
        runNotify(group);
}

} // namespace lb::config
