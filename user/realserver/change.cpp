// SPDX-License-Identifier: GPL-2.0
#include "change.hpp"

#include "machine.hpp"
#include "state.hpp"

namespace lb::realserver {

namespace {

// Noted before it is done, so that nothing is forgotten whatever happens: what is noted and was not
// done does not stand when it is to be undone, and is left alone.
State noted(const Plan &plan)
{
    auto state = plan.next;
    for (const auto &action : plan.actions)
        if (action.undo)
            state.done.push_back(action.step);
    return state;
}

Result<void> follow(Kernel &kernel, const Machine &machine, const StateFile &file, const Plan &plan,
                    const Tell &tell)
{
    if (auto written = file.write(noted(plan)); !written)
        return written;
    for (const auto &action : plan.actions) {
        if (auto done = carryOut(kernel, machine, action); !done)
            return done;
        tell(action);
    }
    return file.write(plan.next);
}

} // namespace

Result<void> up(const Wish &wish, const Tell &tell)
{
    auto kernel = Kernel::open();
    if (!kernel)
        return kernel.error();
    const auto file = StateFile::open();
    if (!file)
        return file.error();
    const auto state = file->read();
    if (!state)
        return state.error();
    auto machine = readMachine(*kernel);
    if (!machine)
        return machine.error();
    const auto modules = modulesFor(wish, *machine);
    for (const auto &module : modules)
        loadModule(module);
    if (!modules.empty())
        machine = readMachine(*kernel);
    if (!machine)
        return machine.error();
    const auto plan = planUp(*state, wish, *machine);
    if (!plan)
        return plan.error();
    return follow(*kernel, *machine, *file, *plan, tell);
}

Result<void> down(const Ip &vip, const Tell &tell)
{
    auto kernel = Kernel::open();
    if (!kernel)
        return kernel.error();
    const auto file = StateFile::open();
    if (!file)
        return file.error();
    const auto state = file->read();
    if (!state)
        return state.error();
    const auto machine = readMachine(*kernel);
    if (!machine)
        return machine.error();
    const auto plan = planDown(*state, vip, *machine);
    if (!plan)
        return plan.error();
    return follow(*kernel, *machine, *file, *plan, tell);
}

std::optional<Wish> wishOf(const Ip &vip)
{
    const auto file = StateFile::open();
    if (!file)
        return std::nullopt;
    const auto state = file->read();
    if (!state)
        return std::nullopt;
    for (const auto &wish : state->wishes)
        if (wish.vip == vip)
            return wish;
    return std::nullopt;
}

} // namespace lb::realserver
