// SPDX-License-Identifier: GPL-2.0
#include "state.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lb::realserver {

namespace {

using nlohmann::json;

json write(const Wish &wish)
{
    return {{"vip", toString(wish.vip)},      {"method", toString(wish.method)},
            {"interface", wish.interface},    {"tunnel-type", toString(wish.tunnel)},
            {"tunnel-port", wish.port.value}, {"outer", toString(wish.outer)}};
}

json write(const Step &step)
{
    if (const auto *up = std::get_if<LinkUp>(&step))
        return {{"what", "link-up"}, {"device", up->device}};
    if (const auto *inside = std::get_if<AnyInside>(&step))
        return {{"what", "any-inside"}, {"device", inside->device}};
    if (const auto *receiver = std::get_if<Receiver>(&step))
        return {{"what", "receiver"},
                {"port", receiver->port.value},
                {"family", toString(receiver->family)}};
    if (const auto *setting = std::get_if<Setting>(&step))
        return {{"what", "setting"},
                {"path", setting->path},
                {"value", setting->value},
                {"before", setting->before}};
    const auto &local = std::get<Local>(step);
    return {{"what", "address"}, {"device", local.device}, {"ip", toString(local.ip)}};
}

// What is missing or of another type throws, as Result's value() and nlohmann's at() do.
Family familyOf(const json &object, const char *name)
{
    return object.at(name).get<std::string>() == toString(Family::inet6) ? Family::inet6
                                                                         : Family::inet;
}

Wish readWish(const json &object)
{
    return {.vip = Ip::parse(object.at("vip").get<std::string>()).value(),
            .method = parseMethod(object.at("method").get<std::string>()).value(),
            .interface = object.at("interface").get<std::string>(),
            .tunnel = parseTunnelType(object.at("tunnel-type").get<std::string>()).value(),
            .port = {object.at("tunnel-port").get<std::uint16_t>()},
            .outer = familyOf(object, "outer")};
}

Step readStep(const json &object)
{
    const auto what = object.at("what").get<std::string>();
    if (what == "link-up")
        return LinkUp{object.at("device").get<std::string>()};
    if (what == "any-inside")
        return AnyInside{object.at("device").get<std::string>()};
    if (what == "receiver")
        return Receiver{.port = {object.at("port").get<std::uint16_t>()},
                        .family = familyOf(object, "family")};
    if (what == "setting")
        return Setting{.path = object.at("path").get<std::string>(),
                       .value = object.at("value").get<int>(),
                       .before = object.at("before").get<int>()};
    return Local{.device = object.at("device").get<std::string>(),
                 .ip = Ip::parse(object.at("ip").get<std::string>()).value()};
}

// Of this network namespace; no other has it until the machine starts anew.
Result<std::uint64_t> cookie()
{
    const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    std::uint64_t number = 0;
    socklen_t size = sizeof(number);
    if (!socket || ::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &number, &size) != 0)
        return systemError(errno, "asking which network namespace this is");
    return number;
}

} // namespace

std::string toJson(const State &state)
{
    constexpr int indent = 1;
    json wishes = json::array();
    json done = json::array();
    for (const auto &wish : state.wishes)
        wishes.push_back(write(wish));
    for (const auto &step : state.done)
        done.push_back(write(step));
    return json{{"real-servers", wishes}, {"done", done}}.dump(indent) + "\n";
}

Result<State> readState(std::string_view text)
{
    try {
        const auto all = json::parse(text);
        State state;
        for (const auto &wish : all.at("real-servers"))
            state.wishes.push_back(readWish(wish));
        for (const auto &step : all.at("done"))
            state.done.push_back(readStep(step));
        return state;
    } catch (const std::exception &failure) {
        return Error{.what = failure.what()};
    }
}

Result<StateFile> StateFile::open(const std::string &folder)
{
    constexpr mode_t forAll = 0755;

    if (::mkdir(folder.c_str(), forAll) != 0 && errno != EEXIST)
        return systemError(errno, fmt::format("making {}", folder));
    Fd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0)
        return systemError(errno, fmt::format("locking {}", folder));
    const auto number = cookie();
    if (!number)
        return number.error();
    return StateFile(std::move(lock), fmt::format("{}/{}.json", folder, *number));
}

Result<State> StateFile::read() const
{
    std::ifstream file(path_);
    if (!file)
        return State{};
    auto state = readState(std::string(std::istreambuf_iterator<char>(file), {}));
    if (state)
        return state;
    return Error{.what = fmt::format("{}: {}", path_, state.error().what),
                 .hint = "what was changed is not known any more; removing the file lets you "
                         "begin anew"};
}

Result<void> StateFile::write(const State &state) const
{
    if (state == State{}) {
        if (::unlink(path_.c_str()) != 0 && errno != ENOENT)
            return systemError(errno, fmt::format("removing {}", path_));
        return {};
    }
    const auto fresh = path_ + ".new";
    std::ofstream file(fresh, std::ios::trunc);
    file << toJson(state);
    file.close();
    if (!file || std::rename(fresh.c_str(), path_.c_str()) != 0)
        return systemError(errno, fmt::format("writing {}", path_));
    return {};
}

} // namespace lb::realserver
