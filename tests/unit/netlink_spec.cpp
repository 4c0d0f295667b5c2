// SPDX-License-Identifier: GPL-2.0
// Userspace's tables of names against the spec itself (spec.py extracts it; LB_SPEC names the
// file), in both directions.
#include "base/tunnel.hpp"
#include "base/types.hpp"
#include "netlink/names.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::netlink;

namespace {

struct Spec {
    std::map<std::string, std::vector<std::string>> attributes; // by set; the first is ""
    std::map<std::string, std::map<std::string, std::string>> nests;
    std::map<std::string, std::vector<std::string>> entries;

    Spec()
    {
        const char *path = std::getenv("LB_SPEC");
        BOOST_REQUIRE_MESSAGE(path != nullptr, "LB_SPEC is not set; use make");
        std::ifstream file(path);
        BOOST_REQUIRE(file);
        for (std::string line; std::getline(file, line);) {
            std::istringstream words(line);
            std::string kind;
            std::string where;
            std::string second;
            std::string third;
            words >> kind >> where >> second >> third;
            if (kind == "attribute") {
                auto &names = attributes[where];
                names.resize(std::stoul(second) + 1);
                names.back() = third;
            } else if (kind == "nest") {
                nests[where][second] = third;
            } else if (kind == "entry") {
                entries[where].push_back(third);
            }
        }
        BOOST_REQUIRE(attributes.contains("service"));
        BOOST_REQUIRE(entries.contains("state"));
    }
};

template <typename Names>
std::vector<std::string> strings(const Names &names)
{
    return {names.begin(), names.end()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(netlink_spec, Spec)

BOOST_AUTO_TEST_CASE(every_attribute_set_is_known_by_its_names)
{
    std::set<std::string> ours;
    for (const auto *set : attributeSets()) {
        const std::string name(set->name);
        ours.insert(name);
        BOOST_TEST_CONTEXT("set " << name)
        {
            BOOST_TEST(strings(set->names) == attributes[name], boost::test_tools::per_element());
        }
    }
    std::set<std::string> theirs;
    for (const auto &[name, list] : attributes)
        if (!list.empty())
            theirs.insert(name);
    BOOST_TEST(ours == theirs, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_nest_is_known)
{
    for (const auto *set : attributeSets()) {
        std::map<std::string, std::string> ours;
        for (const auto &[number, nested] : set->nests)
            ours.emplace((*set)[number], nested->name);
        BOOST_TEST((ours == nests[std::string(set->name)]), set->name);
    }
}

BOOST_AUTO_TEST_CASE(enumerated_values_have_the_specs_names)
{
    BOOST_TEST(strings(methodNames) == entries["method"], boost::test_tools::per_element());
    BOOST_TEST(strings(stateNames()) == entries["state"], boost::test_tools::per_element());
    BOOST_TEST(strings(flagNames()) == entries["conn-flags"], boost::test_tools::per_element());
    BOOST_TEST(strings(templatesNames()) == entries["templates"], boost::test_tools::per_element());
    BOOST_TEST(strings(schedulerFlagNames()) == entries["sched-flags"],
               boost::test_tools::per_element());
    BOOST_TEST(strings(tunnelTypeNames) == entries["tunnel-type"],
               boost::test_tools::per_element());
    BOOST_TEST(strings(tunnelChecksumNames) == entries["tunnel-checksum"],
               boost::test_tools::per_element());
    BOOST_TEST(strings(dropReasonNames()) == entries["drop-reason"],
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(flags_are_joined_by_commas)
{
    BOOST_TEST(joinFlags(schedulerFlagNames(), 0) == "none");
    BOOST_TEST(joinFlags(schedulerFlagNames(), 2) == "port");
    BOOST_TEST(joinFlags(schedulerFlagNames(), 3) == "fallback,port");
}

BOOST_AUTO_TEST_CASE(every_drop_is_explained)
{
    std::set<std::string_view> explanations;
    for (const auto name : dropReasonNames()) {
        BOOST_TEST(!dropExplanation(name).empty(), name);
        explanations.insert(dropExplanation(name));
    }
    BOOST_TEST(explanations.size() == dropReasonNames().size());
    BOOST_TEST(dropExplanation("nonsense").empty());
}

BOOST_AUTO_TEST_SUITE_END()
