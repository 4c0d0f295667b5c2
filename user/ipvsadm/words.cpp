// SPDX-License-Identifier: GPL-2.0
#include "words.hpp"

#include <algorithm>

namespace lb::ipvsadm {

namespace {

using Value = Option::Value;

constexpr Option options[] = {
    {"add-service", 'A', Value::none, Tag::addService, Opt::count},
    {"edit-service", 'E', Value::none, Tag::editService, Opt::count},
    {"delete-service", 'D', Value::none, Tag::deleteService, Opt::count},
    {"clear", 'C', Value::none, Tag::clear, Opt::count},
    {"list", 'L', Value::none, Tag::list, Opt::count},
    {"list", 'l', Value::none, Tag::list, Opt::count},
    {"zero", 'Z', Value::none, Tag::zero, Opt::count},
    {"add-server", 'a', Value::none, Tag::addServer, Opt::count},
    {"edit-server", 'e', Value::none, Tag::editServer, Opt::count},
    {"delete-server", 'd', Value::none, Tag::deleteServer, Opt::count},
    {"set", 0, Value::none, Tag::set, Opt::count},
    {"help", 'h', Value::none, Tag::help, Opt::count},
    {"version", 'v', Value::none, Tag::version, Opt::count},
    {"restore", 'R', Value::none, Tag::restore, Opt::count},
    {"save", 'S', Value::none, Tag::save, Opt::count},
    {"start-daemon", 0, Value::needed, Tag::startDaemon, Opt::count},
    {"stop-daemon", 0, Value::needed, Tag::stopDaemon, Opt::count},
    {"tcp-service", 't', Value::needed, Tag::tcp, Opt::service},
    {"udp-service", 'u', Value::needed, Tag::udp, Opt::service},
    {"sctp-service", 0, Value::needed, Tag::sctp, Opt::service},
    {"fwmark-service", 'f', Value::needed, Tag::fwmark, Opt::service},
    {"scheduler", 's', Value::needed, Tag::plain, Opt::scheduler},
    {"persistent", 'p', Value::optional, Tag::plain, Opt::persistent},
    {"netmask", 'M', Value::needed, Tag::plain, Opt::netmask},
    {"real-server", 'r', Value::needed, Tag::plain, Opt::server},
    {"masquerading", 'm', Value::none, Tag::nat, Opt::forward},
    {"ipip", 'i', Value::none, Tag::tunnel, Opt::forward},
    {"gatewaying", 'g', Value::none, Tag::direct, Opt::forward},
    {"weight", 'w', Value::needed, Tag::plain, Opt::weight},
    {"u-threshold", 'x', Value::needed, Tag::plain, Opt::upper},
    {"l-threshold", 'y', Value::needed, Tag::plain, Opt::lower},
    {"numeric", 'n', Value::none, Tag::plain, Opt::numeric},
    {"connection", 'c', Value::none, Tag::plain, Opt::connection},
    {"mcast-interface", 0, Value::needed, Tag::plain, Opt::mcastInterface},
    {"syncid", 0, Value::needed, Tag::plain, Opt::syncid},
    {"timeout", 0, Value::none, Tag::plain, Opt::timeout},
    {"daemon", 0, Value::none, Tag::plain, Opt::daemon},
    {"stats", 0, Value::none, Tag::plain, Opt::stats},
    {"rate", 0, Value::none, Tag::plain, Opt::rate},
    {"thresholds", 0, Value::none, Tag::plain, Opt::thresholds},
    {"persistent-conn", 0, Value::none, Tag::plain, Opt::persistentConn},
    {"nosort", 0, Value::none, Tag::plain, Opt::nosort},
    {"sort", 0, Value::none, Tag::sort, Opt::count},
    {"exact", 'X', Value::none, Tag::plain, Opt::exact},
    {"ipv6", '6', Value::none, Tag::ipv6, Opt::count},
    {"ops", 'o', Value::none, Tag::plain, Opt::onePacket},
    {"pe", 0, Value::needed, Tag::plain, Opt::engine},
    {"sched-flags", 'b', Value::needed, Tag::plain, Opt::schedulerFlags},
    {"mcast-group", 0, Value::needed, Tag::plain, Opt::mcastGroup},
    {"mcast-port", 0, Value::needed, Tag::plain, Opt::mcastPort},
    {"mcast-ttl", 0, Value::needed, Tag::plain, Opt::mcastTtl},
    {"sync-maxlen", 0, Value::needed, Tag::plain, Opt::syncMaxlen},
    {"tun-info", 0, Value::none, Tag::plain, Opt::tunInfo},
    {"tun-type", 0, Value::needed, Tag::plain, Opt::tunType},
    {"tun-port", 0, Value::needed, Tag::plain, Opt::tunPort},
    {"tun-nocsum", 0, Value::none, Tag::plain, Opt::tunNocsum},
    {"tun-csum", 0, Value::none, Tag::plain, Opt::tunCsum},
    {"tun-remcsum", 0, Value::none, Tag::plain, Opt::tunRemcsum},
};

const Option *byName(std::string_view name)
{
    const auto *found = std::ranges::find(options, name, &Option::name);
    return found == std::end(options) ? nullptr : found;
}

const Option *byLetter(char letter)
{
    const auto *found = std::ranges::find(options, letter, &Option::letter);
    return found == std::end(options) || letter == 0 ? nullptr : found;
}

} // namespace

std::span<const Option> allOptions()
{
    return options;
}

const std::string &Words::last() const
{
    static const std::string none;
    return next_ == 0 ? none : words_[next_ - 1];
}

Words::State Words::take(const Option *option, std::optional<std::string_view> attached,
                         Taken &taken)
{
    taken = {.option = option, .value = {}, .word = next_ - 1};
    if (option->value == Value::none)
        return attached || (letters_ && letters_->starts_with('=')) ? State::unwantedValue
                                                                    : State::taken;

    if (attached) {
        taken.value = *attached;
    } else if (letters_) {
        taken.value = letters_->substr(letters_->starts_with('=') ? 1 : 0);
        letters_.reset();
    } else if (next_ == words_.size()) {
        return option->value == Value::optional ? State::taken : State::lacksValue;
    } else if (option->value == Value::needed || !words_[next_].starts_with('-')) {
        taken.value = words_[next_++];
    }
    return State::taken;
}

Words::State Words::next(Taken &taken)
{
    while (!letters_) {
        if (next_ == words_.size())
            return State::over;
        const std::string_view word = words_[next_++];
        if (onlyRest_ || !word.starts_with('-') || word == "-") {
            rest_.push_back(next_ - 1);
        } else if (word == "--") {
            onlyRest_ = true;
        } else if (word.starts_with("--")) {
            const auto equals = word.find('=');
            const auto *option = byName(word.substr(2, equals == word.npos ? equals : equals - 2));
            if (option == nullptr)
                return State::unknown;
            return take(option,
                        equals == word.npos ? std::nullopt : std::optional(word.substr(equals + 1)),
                        taken);
        } else {
            letters_ = word.substr(1);
        }
    }
    const auto left = *letters_;
    const auto *option = left.empty() ? nullptr : byLetter(left.front());
    letters_.reset();
    if (option == nullptr)
        return State::unknown;
    if (left.size() > 1)
        letters_ = left.substr(1);
    return take(option, std::nullopt, taken);
}

} // namespace lb::ipvsadm
