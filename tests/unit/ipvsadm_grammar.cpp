// SPDX-License-Identifier: GPL-2.0
// What ipvsadm's words mean and how they are refused. The texts are those that Debian's ipvsadm
// 1.31 prints for the same words.
#include "ipvsadm/change.hpp"
#include "ipvsadm/errors.hpp"
#include "ipvsadm/grammar.hpp"
#include "ipvsadm/run.hpp"

#include <cerrno>
#include <sstream>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::ipvsadm;

namespace {

std::vector<std::string> wordsOf(const std::string &line)
{
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

Command read(const std::string &line)
{
    const auto words = wordsOf(line);
    const auto command = parse("ipvsadm", words);
    BOOST_TEST_REQUIRE(command.has_value(), line << ": " << command.error().text);
    return *command;
}

void refused(const std::string &line, int status, const std::string &text)
{
    const auto words = wordsOf(line);
    const auto command = parse("ipvsadm", words);
    BOOST_TEST_REQUIRE(!command.has_value(), line);
    BOOST_TEST(command.error().status == status, line);
    BOOST_TEST(command.error().text == text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ipvsadm_grammar)

BOOST_AUTO_TEST_CASE(letters_may_share_a_word_and_values_may_follow_at_once)
{
    for (const auto *line : {"-At 192.0.2.1:80 -srr", "-A -t192.0.2.1:80 -s=rr",
                             "--add-service --tcp-service=192.0.2.1:80 --scheduler rr",
                             "-A --tcp-service 192.0.2.1:80 -s rr"}) {
        const auto command = read(line);
        BOOST_CHECK(command.verb == Verb::add);
        BOOST_TEST(toString(keyOf(command.service)) == "tcp 192.0.2.1:80", line);
        BOOST_TEST(command.service.scheduler == "rr", line);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_said_is_as_ipvsadm_has_it)
{
    const auto service = read("-A -t 192.0.2.1:80").service;
    BOOST_TEST(service.scheduler == "wlc");
    BOOST_TEST(!service.persistent);
    BOOST_TEST(service.netmask == 0xffffffffU);
    BOOST_TEST(read("-A -t 192.0.2.1:80 -p").service.timeout == 360U);
    BOOST_TEST(read("-A -t 192.0.2.1:80 -p -s rr").service.timeout == 360U);
    BOOST_TEST(read("-A -t 192.0.2.1:80 -p 77").service.timeout == 77U);
    BOOST_TEST(read("-A -t 192.0.2.1:80 -p77").service.timeout == 77U);
    BOOST_TEST(read("-A -t [2001:db8::1]:80").service.netmask == 128U);

    const auto dest = read("-a -t 192.0.2.1:80 -r 10.0.0.1").dest;
    BOOST_CHECK(dest.method == Method::direct);
    BOOST_TEST(dest.weight == 1);
    BOOST_TEST(dest.port == 80);
    BOOST_TEST(read("--start-daemon master").daemon.interface == "eth0");
}

BOOST_AUTO_TEST_CASE(only_nat_has_a_port_of_its_own)
{
    BOOST_TEST(read("-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m").dest.port == 8080);
    BOOST_TEST(read("-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -g").dest.port == 80);
    BOOST_TEST(read("-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -i").dest.port == 80);
    BOOST_TEST(read("-a -f 1 -r 10.0.0.1:8080 -g").dest.port == 8080);
}

BOOST_AUTO_TEST_CASE(the_whole_becomes_one_change)
{
    const auto change =
        changeOf(read("-E -u 192.0.2.1:53 -s sh -p 60 -M 255.255.255.0 -o -b sh-port --pe sip"));
    BOOST_TEST_REQUIRE(change.has_value());
    BOOST_TEST(change->command == LB_CMD_SERVICE_SET);
    const auto &spec = std::get<netlink::ServiceSpec>(change->object);
    BOOST_TEST(*spec.persistPrefix == 24);
    BOOST_TEST(*spec.persistEngine == LB_PERSIST_ENGINE_SIP);
    BOOST_TEST(*spec.schedulerFlags == LB_SCHED_FLAGS_PORT);
    BOOST_TEST(*spec.onePacket);

    BOOST_TEST(changeOf(read("-A -t 1.2.3.4:80 -p 9 -M 255.0.255.0")).error().code == EINVAL);
    BOOST_TEST(changeOf(read("-A -t 1.2.3.4:80 -p 9 --pe rip")).error().code == ENOENT);
    const auto set = changeOf(read("--set 900 0 300"));
    BOOST_TEST(std::get<netlink::Settings>(set->object).values.size() == 2U);
}

BOOST_AUTO_TEST_CASE(words_that_are_none)
{
    const std::string help = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.";
    for (const auto *line : {"list", "-n -L", "-q", "--lists", "-t 192.0.2.1:80"})
        refused(line, usageStatus, help);
    refused("-L -q", usageStatus, "-q: unknown option");
    refused("-Lnq", usageStatus, "-Lnq: unknown option");
    refused("-L --nume", usageStatus, "--nume: unknown option");
    refused("-L -t", usageStatus, "-t: missing argument");
    refused("-L -n=1", usageStatus, "-n=1: option does not take an argument");
    refused("-L --numeric=1", usageStatus, "--numeric=1: option does not take an argument");
    refused("-L all", failStatus, "unexpected argument all");
    refused("-L -A", failStatus, "invalid option `-A'");
    refused("-L -n -n", failStatus, "multiple 'numeric' options specified");
}

BOOST_AUTO_TEST_CASE(what_does_not_go_together)
{
    refused("-A", failStatus,
            "You need to supply the 'service-address' option for the 'add-service' command");
    refused("-a -t 192.0.2.1:80", failStatus,
            "You need to supply the 'real-server' option for the 'add-server' command");
    refused("-C -n", failStatus, "Illegal 'numeric' option with the 'flush' command");
    refused("-D -t 192.0.2.1:80 -s rr", failStatus,
            "Illegal 'scheduler' option with the 'delete-service' command");
    refused("-L -c --timeout", failStatus,
            "The option 'timeout' conflicts with the 'connection' option in the 'list' command");
    refused("-L -c --stats", failStatus, "options conflicts in the list command");
    refused("-L --daemon --persistent-conn", failStatus, "options conflicts in the list command");
    refused("-a -t 192.0.2.1:80 -r [2001:db8::1]:80", failStatus,
            "Different address family is allowed only for tunneling servers");
    refused("-a -t 192.0.2.1:80 -r 10.0.0.1 --tun-csum", failStatus,
            "Tunnel options conflict with forward method");
    refused("-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gue", failStatus,
            "You need to supply the 'tun-port' option for the 'gue' tunnel type");
    refused("-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gre --tun-port 9", failStatus,
            "Illegal 'tun-port' option with the 'gre' tunnel type");
    refused("-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gre --tun-csum --tun-nocsum", failStatus,
            "The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel "
            "type");
}

BOOST_AUTO_TEST_CASE(values_that_cannot_be)
{
    refused("-A -t 192.0.2.1:0", failStatus, "Zero port specified for non-persistent service");
    refused("-A -t 192.0.2.1:80 -o", failStatus,
            "One-Packet Scheduling is only for UDP virtual services");
    refused("-A -t 80", failStatus, "illegal virtual server address[:port] specified");
    refused("-A -t 192.0.2.1:65536", failStatus, "illegal virtual server address[:port] specified");
    refused("-A -t [2001:db8::1]", failStatus, "illegal virtual server address[:port] specified");
    refused("-A -f 0", failStatus, "invalid fwmark value `0' specified");
    refused("-A -6 -f 1", failStatus, "-6 used before -f\n");
    refused("-A -t 192.0.2.1:80 -p 0", failStatus, "invalid timeout value `0' specified");
    refused("-A -t 192.0.2.1:80 -s rr -b sh-port", failStatus,
            "incompatible scheduler flag `sh-port'");
    refused("-A -t 192.0.2.1:80 -s sh -b port", failStatus, "invalid scheduler flag `port'");
    refused("-a -t 192.0.2.1:80 -r 10.0.0.1 -w 2147483648", failStatus, "illegal weight specified");
    refused("--set 1 2", failStatus, "--set option requires 3 timeout values");
    refused("--start-daemon both", failStatus, "illegal start-daemon parameter specified");
    refused("--stop-daemon both", failStatus, "illegal start_daemon specified");
    refused("--start-daemon master --mcast-group 10.0.0.1", failStatus,
            "invalid IPv4 mcast-group `10.0.0.1'");
}

BOOST_AUTO_TEST_CASE(the_kernels_refusals_have_ipvsadms_words)
{
    BOOST_TEST(explain(Verb::add, EEXIST) == "Service already exists");
    BOOST_TEST(explain(Verb::edit, ENOENT) == "Scheduler or persistence engine not found");
    BOOST_TEST(explain(Verb::addDest, ESRCH) == "Service not defined");
    BOOST_TEST(explain(Verb::delDest, ENOENT) == "No such destination");
    BOOST_TEST(explain(Verb::list, ESRCH) == "No such service");
    BOOST_TEST(explain(Verb::stopDaemon, ESRCH) == "No daemon is running");
    BOOST_TEST(explain(Verb::add, EPERM) == "Permission denied (you must be root)");
    BOOST_TEST(explain(Verb::addDest, ERANGE) == "Numerical result out of range");
}

BOOST_AUTO_TEST_CASE(its_name_or_its_options_make_it_ipvsadm)
{
    BOOST_CHECK(programOf("/usr/sbin/ipvsadm") == Program::ipvsadm);
    BOOST_CHECK(programOf("ipvsadm-restore") == Program::restore);
    BOOST_CHECK(!programOf("/usr/sbin/lbctl"));
    for (const auto *word : {"-Ln", "-A", "-C", "--list", "--start-daemon=master", "-e"})
        BOOST_TEST(isCommand(word), word);
    for (const auto *word :
         {"-n", "--netns", "-h", "--help", "--json", "-j", "-r", "list", "-", ""})
        BOOST_TEST(!isCommand(word), word);
}

BOOST_AUTO_TEST_SUITE_END()
