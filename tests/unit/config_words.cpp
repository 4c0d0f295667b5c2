// SPDX-License-Identifier: GPL-2.0
// Lines into words, blocks and places. What is expected was seen in what keepalived 2.2.7 -t says
// of the same lines (unknown keywords and options are named there), or is in its manual.
#include "config/escaped.hpp"
#include "config_machine.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb::config;

namespace {

void check(const std::string &text, const std::string &expected)
{
    const auto tree = readText(text);
    BOOST_TEST(show(tree) == expected);
    BOOST_TEST(findings(tree) == std::vector<std::string>(), boost::test_tools::per_element());
}

void refused(const std::string &text, const std::string &expected,
             const std::vector<std::string> &found)
{
    const auto tree = readText(text);
    BOOST_TEST(show(tree) == expected);
    BOOST_TEST(findings(tree) == found, boost::test_tools::per_element());
}

void escaped(std::string_view line, const std::vector<std::string> &expected)
{
    BOOST_TEST(escapedWords(line).value() == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_words)

BOOST_AUTO_TEST_CASE(comments)
{
    check("a # b\n! c\n#\nd!e\n", "a; d");
    check("router_id a#b\n", "router_id a");
    check("router_id \"a#b!c\" # d\n", "router_id a#b!c");
    check("router_id 'a#b'\n", "router_id 'a"); // single quotes hold nothing
    check("router_id a\\#b\\!c\n", "router_id a#b!c");
    check("router_id \"a\\#b\"\n", "router_id a\\#b");
}

BOOST_AUTO_TEST_CASE(double_quotes_hold_together_and_separate)
{
    check("foo\"b c\"d x\n", "foo b_c d x");
    check("\"foo bar\" x\n", "foo_bar x");
    check("\"foo 'bar\" x\n", "foo_'bar x");
    check("\"\" x\n", "\"\" x");
    check("foo \"{\" bar\n", "foo { bar");
    check("zork \"a{b}c\"\n", "zork a{b}c");
}

BOOST_AUTO_TEST_CASE(escapes_stay_for_those_who_know_them)
{
    check("foo\\tbar x\n", "foo\\tbar x");
    check("\"foo\\x41bar\\1012\\cAz\\E\\qx\\\\\" x\n", "foo\\x41bar\\1012\\cAz\\E\\qx\\\\ x");
    const auto tree = readText("a b\nscript \"/bin/a 'b c'\" # d\n");
    BOOST_TEST(tree.statements.at(0).line.empty());
    BOOST_TEST(tree.statements.at(1).line == "script \"/bin/a 'b c'\"");
}

BOOST_AUTO_TEST_CASE(an_unterminated_quote)
{
    refused("global_defs {\n router_id \"a b\n}\n", "global_defs { router_id a_b }",
            {"2:12+4 E: the quote is not closed in this line | '\"' is missing"});
}

BOOST_AUTO_TEST_CASE(braces)
{
    check("global_defs { router_id x }\n", "global_defs { router_id x }");
    check("global_defs { router_id x\n}\n", "global_defs { router_id x }");
    check("global_defs\n# comment\n\n{\n router_id x }\n", "global_defs { router_id x }");
    check("global_defs{\nnotification_email { a@b c@d }\n}\n",
          "global_defs { notification_email { a@b c@d } }");
    check("fo{o x}p\n", "fo { o x }; p");
    check("a { b { c } }  d { e }\n", "a { b { c } }; d { e }");
    check("a {\n}\nb {\n}", "a {  }; b {  }");
}

BOOST_AUTO_TEST_CASE(text_behind_a_brace)
{
    refused("a {\n} b {\n}\n", "a {  }; b {  }",
            {"2:3+1 W: 'b' behind '}' begins a new statement | what is left over here can go, "
             "anything else is clearer on a line of its own"});
}

BOOST_AUTO_TEST_CASE(a_brace_too_many)
{
    refused("a {\n}\n}\nb\n", "a {  }; b",
            {"3:1+1 E: '}' closes nothing | the block of 'a' in line 1 ended in line 2"});
    refused("{\na\n}\n", "{ { a }",
            {"1:1+1 E: '{' opens the block of nothing | a block is 'KEYWORD ... {', each with one "
             "'{'"});
    refused("a { {\n}\n}\n", "a { { {  } }",
            {"1:5+1 E: '{' opens the block of nothing | a block is 'KEYWORD ... {', each with one "
             "'{'"});
}

// Keepalived loses the last server of such a file without a word.
BOOST_AUTO_TEST_CASE(a_brace_too_few)
{
    refused("a {\n b\n", "a { b }",
            {"1:3+1 E: '{' of 'a' in line 1 is not closed | a '}' is missing before the end of "
             "the file"});
    refused("virtual_server 1 {\n  real_server 2 {\n  }\n\nvirtual_server 3 {\n}\n",
            "virtual_server 1 { real_server 2 {  } }; virtual_server 3 {  }",
            {"1:18+1 E: '{' of 'virtual_server' in line 1 is not closed | a '}' is missing before "
             "'virtual_server' in line 5"});
    // The indentation tells which one.
    refused("virtual_server 1 {\n  real_server 2 {\n    TCP_CHECK {\n      retry 1\n  }\n}\n"
            "virtual_server 3 {\n}\n",
            "virtual_server 1 { real_server 2 { TCP_CHECK { retry 1 } } }; virtual_server 3 {  }",
            {"3:15+1 E: '{' of 'TCP_CHECK' in line 3 is not closed | the '}' in line 5 is not "
             "indented as 'TCP_CHECK' is"});
}

BOOST_AUTO_TEST_CASE(places)
{
    const auto tree = readText("# c\n\tfoo \"b c\"d {\n}\n");
    const auto &words = tree.statements.at(0).words;
    BOOST_REQUIRE(words.size() == 3U);
    BOOST_TEST((words[0].place == Place{0, 2, 2}));
    BOOST_TEST((words[1].place == Place{0, 2, 6}));
    BOOST_TEST(words[1].length == 5U);
    BOOST_TEST(words[1].quoted);
    BOOST_TEST((words[2].place == Place{0, 2, 11}));
    BOOST_TEST((words[2].defined == words[2].place));
    BOOST_TEST((tree.statements[0].open == Place{0, 2, 13}));
    BOOST_TEST((tree.statements[0].close == Place{0, 3, 1}));
}

BOOST_AUTO_TEST_CASE(files_of_other_systems)
{
    check("foo\r\nbar x\r\nglobal_defs {\r\n}\r\n", "foo; bar x; global_defs {  }");
    refused("\xef\xbb\xbf"
            "foo\n",
            "foo",
            {"1:1+3 W: the file begins with a byte order mark | keepalived takes it for a part of "
             "the first word"});
    refused(std::string("foo\0bar\nbaz\n", 12), "foo; baz",
            {"1:4+1 E: a NUL byte ends the line here | is this a text file?"});
    refused("foo \\\nbar\n", "foo \\; bar",
            {"1:5+1 W: this '\\' is taken for a part of the line, which ends here | only "
             "definitions go on in the next line, and those not behind an empty one"});
}

// keepalived.conf(5), Quoted strings; the rest as keepalived -t names the files of scripts.
BOOST_AUTO_TEST_CASE(the_other_way_to_split)
{
    escaped("abcd\" efg h jkl \"mnop", {"abcd efg h jkl mnop"});
    escaped("abcd \"efg h jkl\" mnop", {"abcd", "efg h jkl", "mnop"});
    escaped("\"a\\x41\\qb\\101\\nx\" c", {"aAqbA\nx", "c"});
    escaped("\\x41\\x4142z", {"ABz"});
    escaped("\\cAb\\c[\\E\\4012", {"\001b\033\033\0012"});
    escaped("x'y z'w q", {"xy zw", "q"});
    escaped("\\xz\\x", {"xzx"});
    escaped("'\\ty'", {"\ty"});
    escaped("\\a\\b\\f\\r\\v\\\\\\\"\\'", {"\a\b\f\r\v\\\"'"});
    escaped(" \"\" '' ", {"", ""});
    escaped("", {});
    const auto open = escapedWords("/bin/un 'x y");
    BOOST_TEST(open.has_error());
    BOOST_TEST(open.error().column == 9U);
}

BOOST_AUTO_TEST_CASE(a_finding_for_people)
{
    const auto tree = readText("$A=${B}x\n\trouter_id ${A} \x1b\n");
    BOOST_REQUIRE(tree.findings.size() == 1U);
    BOOST_TEST(toString(tree.findings[0], tree) ==
               "/etc/lb/lb.conf:2:12: error: 'B' is not defined\n"
               "    \trouter_id ${A} ?\n"
               "    \t          ^^^^\n"
               "/etc/lb/lb.conf:1:4: it comes from here\n"
               "    $A=${B}x\n"
               "       ^\n"
               "    hint: did you mean 'A'?\n");
}

BOOST_AUTO_TEST_SUITE_END()
