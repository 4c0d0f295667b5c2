// SPDX-License-Identifier: GPL-2.0
// Conditions, definitions, sequences and includes. Examples and their outcome are those of
// keepalived.conf(5); the rest was seen in what keepalived 2.2.7 -t says of the same lines.
#include "config_machine.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb::config;

namespace {

void check(const std::string &text, const std::string &expected, const std::string &id = "main")
{
    const auto tree = readText(text, id);
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

// @keyword PATTERN read beside @files: what comes of it.
void includes(const std::string &line, const std::string &expected,
              const std::vector<std::string> &found)
{
    const Files files{{"/etc/lb/lb.conf", line + "\nafter\n"},
                      {"/etc/lb/inc/a.conf", "ina\n"},
                      {"/etc/lb/inc/b.conf", "inb\n"},
                      {"/etc/lb/inc/b c.conf", "inbc\n"},
                      {"/etc/lb/inc/sub/s.conf", "include ../a.conf\nin${_PWD}"}};
    const auto tree = readFiles(files);
    BOOST_TEST(show(tree) == expected);
    BOOST_TEST(findings(tree) == found, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_language)

BOOST_AUTO_TEST_CASE(conditions)
{
    const std::string text = "global_defs {\n"
                             "    @main   router_id main_router\n"
                             "    @backup router_id backup_router\n"
                             "    unicast_peer {\n"
                             "        @^main    1.2.3.4\n"
                             "        @^backup  1.2.3.5\n"
                             "        @^backup2 1.2.3.6\n"
                             "    }\n"
                             "}\n";
    check(text, "global_defs { router_id main_router; unicast_peer { 1.2.3.5; 1.2.3.6 } }");
    check(text, "global_defs { router_id backup_router; unicast_peer { 1.2.3.4; 1.2.3.6 } }",
          "backup");
    check(text, "global_defs { unicast_peer { 1.2.3.4; 1.2.3.5; 1.2.3.6 } }", "other");
    check("a {\n@other }\n@main }\nfoo @other bar\n@ x\n@^ y\n@main\n",
          "a {  }; foo @other bar; y");
    check("@main @x foo\n", "@x foo"); // once
}

BOOST_AUTO_TEST_CASE(a_definition_is_resolved_where_it_is_used)
{
    check("$ADDRESS_BASE=10.2.${ADDRESS_BASE_SUB}\n"
          "$ADDRESS_BASE_SUB=0\n"
          "${ADDRESS_BASE}.100/32\n"
          "$ADDRESS_BASE_SUB=10\n"
          "${ADDRESS_BASE}.100/32\n",
          "10.2.0.100/32; 10.2.10.100/32");
    check("@main $PRIORITY=240\n@backup $PRIORITY=200\npriority $PRIORITY\n", "priority 240");
    check("$IF_MAIN=@main\n$IF_MAIN priority 240\n", "priority 240");
    check("$IF_MAIN=@main\n$IF_MAIN priority 240\n", "", "backup");
    check("$A=1\n$A=2\nfoo $A\n", "foo 2");
    check("$A=B\n$B=c\n${${A}} 1\n", "c 1");
}

BOOST_AUTO_TEST_CASE(without_braces_a_blank_must_follow)
{
    check("$A=1\nx $A\nx $A,y ($A) [$A] $A.b \"$A\" \"x $A y\"\n",
          "x 1; x 1,y (1) [$A] $A.b $A x_1_y");
    check("$A=b c  # d\n[${A}] ${A}x \"${A}\" $A\n", "[b c] b cx b_c b c");
    check("$A=\n${A}x $A y\n", "x y");
    check("$A=\"a b\" c\n$A\n", "a_b c");
    refused("$A=1\n$A.x\n", "",
            {"2:1+4 E: '$A' is put in before blanks, ',' and ')' only | '${A}' is put in "
             "everywhere"});
}

BOOST_AUTO_TEST_CASE(what_is_not_defined_stays)
{
    check("script \"echo ${X} $X\" $Y pa$$w\n", "script echo_${X}_$X $Y pa$$w");
    // Without quotes keepalived takes the braces for a block's.
    refused("$UNIT=1\nfoo a${UNI}b c\n", "foo a${UNI}b c",
            {"2:6+6 E: 'UNI' is not defined | did you mean 'UNIT'?"});
    refused("$A =1\n", "",
            {"1:1+2 E: '$A' is not defined | a definition is $NAME=VALUE: letters, digits and _, "
             "no blank before the '='"});
}

BOOST_AUTO_TEST_CASE(what_is_defined_without_us)
{
    check("${_PWD} ${_INSTANCE} a${_HASH}b ${_BANG} ${_ENV HOME}\n", "/etc/lb main a#b ! /root");
    check("${_RANDOM} ${_RANDOM 5} ${_RANDOM 4 6}x\n", "16383 16386 5x");
    refused("${_RANDOM 7 3} x\n", "${_RANDOM_7_3} x",
            {"1:1+14 E: '_RANDOM' is not defined | '${...}' stays as it is in double quotes only"});
    BOOST_TEST(errors(readText("${_ENV NOTHING} x\n")) == 1U);
}

BOOST_AUTO_TEST_CASE(definitions_of_several_lines)
{
    const std::string text = "$INSTANCE= \\\n"
                             "vrrp_instance VI_${NUM} { \\\n"
                             "    @main priority 130 # best \\\n"
                             "    @low priority 120 \\\n"
                             "    virtual_ipaddress { \\\n"
                             "        10.0.${NUM}.254/24 \\\n"
                             "    } \\\n"
                             "}\n"
                             "\n"
                             "$NUM=0\n"
                             "$INSTANCE\n"
                             "$NUM=1\n"
                             "  ${INSTANCE}\n";
    check(text, "vrrp_instance VI_0 { priority 130; virtual_ipaddress { 10.0.0.254/24 } }; "
                "vrrp_instance VI_1 { priority 130; virtual_ipaddress { 10.0.1.254/24 } }");
    check("$RS= \\\nreal_server 10.${VS}.${N} { \\\n weight 1 \\\n}\n"
          "$S= \\\nvirtual_server ${VS} { \\\n $N=1 \\\n $RS \\\n $N=2 \\\n $RS \\\n}\n"
          "$VS=7\n$S\n",
          "virtual_server 7 { real_server 10.7.1 { weight 1 }; real_server 10.7.2 { weight 1 } }");
    check("$M=a \\\nb\\\n c\nfoo $M\n", "foo a; b; c");
    check("$M=a \\\nb \\\n\nc\n$M\n", "c; a; b"); // an empty line ends it
    check("$M=a \\\nb\n\"x ${M}\" $M\n", "x_${M} a; b");
    refused("$M=a \\\nb\nx ${M}y\n", "x ${M}y",
            {"3:3+4 E: 'M' has several lines, so it can only end a line"});
}

BOOST_AUTO_TEST_CASE(a_definition_that_uses_itself)
{
    const std::vector<std::string> found{
        "3:3+4 E: the definition 'A' uses itself | its value is put in when it is used, not when "
        "it is defined"};
    refused("$A=x${B}\n$B=y${A}z\nv ${A} w\n", "v xyz w", found);
    refused("$A=x$B\n$B=y$A\nv ${A}\n", "v xy", found);
    BOOST_TEST(errors(readText("$M= \\\na \\\n$M\n$M\n")) == 1U);
    // Doubled 60 times: it ends before the memory does.
    std::string text = "$A0=" + std::string(10'000, 'x') + "\n";
    for (int i = 1; i <= 60; i++)
        text += fmt::format("$A{}=${{A{}}}${{A{}}}\n", i, i - 1, i - 1);
    BOOST_TEST(errors(readText(text + "x ${A60}\n")) == 1U);
}

BOOST_AUTO_TEST_CASE(places_through_definitions)
{
    const auto tree = readText("$A=10.0.0\n  ip ${A}.1\n$M=one \\\n  two ${A}\n\n$M\n");
    BOOST_REQUIRE(tree.statements.size() == 3U);
    const auto &ip = tree.statements[0].words.at(1);
    BOOST_TEST((ip.place == Place{0, 2, 6}));
    BOOST_TEST(ip.length == 6U);
    BOOST_TEST((ip.defined == Place{0, 1, 4}));
    const auto &two = tree.statements[2].words;
    BOOST_TEST((two.at(0).place == Place{0, 6, 1}));
    BOOST_TEST(two[0].length == 2U);
    BOOST_TEST((two[0].defined == Place{0, 4, 3}));
    BOOST_TEST((two.at(1).place == Place{0, 6, 1}));
    BOOST_TEST((two[1].defined == Place{0, 1, 4}));
}

BOOST_AUTO_TEST_CASE(sequences)
{
    check("~SEQ(SUBNET, 0, 3) ip_address 10.0.${SUBNET}.1\n",
          "ip_address 10.0.0.1; ip_address 10.0.1.1; ip_address 10.0.2.1; ip_address 10.0.3.1");
    const std::string hex = "f::90:1; f::a0:1; f::b0:1; f::c0:1";
    check("~SEQx(SUBNET, 144, 16, 192) f::${SUBNET}:1\n", hex);
    check("~SEQx(SUBNET, 0x90, 0x10, 0xc0) f::${SUBNET}:1\n", hex);
    check("~SEQx(A, 0x90, 0x10, 0xa0) ~SEQx(B, 0x11, -1, 0x0f) ${A}:${B}\n",
          "90:11; 90:10; 90:f; a0:11; a0:10; a0:f");
    check("~SEQ(A,3) ${A}\n~SEQ(B,-2) ${B}\n~SEQ(C,3,1) ${C}\n~SEQ(D,1,2,6) ${D}\n"
          "~SEQ(E,6,-2,1) ${E}\n~SEQ(F,0) ${F}\n~SEQ(G,010,+9) ${G}\n~SEQ (H,5,10,7)h${H}\n",
          "1; 2; 3; -1; -2; 3; 2; 1; 1; 3; 5; 6; 4; 2; 1; 0; 8; 9; h5");
    check("$V=a${N} \\\nb\n~SEQ(N,1,2) $V\n", "a1; b; a2; b");
    check("$E=2\n~SEQ(N,1,$E) @main ${N} { x }\n", "1 { x }; 2 { x }");
    check("$S=~SEQ(N,1,2)\n$S foo${N}\n", "foo1; foo2");
    check("$F=9\n~SEQ(F,1,2) ${F}\nafter${F}\n", "1; 2; after2"); // it stays what it was last
    check("~SEQ(A,1,2) $X=${A}\n${X} foo ~SEQ(A,1,2)\n", "2 foo ~SEQ(A,1,2)");
}

BOOST_AUTO_TEST_CASE(lists)
{
    check("~LST({IP, IP1}, {10,1},{20,4},{5,6},{12,8}) 192.168.${IP}.${IP1}\n",
          "192.168.10.1; 192.168.20.4; 192.168.5.6; 192.168.12.8");
    check("~LST(IP, 1, 2) ~LST(IP1, 5,6) ${IP}.${IP1}\n", "1.5; 1.6; 2.5; 2.6");
    check("~LST({IP,   IP1},  {10,1},{20,4})  ~SEQ(IP2,168,2,172) 192.${IP2}.${IP}.${IP1}\n",
          "192.168.10.1; 192.170.10.1; 192.172.10.1; 192.168.20.4; 192.170.20.4; 192.172.20.4");
    check("~LST(A,) foo${A}x\n~LST({D,E},{1,2},{3}) ${D}x${E}\n", "foox; 1x2; 3x");
}

BOOST_AUTO_TEST_CASE(sequences_that_are_refused)
{
    for (const std::string spec :
         {"~SEQ(F,1,0,3)", "~SEQ(F,1,-1,3)", "~SEQ(F,3,1,1)", "~SEQ(F,a,b)", "~SEQ(F,1,3",
          "~SEQ(F)", "~SEQ(F,1,2,3,4)", "~SEQ()", "~SEQ(1F,1,2)", "~SEQx(F,-2,2)", "~SEQ(F,0x,2)",
          "~SEQ(F,1,99999999999999999999)", "~SEQ(F,1,99999999999)", "~LST(F)", "~LST()",
          "~LST({F,G},{1},{2,3,4})", "~LST(F,\"a b\")", "~SEQ(", "~SEQ(A,1,9999) ~SEQ(B,1,9999)"})
        BOOST_TEST(errors(readText(spec + " foo\n")) == 1U, spec);
    refused("~SEQ(A,1,99999999) x\n", "", {"1:1+18 E: this makes more than 10000000 lines"});
    refused("~SEQ(F,1,0,3) foo\nafter\n", "after",
            {"1:1+13 E: a step of 0 never gets to the end | ~SEQ(NAME, [START, [STEP,]] END), the "
             "numbers decimal, 0x hexadecimal or 0 octal"});
    BOOST_TEST(show(readText("~FOO(A,1,2) x\n")) == "~FOO(A,1,2) x");
}

BOOST_AUTO_TEST_CASE(includes_that_find_their_files)
{
    includes("include inc/*.conf", "ina; inbc; inb; after", {});
    includes("include /etc/lb/inc/{b,a}.conf", "inb; ina; after", {});
    includes("include inc/b c.conf # d", "inbc; after", {});
    includes("include inc/sub/s.conf", "ina; in/etc/lb/inc/sub; after", {});
    includes("$D=inc\nfoo {\n include ${D}/a.conf\n}", "foo { ina }; after", {});
    includes("$I=include inc/a.conf\n$I", "ina; after", {});
    includes("@other include inc/a.conf", "after", {});
}

BOOST_AUTO_TEST_CASE(includes_that_find_nothing)
{
    const auto missing = [](std::size_t column, std::size_t length, char severity,
                            const std::string &name) {
        return std::vector{
            fmt::format("1:{}+{} {}: there is no file '{}'", column, length, severity, name)};
    };
    // keepalived -t ends with status 6 where E stands, and goes on where W does.
    for (const auto &[word, name, wildcard, brace] : {std::tuple{"include", 'W', ' ', 'W'},
                                                      {"includer", 'W', ' ', 'W'},
                                                      {"includem", 'E', ' ', 'W'},
                                                      {"includew", 'E', 'E', 'W'},
                                                      {"includeb", 'W', ' ', 'E'},
                                                      {"includea", 'E', 'E', 'E'}}) {
        const std::string keyword = word;
        const auto column = keyword.size() + 2;
        includes(keyword + " no", "after", missing(column, 2, name, "no"));
        includes(keyword + " no*", "after",
                 wildcard == 'E'
                     ? std::vector{fmt::format("1:{}+3 E: no file matches 'no*'", column)}
                     : std::vector<std::string>());
        includes(keyword + " inc/{a,no}.conf", brace == 'E' ? "after" : "ina; after",
                 missing(column, 15, brace, "inc/no.conf"));
    }
    includes("include inc", "after",
             {"1:9+3 W: '/etc/lb/inc' is a directory and not read | its files are "
              "'/etc/lb/inc/*'"});
    includes("includer inc", "after", {"1:10+3 E: /etc/lb/inc: Is a directory"});
    includes("include \"inc/b c.conf\"", "after",
             {"1:9+14 W: there is no file '\"inc/b c.conf\"' | a file's name is written without "
              "quotes, blanks belong to it"});
    includes("include", "after", {"1:1+7 E: include names no file"});
}

BOOST_AUTO_TEST_CASE(include_check_says_what_is_an_error)
{
    const auto count = [](const std::string &options) {
        return errors(readText("global_defs {\ninclude_check " + options + "\ninclude no\n}\n"));
    };
    BOOST_TEST(count("") == 1U);
    BOOST_TEST(count("match") == 1U);
    BOOST_TEST(count("-match") == 0U);
    BOOST_TEST(count("brace_match") == 0U);
    BOOST_TEST(count("+match -wildcard_match") == 1U);
    // What an included file sets is gone behind it.
    BOOST_TEST(errors(readFiles({{"/etc/lb/lb.conf", "include a\ninclude no\n"},
                                 {"/etc/lb/a", "include_check\n"}})) == 0U);
}

BOOST_AUTO_TEST_CASE(blocks_across_files)
{
    const Files files{{"/etc/lb/lb.conf", "include open\nbar\n}\nfoo {\ninclude close\n"},
                      {"/etc/lb/open", "a {\n"},
                      {"/etc/lb/close", "}\n"}};
    const auto tree = readFiles(files);
    BOOST_TEST(show(tree) == "a { bar }; foo {  }");
    BOOST_TEST(tree.findings.empty());
    BOOST_TEST(tree.files.at(1).path == "/etc/lb/open");
    BOOST_TEST((tree.statements.at(0).open == Place{1, 1, 3}));
    BOOST_TEST((tree.statements[0].close == Place{0, 3, 1}));
}

BOOST_AUTO_TEST_CASE(a_file_that_includes_itself)
{
    const Files files{{"/etc/lb/lb.conf", "include a\n"}, {"/etc/lb/a", "x\ninclude ./../lb/a\n"}};
    const auto tree = readFiles(files);
    BOOST_TEST(show(tree) == "x");
    BOOST_TEST(findings(tree) == std::vector<std::string>{"2:9+9 E: '/etc/lb/a' includes itself"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there)
{
    const auto tree = readFiles({});
    BOOST_TEST(tree.files.at(0).path == "/etc/lb/lb.conf");
    BOOST_TEST(errors(tree) == 1U);
    BOOST_TEST(toString(tree.findings[0], tree) ==
               "/etc/lb/lb.conf:1:1: error: /etc/lb/lb.conf: No such file or directory\n");
}

BOOST_AUTO_TEST_SUITE_END()
