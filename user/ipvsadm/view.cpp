// SPDX-License-Identifier: GPL-2.0
#include "view.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace lb::ipvsadm {

namespace {

constexpr int readTries = 10;

// ipvsadm compares by the sign of a 32-bit difference, so that what is more than half of all
// numbers apart is the other way round.
int difference(std::uint32_t a, std::uint32_t b)
{
    return static_cast<int>(a - b);
}

int compare(const Ip &a, const Ip &b)
{
    const auto word = [](const Ip &ip, std::size_t i) {
        std::uint32_t value = 0;
        for (const auto byte : ip.bytes().subspan(i, 4))
            value = value << 8U | byte;
        return value;
    };
    const auto size = std::min(a.bytes().size(), b.bytes().size());
    int found = 0;
    for (std::size_t i = 0; found == 0 && i < size; i += 4)
        found = difference(word(a, i), word(b, i));
    return found;
}

int compare(const View &a, const View &b)
{
    const auto &left = a.service.key;
    const auto &right = b.service.key;
    const auto protocol = [](const netlink::ServiceKey &key) {
        return key.fwmark != 0 ? 0U : static_cast<std::uint32_t>(key.protocol);
    };

    if (const int by = difference(left.fwmark, right.fwmark); by != 0)
        return by;
    if (left.endpoint.ip.family() != right.endpoint.ip.family())
        return left.endpoint.ip.family() < right.endpoint.ip.family() ? -1 : 1;
    if (const int by = difference(protocol(left), protocol(right)); by != 0)
        return by;
    if (const int by = compare(left.endpoint.ip, right.endpoint.ip); by != 0)
        return by;
    return difference(left.endpoint.port.value, right.endpoint.port.value);
}

int compare(const netlink::Destination &a, const netlink::Destination &b)
{
    if (const int by = compare(a.endpoint.ip, b.endpoint.ip); by != 0)
        return by;
    return difference(a.endpoint.port.value, b.endpoint.port.value);
}

// Such a comparison is no order: what comes out depends on how it is done. As glibc's qsort does:
// halves, the smaller one first, merged with the left one before its equals.
template <typename T>
void mergeSort(std::span<std::size_t> order, std::span<std::size_t> spare,
               const std::vector<T> &items)
{
    if (order.size() <= 1)
        return;
    const auto half = order.size() / 2;
    mergeSort(order.first(half), spare, items);
    mergeSort(order.subspan(half), spare, items);

    std::size_t left = 0;
    std::size_t right = half;
    std::size_t out = 0;
    while (left < half && right < order.size())
        spare[out++] =
            compare(items[order[left]], items[order[right]]) <= 0 ? order[left++] : order[right++];
    while (left < half)
        spare[out++] = order[left++];
    std::copy_n(spare.begin(), out, order.begin());
}

template <typename T>
void sortLikeQsort(std::vector<T> &items)
{
    std::vector<std::size_t> order(items.size());
    std::vector<std::size_t> spare(items.size());
    for (std::size_t i = 0; i < order.size(); i++)
        order[i] = i;
    mergeSort<T>(order, spare, items);

    std::vector<T> sorted;
    sorted.reserve(items.size());
    for (const auto i : order)
        sorted.push_back(std::move(items[i]));
    items = std::move(sorted);
}

Result<std::vector<View>> readOne(netlink::Director &director, const netlink::ServiceKey &key)
{
    const auto service = director.service(key);
    if (!service)
        return service.error();
    auto dests = director.dests(key);
    if (!dests)
        return dests.error();
    std::ranges::reverse(*dests);
    return std::vector<View>{{*service, std::move(*dests)}};
}

// Destinations are listed in the order of their services, so that one walk joins them.
Result<std::vector<View>> readAll(netlink::Director &director)
{
    auto services = director.services();
    if (!services)
        return services.error();
    auto dests = director.dests();
    if (!dests)
        return dests.error();

    std::vector<View> views;
    views.reserve(services->size());
    auto dest = dests->begin();
    for (auto &service : *services) {
        auto &view = views.emplace_back(View{std::move(service), {}});
        while (dest != dests->end() && dest->service == view.service.key)
            view.dests.push_back(*dest++);
        std::ranges::reverse(view.dests);
    }
    if (dest != dests->end())
        return Error{.code = EAGAIN, .what = "services and destinations do not fit"};
    return views;
}

} // namespace

Result<std::vector<View>> readViews(netlink::Director &director,
                                    const std::optional<netlink::ServiceKey> &only)
{
    for (int tries = 1;; tries++) {
        const auto before = director.info();
        if (!before)
            return before.error();
        auto views = only ? readOne(director, *only) : readAll(director);
        if (!views && views.error().code != EAGAIN)
            return views;
        const auto after = director.info();
        if (!after)
            return after.error();
        // A list under constant change is better than none.
        if (views && (before->generation == after->generation || tries >= readTries))
            return views;
        if (tries >= readTries)
            return views;
    }
}

void sort(std::vector<View> &views)
{
    sortLikeQsort(views);
    for (auto &view : views)
        sortLikeQsort(view.dests);
}

} // namespace lb::ipvsadm
