// SPDX-License-Identifier: GPL-2.0
// The table of settings against the spec (spec.py extracts it; LB_SPEC names the file): the same
// names and the same ranges.
#include "netlink/setting.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::netlink;

namespace {

struct Range {
    std::string min = "0";
    std::string max = "4294967295"; // of a u32, unless the spec says less

    bool operator==(const Range &) const = default;
};

std::map<std::string, Range> declared()
{
    const char *path = std::getenv("LB_SPEC");
    BOOST_REQUIRE_MESSAGE(path != nullptr, "LB_SPEC is not set; use make");
    std::ifstream file(path);
    std::map<std::string, Range> settings;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string kind;
        std::string set;
        std::string third;
        std::string fourth;
        std::string fifth;
        words >> kind >> set >> third >> fourth >> fifth;
        if (set != "settings")
            continue;
        if (kind == "attribute" && fourth != "pad" && fourth != "generation" && fourth != "txn")
            settings[fourth];
        else if (kind == "check")
            (fourth == "min" ? settings[third].min : settings[third].max) = fifth;
    }
    return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(netlink_setting)

BOOST_AUTO_TEST_CASE(every_setting_is_known_with_its_range)
{
    std::map<std::string, Range> ours;
    for (const auto &setting : allSettings()) {
        ours[std::string(setting.name())] = {std::to_string(setting.min),
                                             std::to_string(setting.max)};
        BOOST_TEST(!setting.meaning.empty(), setting.name());
        BOOST_TEST(findSetting(setting.name()) == &setting);
        BOOST_TEST(findSetting(setting.type) == &setting);
    }
    const auto theirs = declared();
    for (const auto &[name, range] : theirs)
        BOOST_TEST((ours.contains(name) && ours.at(name) == range), name);
    BOOST_TEST(ours.size() == theirs.size());
    BOOST_TEST(findSetting("generation") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
