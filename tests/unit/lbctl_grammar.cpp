// SPDX-License-Identifier: GPL-2.0
// Command lines: what is understood, what is refused, with which words and where.
#include "lbctl/commands.hpp"
#include "lbctl/run.hpp"
#include "lbctl/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::lbctl;

namespace {

// The arguments of a line as restore reads it: columns are those of the line.
Result<Arguments> arguments(std::string_view line)
{
    const auto words = splitLine(line);
    const auto found = findCommand(commands(), words);
    if (!found)
        return found.error();
    return parseArguments(*found, words, {});
}

// "column: what | hint"
template <typename T>
std::string refusal(const Result<T> &result)
{
    BOOST_REQUIRE(result.has_error());
    const auto &error = result.error();
    return fmt::format("{}: {} | {}", error.column, error.what, error.hint);
}

template <typename Read>
auto read(std::string_view line, const Read &reader) -> decltype(reader(*arguments(line)))
{
    const auto words = arguments(line);
    if (!words)
        return words.error();
    return reader(*words);
}

Result<netlink::DestSpec> dest(std::string_view line)
{
    return read(line, [](const Arguments &words) { return readDestSpec(words, {}); });
}

Result<netlink::ServiceSpec> service(std::string_view line)
{
    return read(line, [](const Arguments &words) { return readServiceSpec(words, {}); });
}

Result<netlink::Settings> settings(std::string_view line)
{
    return read(line, [](const Arguments &words) { return readSettings(words); });
}

Result<netlink::ConnectionFilter> filter(std::string_view line)
{
    return read(line, [](const Arguments &words) { return readFilter(words, {}); });
}

struct Told {
    std::string out;
    std::string error;
    Exit status = Exit::done;
};

Told run(const std::vector<std::string> &words)
{
    Told told;
    told.status = lbctl::run(words, {.out = [&](std::string_view text) { told.out += text; },
                                     .fail = [&](std::string_view text) { told.error += text; }});
    return told;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbctl_grammar)

BOOST_AUTO_TEST_CASE(a_line_is_split_at_blanks_until_a_comment)
{
    const auto words = splitLine("  dest\tadd tcp  # as it was\r");
    BOOST_REQUIRE(words.size() == 3U);
    BOOST_TEST(words[0].text == "dest");
    BOOST_TEST(words[0].column == 3U);
    BOOST_TEST(words[1].column == 8U);
    BOOST_TEST(words[2].column == 12U);
    BOOST_TEST(splitLine("# only this").empty());
    BOOST_TEST(splitLine("").empty());
    BOOST_TEST(splitLine("a#b").front().text == "a#b"); // no comment within a word
}

BOOST_AUTO_TEST_CASE(a_destination_with_all_options)
{
    const auto spec =
        dest("dest add tcp 192.0.2.1:80 10.0.0.1:8080 --method tunnel -w 2 --drain=on");
    BOOST_REQUIRE(spec);
    BOOST_TEST(toString(spec->service) == "tcp 192.0.2.1:80");
    BOOST_TEST(toString(spec->endpoint) == "10.0.0.1:8080");
    BOOST_TEST((spec->method == Method::tunnel));
    BOOST_TEST(spec->weight->value == 2);
    BOOST_TEST(spec->drain.value());
}

BOOST_AUTO_TEST_CASE(options_may_stand_anywhere)
{
    const auto spec = dest("dest add --weight 2 tcp 192.0.2.1:80 --method nat 10.0.0.1");
    BOOST_REQUIRE(spec);
    BOOST_TEST(spec->weight->value == 2);
    BOOST_TEST(toString(spec->endpoint) == "10.0.0.1:80");
}

BOOST_AUTO_TEST_CASE(what_is_not_given_is_not_set)
{
    const auto spec = dest("dest set udp [2001:db8::1]:53 2001:db8::2");
    BOOST_REQUIRE(spec);
    BOOST_TEST(toString(spec->endpoint) == "[2001:db8::2]:53"); // the service's port
    BOOST_TEST(!spec->method);
    BOOST_TEST(!spec->weight);
    BOOST_TEST(!spec->drain);
    BOOST_TEST(!service("service set tcp 192.0.2.1:80")->scheduler);
    BOOST_TEST(*service("service add tcp 192.0.2.1:80 -s wrr")->scheduler == "wrr");
    BOOST_TEST(!service("service set tcp 192.0.2.1:80 -s wrr")->schedulerFlags);
    BOOST_TEST(!service("service set udp 192.0.2.1:53 -s wrr")->onePacket);
    BOOST_TEST(service("service set udp 192.0.2.1:53 --one-packet on")->onePacket.value());
    BOOST_TEST(!service("service set udp 192.0.2.1:53 -o off")->onePacket.value());
}

BOOST_AUTO_TEST_CASE(flags_of_a_scheduler)
{
    const auto flags = [](std::string_view words) {
        return service(fmt::format("service set tcp 192.0.2.1:80 --scheduler-flags {}", words))
            ->schedulerFlags.value();
    };
    BOOST_TEST(flags("fallback") == LB_SCHED_FLAGS_FALLBACK);
    BOOST_TEST(flags("port,fallback") == (LB_SCHED_FLAGS_FALLBACK | LB_SCHED_FLAGS_PORT));
    BOOST_TEST(flags("none") == 0U);
    BOOST_TEST(refusal(service("service add tcp 192.0.2.1:80 -b fallback,ports")) ==
               "33: 'ports' is not a flag of a scheduler | did you mean 'port'?");
    BOOST_TEST(refusal(service("service add tcp 192.0.2.1:80 -b port,")) ==
               "33: '' is not a flag of a scheduler | one of fallback port");
    BOOST_TEST(refusal(service("service add tcp 192.0.2.1:80 -b none,port")) ==
               "33: 'none' is not a flag of a scheduler | one of fallback port");
}

BOOST_AUTO_TEST_CASE(a_service_of_a_firewall_mark_or_of_all_ports)
{
    const auto keyOf = [](std::string_view line) {
        const auto spec = service(line);
        return spec ? toString(spec->key) : toString(spec.error());
    };
    BOOST_TEST(keyOf("service add fwmark 5") == "fwmark 5");
    BOOST_TEST(keyOf("service add fwmark 0x10") == "fwmark 16");
    BOOST_TEST(keyOf("service add fwmark6 4294967295") == "fwmark6 4294967295");
    BOOST_TEST(keyOf("service add tcp 192.0.2.1:0") == "tcp 192.0.2.1:0");
    BOOST_TEST(keyOf("service add tcp [2001:db8::1]:0") == "tcp [2001:db8::1]:0");
    BOOST_TEST((service("service add fwmark 5")->key != service("service add fwmark6 5")->key));
    BOOST_TEST((service("service add fwmark 5")->key != service("service add fwmark 6")->key));

    for (const auto *bad : {"0", "4294967296", "0x", "0x0", "0x1g", "0x100000000", "-1", "five"})
        BOOST_TEST(!service(std::string("service add fwmark ") + bad), bad);
    BOOST_TEST(service("service add fwmrk 5").error().hint == "did you mean 'fwmark'?");
}

BOOST_AUTO_TEST_CASE(persistence_is_a_time_and_a_prefix)
{
    const auto spec = service("service add tcp 192.0.2.1:0 --persist 300 --persist-prefix 24");
    BOOST_TEST(spec->persistTimeout.value() == 300U);
    BOOST_TEST(spec->persistPrefix.value() == 24U);
    BOOST_TEST(service("service set fwmark 5 -p 0")->persistTimeout.value() == 0U);
    BOOST_TEST(!service("service set fwmark 5 -s rr")->persistTimeout);
    BOOST_TEST(refusal(service("service set fwmark 5 -p 2678401")) ==
               "25: 2678401 is too large | at most 2678400");
    BOOST_TEST(refusal(service("service set fwmark 5 -M 129")) ==
               "25: 129 is too large | at most 128");
    BOOST_TEST(filter("conn list --templates only")->templates.value() == LB_TEMPLATES_ONLY);
    BOOST_TEST(!filter("conn list")->templates);
    BOOST_TEST(refusal(filter("conn list --templates many")).starts_with("23: 'many' is neither"));
    BOOST_TEST(settings("settings set expire-quiescent-template 1")
                   ->values.at(LB_A_SETTINGS_EXPIRE_QUIESCENT_TEMPLATE) == 1U);
    BOOST_TEST(refusal(settings("settings set expire-quiescent-template 2")) ==
               "40: 2 is too large | at most 1");
    BOOST_TEST(service("service set fwmark 5 --persist-engine sip")->persistEngine.value() ==
               LB_PERSIST_ENGINE_SIP);
    BOOST_TEST(refusal(service("service set fwmark 5 --persist-engine sop")) ==
               "39: 'sop' is no persistence engine | did you mean 'sip'?");
}

BOOST_AUTO_TEST_CASE(mistakes_point_at_their_word)
{
    BOOST_TEST(refusal(arguments("sevice add tcp")) ==
               "1: 'sevice' is not a command | did you mean 'service'?");
    BOOST_TEST(refusal(arguments("dest dorp tcp")) ==
               "6: 'dest dorp' is not a command | one of add set del drain list");
    BOOST_TEST(refusal(arguments("dest drian tcp")) ==
               "6: 'dest drian' is not a command | did you mean 'drain'?");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --wieght 2")) ==
               "36: '--wieght' is not an option of 'dest add' | did you mean '--weight'?");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --weight")) ==
               "45: --weight lacks its value N | ");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --weight 2 -w 3")) ==
               "47: --weight is given twice | ");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80")) ==
               "27: DEST[:PORT] is missing | usage: lbctl dest add PROTOCOL ADDR:PORT "
               "DEST[:PORT] [OPTION...]");
    BOOST_TEST(refusal(service("service del tcp 192.0.2.1:80 now")) ==
               "30: 'now' is one word too many | usage: lbctl service del PROTOCOL ADDR:PORT");
    BOOST_TEST(refusal(dest("dest add tpc 192.0.2.1:80 10.0.0.1")) ==
               "10: 'tpc' is not a protocol | did you mean 'tcp'?");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1 10.0.0.1")) ==
               "14: '192.0.2.1' has no port | write 192.0.2.1:80");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.256")) ==
               "27: '10.0.0.256' is not an address | 256 is not between 0 and 255");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --weight=70000")) ==
               "45: weight 70000 is too large | at most 65535");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --method masq")) ==
               "45: 'masq' is not a method | it is called 'nat' here");
    BOOST_TEST(refusal(dest("dest add tcp 192.0.2.1:80 10.0.0.1 --drain yes")) ==
               "44: 'yes' is neither on nor off | one of on off");
    BOOST_TEST(refusal(arguments("flush --yes=1")) == "12: --yes takes no value | ");
    BOOST_TEST(refusal(service("service add tcp 192.0.2.1:80 -s abcdefghijklmnop")) ==
               "33: 'abcdefghijklmnop' is not a scheduler | ");
}

BOOST_AUTO_TEST_CASE(settings_are_names_and_values)
{
    const auto two = settings("settings set udp 30 conn-max 0");
    BOOST_REQUIRE(two);
    BOOST_TEST(two->values.at(LB_A_SETTINGS_UDP) == 30U);
    BOOST_TEST(two->values.at(LB_A_SETTINGS_CONN_MAX) == 0U);
    BOOST_TEST(refusal(settings("settings set upd 30")) ==
               "14: 'upd' is not a setting | did you mean 'udp'?");
    BOOST_TEST(refusal(settings("settings set udp")) ==
               "18: the value of udp is missing | usage: lbctl settings set NAME VALUE...");
    const auto locality = settings("settings set lblc-expiration 60 lblcr-expiration 2678400");
    BOOST_REQUIRE(locality);
    BOOST_TEST(locality->values.at(LB_A_SETTINGS_LBLC_EXPIRATION) == 60U);
    BOOST_TEST(locality->values.at(LB_A_SETTINGS_LBLCR_EXPIRATION) == 2678400U);
    BOOST_TEST(refusal(settings("settings set lblcr-expiration 0")) ==
               "31: 0 is too small | at least 1");
    BOOST_TEST(refusal(settings("settings set udp 0")) == "18: 0 is too small | at least 1");
    BOOST_TEST(settings("settings set sloppy-sctp 0")->values.at(LB_A_SETTINGS_SLOPPY_SCTP) == 0U);
    BOOST_TEST(refusal(settings("settings set schedule-icmp 2")) ==
               "28: 2 is too large | at most 1");
    BOOST_TEST(refusal(settings("settings set udp 2678401")) ==
               "18: 2678401 is too large | at most 2678400");
    BOOST_TEST(refusal(settings("settings set udp 1 udp 2")) == "20: udp is given twice | ");
    BOOST_TEST(refusal(settings("settings set")).starts_with("14: NAME is missing"));
    BOOST_TEST(refusal(settings("settings set generation 3")).starts_with("14: 'generation' is"));
}

BOOST_AUTO_TEST_CASE(connection_filters)
{
    const auto all = filter("conn list --protocol udp --client 2001:db8::/32 --service "
                            "[2001:db8::1]:53 --dest 10.0.0.1 --state udp --method tunnel");
    BOOST_REQUIRE(all);
    BOOST_TEST((all->protocol == Protocol::udp));
    BOOST_TEST(toString(all->client->prefix) == "2001:db8::/32");
    BOOST_TEST(all->service->port->value == 53);
    BOOST_TEST(!all->dest->port);
    BOOST_TEST(all->state.value() == LB_STATE_UDP);
    BOOST_TEST((all->method == Method::tunnel));
    BOOST_TEST(refusal(filter("conn count --state establised")) ==
               "20: 'establised' is not a state | did you mean 'established'?");
    BOOST_TEST(refusal(filter("conn list --client 10.0.0.0/8 --service [::1]:80")) ==
               "41: client and service are of different address families | ");
}

BOOST_AUTO_TEST_CASE(the_word_behind_an_attribute)
{
    const auto blame = [](std::string_view line, std::string_view attribute) {
        const auto words = arguments(line);
        const auto *word = wordOf(*words, attribute);
        return word == nullptr ? std::string("none") : word->text;
    };
    const std::string_view line = "dest add tcp 192.0.2.1:80 10.0.0.1 --weight 7";
    BOOST_TEST(blame(line, "weight") == "7");
    BOOST_TEST(blame(line, "service.protocol") == "tcp");
    BOOST_TEST(blame(line, "service") == "192.0.2.1:80");
    BOOST_TEST(blame(line, "addr") == "10.0.0.1");
    BOOST_TEST(blame(line, "port") == "10.0.0.1");
    BOOST_TEST(blame(line, "method") == "none");
    BOOST_TEST(blame("service add tcp 192.0.2.1:80 -s x", "scheduler") == "x");
    BOOST_TEST(blame("service add tcp 192.0.2.1:80 -b port", "sched-flags") == "port");
    BOOST_TEST(blame("service add tcp 192.0.2.1:80", "sched-flags") == "none");
    BOOST_TEST(blame("service add tcp 192.0.2.1:80", "key.port") == "192.0.2.1:80");
    BOOST_TEST(blame("conn list --client 10.0.0.1", "client-prefix") == "10.0.0.1");
    BOOST_TEST(blame("conn list --service 10.0.0.1", "virtual-addr") == "10.0.0.1");
    BOOST_TEST(blame("settings set udp 5 conn-max 6", "conn-max") == "6");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_one_sentence)
{
    const auto words = arguments("dest add tcp 192.0.2.1:80 10.0.0.1 --weight 7");
    BOOST_TEST(explain({.code = EINVAL, .what = "too heavy", .attribute = "weight"}, *words) ==
               "dest add: 7: too heavy");
    BOOST_TEST(explain({.code = EEXIST, .what = "it exists already"}, *words) ==
               "dest add: it exists already");
    BOOST_TEST(explain({.code = EPERM, .what = "whatever"}, *words) ==
               "changing destinations needs CAP_NET_ADMIN: run it as root or with sudo");
    BOOST_TEST(explain({.code = ENODEV, .what = "no module", .hint = "load it"}, *words) ==
               "no module (load it)");
}

BOOST_AUTO_TEST_CASE(exit_status_2_is_for_usage)
{
    for (const auto &line : std::vector<std::vector<std::string>>{
             {"servce"},
             {"service", "add", "tcp"},
             {"service", "add", "tcp", "192.0.2.1:80", "--nonsense"},
             {"dest", "add", "tcp", "192.0.2.1:80", "www.example.org"},
             {"conn", "del"},
             {"--nonsense", "version"}}) {
        const auto told = run(line);
        BOOST_TEST((told.status == Exit::usage), line.front());
        BOOST_TEST(told.out == "");
        BOOST_TEST(told.error.starts_with("lbctl: "));
        BOOST_TEST(std::ranges::count(told.error, '\n') == 1);
    }
}

BOOST_AUTO_TEST_CASE(help_is_everywhere)
{
    for (const auto *command : commands()) {
        std::vector<std::string> words;
        for (const auto &word : splitLine(command->name))
            words.push_back(word.text);
        words.emplace_back("--help");
        const auto told = run(words);
        BOOST_TEST((told.status == Exit::done));
        BOOST_TEST(told.out.starts_with("usage: " + usage(*command) + "\n"));
        for (const auto &option : command->options)
            BOOST_TEST(told.out.find(option.name) != std::string::npos, option.name);
    }
    const auto overview = run({}).out;
    for (const auto *command : commands())
        BOOST_TEST(overview.find(command->summary) != std::string::npos, command->name);
    BOOST_TEST(run({"--help"}).out == overview);
    for (std::size_t start = 0; start < overview.size();) {
        const auto stop = overview.find('\n', start);
        BOOST_TEST(stop - start <= 80U, overview.substr(start, stop - start));
        start = stop + 1;
    }
}

BOOST_AUTO_TEST_CASE(completion_knows_the_grammar)
{
    const auto complete = [](std::vector<std::string> words) {
        words.insert(words.begin(), "__complete");
        return run(words).out;
    };
    BOOST_TEST(complete({"se"}) == "service\nsettings\n");
    BOOST_TEST(complete({"dest", "d"}) == "del\ndrain\n");
    BOOST_TEST(complete({"service", "add", ""}) == "tcp\nudp\nsctp\nfwmark\nfwmark6\n");
    BOOST_TEST(complete({"dest", "add", "--method", "t"}) == "tunnel\n");
    BOOST_TEST(complete({"dest", "set", "--drain", ""}) == "on\noff\n");
    BOOST_TEST(complete({"service", "set", "--scheduler-flags", ""}) ==
               "none\nfallback\nport\nfallback,port\n");
    BOOST_TEST(complete({"sync", "s"}) == "start\nstop\n");
    BOOST_TEST(complete({"sync", "start", ""}) == "master\nbackup\n");
    BOOST_TEST(complete({"sync", "stop", "b"}) == "backup\n");
    BOOST_TEST(complete({"sync", "start", "master", "--gr"}) == "--group\n");
    BOOST_TEST(complete({"conn", "list", "--st"}) == "--state\n");
    BOOST_TEST(complete({"conn", "list", "--state", "time"}) == "time-wait\n");
    BOOST_TEST(complete({"settings", "set", "tcp-sy"}) ==
               "tcp-syn-sent\ntcp-syn-recv\ntcp-synack\n");
    BOOST_TEST(complete({"settings", "set", "udp", ""}) == "");
    BOOST_TEST(complete({"nonsense", "x"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
