// SPDX-License-Identifier: GPL-2.0
// No input crashes the reader, none takes long, and what is too much is a finding.
#include "config_machine.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb::config;

namespace {

std::string times(std::size_t count, std::string_view text)
{
    std::string all;
    for (std::size_t i = 0; i < count; i++)
        all += text;
    return all;
}

// Reads it and tells all that is wrong: neither may fail.
Tree survive(const std::string &text)
{
    auto tree = readText(text);
    for (const auto &finding : tree.findings) {
        BOOST_TEST(!toString(finding, tree).empty());
        BOOST_TEST(finding.length >= 1U);
        BOOST_TEST(finding.place.line >= 1U);
    }
    return tree;
}

constexpr std::string_view sample = "# sample\n"
                                    "$NET=10.0\n"
                                    "$RS= \\\n"
                                    "real_server ${NET}.0.${N} 80 { \\\n"
                                    "    weight 1 # one \\\n"
                                    "    TCP_CHECK { \\\n"
                                    "    } \\\n"
                                    "}\n"
                                    "global_defs { router_id \"a b\" }\n"
                                    "virtual_server ${NET}.1.1 80\n"
                                    "{\n"
                                    "    @main lvs_sched rr\n"
                                    "    @^main lvs_sched wrr\n"
                                    "    ~SEQ(N, 1, 2, 5) $RS\n"
                                    "    ~LST({A,B},{1,x},{2,y}) notify_up \"${A}\\t'$B '\" \\! x\n"
                                    "    include conf.d/{a,b}*.conf\n"
                                    "    ${_RANDOM 1 2} ${_ENV HOME} ${${NET}}\n"
                                    "}\n";

} // namespace

BOOST_AUTO_TEST_SUITE(config_nasty)

BOOST_AUTO_TEST_CASE(every_beginning_of_a_sample)
{
    for (std::size_t length = 0; length <= sample.size(); length++)
        survive(std::string(sample.substr(0, length)));
    BOOST_TEST(errors(survive(std::string(sample))) == 0U);
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_sample_replaced)
{
    for (const char c : {'{', '}', '"', '$', '\\', '\0'})
        for (std::size_t i = 0; i < sample.size(); i++) {
            std::string text(sample);
            text[i] = c;
            survive(text);
        }
}

BOOST_AUTO_TEST_CASE(a_table)
{
    for (const std::string_view text : {"",
                                        "\n",
                                        "{",
                                        "}",
                                        "\"",
                                        "'",
                                        "\\",
                                        "$",
                                        "@",
                                        "~",
                                        "${",
                                        "${}",
                                        "$=",
                                        "${A",
                                        "@^",
                                        "~SEQ",
                                        "~SEQ(",
                                        "~SEQ()",
                                        "~LST({",
                                        "~LST({A",
                                        "~LST({},{})x",
                                        "~LST({A,},{1})x",
                                        "$A=\\",
                                        "$A=\\\n\\\n\\\n",
                                        "include {",
                                        "include {}",
                                        "include {{a,b},{c",
                                        "include ,{,}",
                                        "include ~",
                                        "include_check +",
                                        "\"\\",
                                        "\\#",
                                        "\\\\#",
                                        "#\\",
                                        "a{}{}",
                                        "${_RANDOM",
                                        "${_RANDOM 1 2 3}",
                                        "${_ENV}",
                                        "${_ENV A B}",
                                        "$A=$\n${A}{A}",
                                        "$A=${\n$A",
                                        "\xef\xbb\xbf",
                                        "\xef\xbb",
                                        "\r",
                                        "\v\f",
                                        "~SEQ(A,1,2)~SEQ(B,1,2)~SEQ(C,",
                                        "@main@main",
                                        "$A=@main\n$A$A",
                                        "~SEQ(A,-4611686018427387903,4611686018427387903)x",
                                        "~SEQ(A,-0x,+)x",
                                        "$X=${Y}\n$Y=${${X}}\n${X}",
                                        "a\n{\n{\n}\n}\n}"})
        survive(std::string(text));
    survive(std::string("\0\0\n\0", 4));
}

BOOST_AUTO_TEST_CASE(long_lines_and_words)
{
    BOOST_TEST(errors(survive("a " + std::string(1'000'000, 'x') + "\n")) == 0U);
    BOOST_TEST(readText(times(200'000, "word ")).statements.at(0).words.size() == 200'000U);
    BOOST_TEST(errors(survive("a \"" + std::string(100'000, ' '))) == 1U);
    BOOST_TEST(errors(survive(times(100'000, "\\#"))) == 0U);
    survive(times(100'000, "${A}"));
    survive("$A=b\n" + times(20'000, "${A}"));
    survive(times(50'000, "~SEQ(A,1,1)"));
    survive("include " + times(100'000, "{"));
    survive("include " + times(40, "{a,b}"));
    survive(times(100'000, "\""));
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused)
{
    const auto deep = [](std::size_t depth) {
        return survive(times(depth, "a {\n") + times(depth, "}\n"));
    };
    BOOST_TEST(errors(deep(100)) == 0U);
    BOOST_TEST(findings(deep(10'000)) ==
                   std::vector<std::string>{
                       "101:3+1 E: blocks are nested deeper than 100 | the rest is not read"},
               boost::test_tools::per_element());
    BOOST_TEST(errors(survive(times(10'000, "{"))) != 0U);
    BOOST_TEST(errors(survive(times(10'000, "}"))) == 1'001U); // no more are told
}

BOOST_AUTO_TEST_CASE(what_would_never_end)
{
    // Definitions of two lines, each of the one before: 2^50 lines.
    std::string text = "$A0=a \\\nb\n";
    for (int i = 1; i <= 60; i++)
        text += fmt::format("$A{}= \\\n$A{} \\\n$A{}\n", i, i - 1, i - 1);
    BOOST_TEST(errors(survive(text + "$A60\n")) == 1U); // too deep
    // Files that include the next one twice.
    Files files{{"/etc/lb/lb.conf", "include 0\ninclude 0\n"}};
    for (int i = 0; i < 40; i++)
        files[fmt::format("/etc/lb/{}", i)] = fmt::format("include {}\ninclude {}\n", i + 1, i + 1);
    files["/etc/lb/40"] = "";
    BOOST_TEST(errors(readFiles(files)) == 1U);
}

BOOST_AUTO_TEST_CASE(this_machine)
{
    const auto here = surroundings();
    BOOST_TEST(!here.configId.empty());
    BOOST_TEST(here.configId.find('.') == std::string::npos);
    BOOST_TEST(here.read("/").error().code == EISDIR);
    BOOST_TEST(here.read("/nowhere/at/all").error().code == ENOENT);
    BOOST_TEST(here.read("/dev/null").value().empty());
    BOOST_TEST(here.glob("/{dev,nowhere}/nul[l]") == std::vector<std::string>{"/dev/null"},
               boost::test_tools::per_element());
    BOOST_TEST(here.random(7, 7) == 7U);
    BOOST_TEST(!here.environment("LB_NO_SUCH_VARIABLE"));
}

BOOST_AUTO_TEST_SUITE_END()
