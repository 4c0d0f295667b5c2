// SPDX-License-Identifier: GPL-2.0
// The text format of Prometheus, by its rules ("Text format details" of its documentation).
#include "web/exposition.hpp"

#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

using namespace lb::web;

namespace {

std::string sample(double value, std::string_view labels = {}, std::string_view more = {})
{
    std::string text;
    addSample(text, "up", labels, more, value);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(web_exposition)

BOOST_AUTO_TEST_CASE(label_values_are_escaped)
{
    // \ as \\, " as \", line feed as \n; nothing else.
    BOOST_TEST(Labels().add("path", "C:\\DIR").add("error", "no \"file\"\nthere").text() ==
               R"(path="C:\\DIR",error="no \"file\"\nthere")");
    BOOST_TEST(Labels().add("a", "").text() == R"(a="")");
    BOOST_TEST(Labels().add("a", "{},=\xc3\xbc\t").text() == "a=\"{},=\xc3\xbc\t\"");
}

BOOST_AUTO_TEST_CASE(help_keeps_its_quotation_marks)
{
    std::string text;
    addHeading(text, "up", "gauge", "one \"two\" \\ three\nfour");
    BOOST_TEST(text == "# HELP up one \"two\" \\\\ three\\nfour\n# TYPE up gauge\n");
}

BOOST_AUTO_TEST_CASE(numbers_as_go_reads_them)
{
    BOOST_TEST(sample(0) == "up 0\n");
    BOOST_TEST(sample(-3) == "up -3\n");
    BOOST_TEST(sample(1395066363.25) == "up 1395066363.25\n");
    BOOST_TEST(sample(0.002) == "up 0.002\n");
    BOOST_TEST(sample(9007199254740991.0) == "up 9007199254740991\n");
    BOOST_TEST(sample(std::numeric_limits<double>::quiet_NaN()) == "up NaN\n");
    BOOST_TEST(sample(std::numeric_limits<double>::infinity()) == "up +Inf\n");
    BOOST_TEST(sample(-std::numeric_limits<double>::infinity()) == "up -Inf\n");
    BOOST_TEST(std::stod(sample(18446744073709551615.0).substr(3)) == 18446744073709551615.0);
}

BOOST_AUTO_TEST_CASE(labels_stand_in_braces_if_there_are_any)
{
    BOOST_TEST(sample(1, R"(a="b")") == "up{a=\"b\"} 1\n");
    BOOST_TEST(sample(1, "", R"(c="d")") == "up{c=\"d\"} 1\n");
    BOOST_TEST(sample(1, R"(a="b")", R"(c="d")") == "up{a=\"b\",c=\"d\"} 1\n");
}

BOOST_AUTO_TEST_SUITE_END()
