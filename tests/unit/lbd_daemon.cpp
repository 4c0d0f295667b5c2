// SPDX-License-Identifier: GPL-2.0
// One lbd as it runs, but for its director: what it tells of servers that live and die, to lbctl,
// to who follows, to Prometheus and to systemd.
#include "control/client.hpp"
#include "fake_director.hpp"
#include "lbctl/run.hpp"
#include "lbd/daemon.hpp"
#include "notify_socket.hpp"

#include <future>
#include <mutex>
#include <set>
#include <sstream>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

using namespace lb;
using nlohmann::json;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Takes connections while it is open.
struct Listener {
    Listener() { open(); }
    void open()
    {
        acceptor = tcp::acceptor(io);
        acceptor.open(tcp::v4());
        acceptor.set_option(asio::socket_base::reuse_address(true));
        acceptor.bind({asio::ip::make_address("127.0.0.1"), port});
        acceptor.listen();
        port = acceptor.local_endpoint().port();
    }
    void close() { acceptor.close(); }

    asio::io_context io{};
    tcp::acceptor acceptor{io};
    std::uint16_t port = 0;
};

struct Told {
    std::string out;
    std::string error;
    lbctl::Exit status = lbctl::Exit::done;
};

class Running {
public:
    explicit Running(std::string globals = "")
        : globals_(std::move(globals)), director_({one.port, two.port})
    {
        folder_.write("lbd.conf", config(1));
        options_ = {.file = file("lbd.conf"), .folder = folder_.path.string()};
        auto loaded = lbd::load(options_.file, "");
        BOOST_REQUIRE(loaded.good());
        auto folder = lbd::Folder::claim(options_.folder);
        BOOST_REQUIRE(folder);
        auto made = lbd::Daemon::start(
            io_, options_, std::move(loaded), std::move(*folder),
            [this](Level, std::string_view line) {
                const std::lock_guard guard(mutex_);
                log_ += std::string(line) + '\n';
            },
            director_.open());
        BOOST_REQUIRE(made);
        daemon_ = std::move(*made);
        thread_ = std::thread([this] {
            io_.run();
            daemon_.reset();
        });
    }
    ~Running()
    {
        static_cast<void>(control::ask(options_.folder, {{"do", "stop"}}));
        thread_.join();
    }
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

    [[nodiscard]] std::string config(int weight) const
    {
        const auto server = [&](std::uint16_t port) {
            return fmt::format("real_server 127.0.0.1 {} {{\n weight {}\n TCP_CHECK {{\n"
                               " connect_timeout 5\n retry 1\n delay_before_retry 0.02\n }}\n }}\n",
                               port, weight);
        };
        return fmt::format("global_defs {{\n{}\n}}\nvirtual_server 192.0.2.1 80 {{\n"
                           " delay_loop 0.02\n lb_algo rr\n lb_kind NAT\n protocol TCP\n"
                           " quorum 2\n{}{}}}\n",
                           globals_, server(one.port), server(two.port));
    }
    void write(const std::string &name, const std::string &text) const
    {
        folder_.write(name, text);
    }
    [[nodiscard]] std::string file(const std::string &name) const
    {
        return (folder_.path / name).string();
    }
    [[nodiscard]] std::string socket() const { return control::socketIn(options_.folder); }

    [[nodiscard]] Told lbctl(std::vector<std::string> words) const
    {
        words.insert(words.end(), {"--socket", socket()});
        Told told;
        told.status = lbctl::run(words, {.out = [&](auto text) { told.out += text; },
                                         .fail = [&](auto text) { told.error += text; }});
        return told;
    }

    // The first event of this name behind @number, once it is there.
    [[nodiscard]] json event(const std::string &name, std::uint64_t number = 0) const
    {
        json found;
        const auto done =
            control::follow(socket(), {{"do", "events"}, {"follow", true}, {"since", number}},
                            [&](const json &line) {
                                if (line.value("event", "") != name)
                                    return true;
                                found = line;
                                return false;
                            });
        BOOST_REQUIRE(done);
        return found;
    }

    // The body of /metrics.
    [[nodiscard]] std::string metrics() const
    {
        asio::io_context io;
        asio::local::stream_protocol::socket socket(io);
        socket.connect(file("metrics.sock"));
        asio::write(socket, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
        std::string text;
        boost::system::error_code end;
        asio::read(socket, asio::dynamic_buffer(text), end);
        BOOST_TEST(text.starts_with("HTTP/1.0 200 OK\r\n"));
        return text.substr(text.find("\r\n\r\n") + 4);
    }
    [[nodiscard]] std::string log()
    {
        const std::lock_guard guard(mutex_);
        return log_;
    }
    [[nodiscard]] unsigned commits() const { return director_.commits(); }
    // On the loop.
    void tell(lbd::Event event)
    {
        std::promise<void> done;
        asio::post(io_, [&] {
            daemon_->tell(std::move(event));
            done.set_value();
        });
        done.get_future().wait();
    }

    Listener one{};
    Listener two{};

private:
    std::string globals_;
    TemporaryFolder folder_{};
    FakeDirector director_;
    lbd::Options options_{};
    std::mutex mutex_{};
    std::string log_{};
    asio::io_context io_{1};
    std::unique_ptr<lbd::Daemon> daemon_{};
    std::thread thread_{};
};

bool has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbd_daemon)

BOOST_AUTO_TEST_CASE(a_server_dies_and_comes_back)
{
    Running lbd;
    const auto start = lbd.event("start");
    BOOST_TEST(start["number"] == 1);
    const auto name = fmt::format("127.0.0.1:{}", lbd.one.port);

    lbd.one.close();
    const auto down = lbd.event("server-down");
    BOOST_TEST(down["virtual_server"] == "192.0.2.1 80");
    BOOST_TEST(down["protocol"] == "tcp");
    BOOST_TEST(down["server"] == name);
    BOOST_TEST(has(down["reason"], "refused"));
    const auto lost = lbd.event("quorum-lost");
    BOOST_TEST(lost["number"] == down["number"].get<int>() + 1);
    BOOST_TEST(lost["reason"] == "servers of weight 1 are up, which is below 2");

    const auto table = lbd.lbctl({"health"});
    BOOST_TEST((table.status == lbctl::Exit::done));
    BOOST_TEST(has(table.out, "tcp 192.0.2.1 80"));
    BOOST_TEST(has(table.out, "no quorum"));
    BOOST_TEST(has(table.out, "  -> " + name + "  down"));
    const auto why = lbd.lbctl({"health", name});
    BOOST_TEST(has(why.out, fmt::format("tcp 192.0.2.1 80, server {}: down, weight 1\n", name)));
    BOOST_TEST(has(why.out, fmt::format("  TCP_CHECK of {}: down for ", name)));
    BOOST_TEST(has(why.out, "ago  down  "));
    const auto object = json::parse(lbd.lbctl({"health", "--json"}).out);
    BOOST_TEST(object["virtual_servers"][0]["servers"][0]["up"] == false);
    BOOST_TEST(has(object["virtual_servers"][0]["servers"][0]["why"], "refused"));
    BOOST_TEST(object["virtual_servers"][0]["servers"][1]["up"] == true);

    lbd.one.open();
    BOOST_TEST(lbd.event("server-up", lost["number"])["server"] == name);
    BOOST_TEST(lbd.event("quorum-gained")["number"].get<int>() > lost["number"].get<int>());
    const auto lines = lbd.lbctl({"events", "--last", "2"});
    BOOST_TEST(std::ranges::count(lines.out, '\n') == 2);
    BOOST_TEST(has(lines.out, " quorum-gained tcp 192.0.2.1 80: servers of weight 2 are up"));
    BOOST_TEST(has(lines.out, " server-up tcp 192.0.2.1 80, " + name + ": "));
    const auto followed = lbd.lbctl({"events", "-f", "--since", "0", "--count", "2", "--json"}).out;
    BOOST_TEST(json::parse(followed.substr(0, followed.find('\n')))["event"] == "start");
    BOOST_TEST(has(lbd.log(), fmt::format("server {} is down: ", name)));
}

BOOST_AUTO_TEST_CASE(a_commit_comes_back_unless_it_is_confirmed)
{
    Running lbd;
    lbd.write("new.conf", lbd.config(5));
    const auto differs = lbd.lbctl({"diff", lbd.file("new.conf")});
    BOOST_TEST(has(differs.out, fmt::format("~ dest set tcp 192.0.2.1:80 127.0.0.1:{} --weight 5",
                                            lbd.one.port)));
    BOOST_TEST(has(differs.out, "0 to add, 2 to change, 0 to remove\n"));

    const auto commits = lbd.commits();
    const auto done = lbd.lbctl({"commit", lbd.file("new.conf"), "--confirm", "1"});
    BOOST_TEST(has(done.out, "1 services, 2 changes in "));
    BOOST_TEST(has(done.out, "it is taken back in 1 s unless 'lbctl confirm' comes\n"));
    const auto back = lbd.event("commit-rolled-back");
    BOOST_TEST(lbd.event("commit-taken")["number"].get<int>() < back["number"].get<int>());
    BOOST_TEST(lbd.commits() == commits + 2);
    BOOST_TEST(lbd.lbctl({"confirm"}).error == "lbctl: there is nothing to confirm\n");

    BOOST_TEST(lbd.lbctl({"commit", lbd.file("new.conf"), "--confirm", "3600"}).error == "");
    // Refused, another one leaves it as it is.
    lbd.write("bad.conf", "virtual_server 192.0.2.1 80 {\n");
    BOOST_TEST((lbd.lbctl({"commit", lbd.file("bad.conf")}).status == lbctl::Exit::refused));
    BOOST_TEST(has(lbd.lbctl({"status"}).out, "a commit is taken back in "));
    BOOST_TEST(lbd.lbctl({"confirm"}).out == "what was committed stays\n");
    BOOST_TEST(lbd.event("commit-confirmed")["number"].get<int>() > back["number"].get<int>());
    BOOST_TEST(lbd.lbctl({"diff", lbd.file("new.conf")}).out == "nothing differs\n");
}

BOOST_AUTO_TEST_CASE(a_bad_file_is_refused_as_lbd_check_shows_it)
{
    Running lbd;
    const auto commits = lbd.commits();
    lbd.write("bad.conf", "virtual_server 192.0.2.1 80 {\n real_servr 10.0.0.1 80 {\n }\n}\n");
    for (const auto *command : {"diff", "commit"}) {
        const auto told = lbd.lbctl({command, lbd.file("bad.conf")});
        BOOST_TEST((told.status == lbctl::Exit::refused));
        BOOST_TEST(told.out == "");
        BOOST_TEST(
            has(told.error, lbd.file("bad.conf") + ":2:2: error: 'real_servr' is not known"));
        BOOST_TEST(has(told.error, "^^^^^^^^^^"));
        BOOST_TEST(has(told.error, "did you mean 'real_server'?"));
    }
    lbd.write("lbd.conf", "nonsense\n");
    BOOST_TEST((lbd.lbctl({"reload"}).status == lbctl::Exit::refused));
    BOOST_TEST(has(lbd.event("reload-refused")["reason"], "is refused, what ran goes on"));
    BOOST_TEST(has(lbd.lbctl({"status"}).out, "the last reload was refused:\n"));
    BOOST_TEST(has(lbd.metrics(), "\nlbd_reload_refused 1\n"));
    BOOST_TEST(has(lbd.metrics(), "\nlbd_reloads_total{result=\"refused\"} 2\n"));
    lbd.write("lbd.conf", lbd.config(1));
    BOOST_TEST(has(lbd.lbctl({"reload"}).out, "1 services, 0 changes in "));
    BOOST_TEST(lbd.commits() == commits);
    const auto status = lbd.lbctl({"status"}).out;
    BOOST_TEST(has(status, "  servers          2 up, 0 down\n"));
    BOOST_TEST(!has(status, "refused"));
}

BOOST_AUTO_TEST_CASE(where_no_lbd_is_that_is_one_sentence)
{
    const TemporaryFolder folder;
    const auto socket = (folder.path / "lbd.sock").string();
    for (const auto &words : std::vector<std::vector<std::string>>{
             {"status"}, {"health"}, {"show"}, {"events"}, {"events", "-f"}, {"reload"}}) {
        Told told;
        auto all = words;
        all.insert(all.end(), {"--socket", socket});
        told.status = lbctl::run(all, {.out = [&](auto text) { told.out += text; },
                                       .fail = [&](auto text) { told.error += text; }});
        BOOST_TEST((told.status == lbctl::Exit::refused), words.front());
        BOOST_TEST(told.error == fmt::format("lbctl: no lbd answers at {} (lbd start)\n", socket));
        BOOST_TEST(told.out == "");
    }
}

BOOST_AUTO_TEST_CASE(names_that_are_not_known_and_completion)
{
    Running lbd;
    const auto told = lbd.lbctl({"health", "192.0.2.2:80"});
    BOOST_TEST((told.status == lbctl::Exit::refused));
    BOOST_TEST(told.error == "lbctl: lbd has no virtual server or server '192.0.2.2:80' (did you "
                             "mean '192.0.2.1:80'?)\n");
    std::string out;
    lbctl::run(std::vector<std::string>{"__complete", "health", "--socket", lbd.socket(), "192"},
               {.out = [&](auto text) { out += text; }, .fail = {}});
    BOOST_TEST(out == "192.0.2.1:80\n");
}

BOOST_AUTO_TEST_CASE(metrics_have_the_directors_counters_and_the_probes)
{
    Running lbd;
    lbd.two.close();
    static_cast<void>(lbd.event("server-down"));
    const auto text = lbd.metrics();
    // As FakeDirector has them.
    BOOST_TEST(has(text, "# TYPE node_ipvs_connections_total counter\n"
                         "node_ipvs_connections_total 3000\n"));
    BOOST_TEST(has(text, "node_ipvs_outgoing_bytes_total 3004\n"));
    const auto backend = [&](std::uint16_t port) {
        return fmt::format("local_address=\"192.0.2.1\",local_port=\"80\",remote_address="
                           "\"127.0.0.1\",remote_port=\"{}\",proto=\"TCP\",local_mark=\"\"",
                           port);
    };
    BOOST_TEST(
        has(text, "node_ipvs_backend_connections_active{" + backend(lbd.one.port) + "} 7\n"));
    BOOST_TEST(
        has(text, "node_ipvs_backend_connections_inactive{" + backend(lbd.two.port) + "} 9\n"));
    BOOST_TEST(has(text, "node_ipvs_backend_weight{" + backend(lbd.one.port) + "} 1\n"));
    BOOST_TEST(has(text, "keepalived_up 1\n"));
    BOOST_TEST(
        has(text, "keepalived_lvs_vip_in_packets{addr=\"192.0.2.1:80\",proto=\"6\"} 1001\n"));
    BOOST_TEST(has(text, fmt::format("keepalived_lvs_rs_conn{{addr=\"127.0.0.1:{}\",proto=\"6\"}} "
                                     "2000\n",
                                     lbd.one.port)));
    const auto server = [](std::uint16_t port) {
        return fmt::format(
            "virtual_server=\"192.0.2.1 80\",protocol=\"tcp\",server=\"127.0.0.1:{}\"", port);
    };
    BOOST_TEST(has(text, "lbd_server_up{" + server(lbd.one.port) + "} 1\n"));
    BOOST_TEST(has(text, "lbd_server_up{" + server(lbd.two.port) + "} 0\n"));
    BOOST_TEST(has(text, "lbd_virtual_server_quorum{virtual_server=\"192.0.2.1 80\",protocol="
                         "\"tcp\"} 0\n"));
    BOOST_TEST(!has(text, "lbd_virtual_server_sorry{"));
    BOOST_TEST(has(text, "lbd_director_up 1\n"));
    BOOST_TEST(has(text, "lbd_probe_last_timestamp_seconds{" + server(lbd.one.port) +
                             ",probe=\"0\",kind=\"TCP_CHECK\",target="));

    // Every line is of a family that was announced, each announced once, and all of its lines
    // stand behind it.
    std::string current;
    std::set<std::string> announced;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# HELP ")) {
            current = line.substr(7, line.find(' ', 7) - 7);
            BOOST_TEST(announced.insert(current).second, current);
        } else if (!line.starts_with("# TYPE ")) {
            BOOST_TEST(line.substr(0, line.find_first_of("{ ")) == current, line);
        }
    }
    std::set<std::string> all;
    for (const auto &family : lbd::families())
        all.emplace(family.name);
    BOOST_TEST(announced == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_heartbeat_goes_on)
{
    Running lbd;
    const auto beat = [&] {
        const auto text = lbd.metrics();
        const std::string name = "\nlbd_heartbeat_timestamp_seconds ";
        return std::stod(text.substr(text.find(name) + name.size()));
    };
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    };
    const auto first = beat();
    BOOST_TEST(first > now() - 60);
    BOOST_TEST(first <= now());
    double next = first;
    for (const auto limit = now() + 60; next == first && now() < limit;)
        next = beat();
    BOOST_TEST(next > first);
}

BOOST_AUTO_TEST_CASE(metrics_by_tcp_where_the_configuration_says)
{
    Listener free;
    const auto port = free.port;
    free.close();
    Running lbd(fmt::format("lbd_metrics 127.0.0.1 {}", port));
    const auto get = [&] {
        asio::io_context io;
        tcp::socket socket(io);
        boost::system::error_code code;
        socket.connect({asio::ip::make_address("127.0.0.1"), port}, code);
        if (code)
            return code.message();
        asio::write(socket, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
        std::string text;
        asio::read(socket, asio::dynamic_buffer(text), code);
        return text;
    };
    BOOST_TEST(has(get(), "\nlbd_director_up 1\n"));
    // Off again, by a reload.
    const auto text = lbd.config(1);
    const auto line = text.find("lbd_metrics");
    lbd.write("lbd.conf", text.substr(0, line) + text.substr(text.find('\n', line)));
    BOOST_TEST((lbd.lbctl({"reload"}).status == lbctl::Exit::done));
    BOOST_TEST(get() == "Connection refused");
}

BOOST_AUTO_TEST_CASE(an_address_for_metrics_that_is_taken_is_told_and_nothing_else_suffers)
{
    Listener taken;
    Running lbd(fmt::format("lbd_metrics 127.0.0.1 {}", taken.port));
    BOOST_TEST(has(lbd.event("metrics-failed")["reason"], "Address already in use"));
    BOOST_TEST(has(lbd.metrics(), "\nlbd_director_up 1\n"));
}

BOOST_AUTO_TEST_CASE(systemd_hears_of_the_start_of_reloads_and_of_the_end)
{
    const NotifySocket manager;
    const Environment watchdog("WATCHDOG_USEC", "200000");
    const auto until = [&](const std::string &what) {
        std::string all;
        while (true) {
            const auto heard = manager.hear();
            all += heard + '\n';
            if (heard.starts_with(what))
                return all;
        }
    };
    {
        Running lbd;
        BOOST_TEST(has(until("READY=1"),
                       "STATUS=1 virtual servers, 0 without quorum; 2 of 2 servers up\n"));
        until("WATCHDOG=1");
        until("WATCHDOG=1");
        BOOST_TEST((lbd.lbctl({"reload"}).status == lbctl::Exit::done));
        until("RELOADING=1\nMONOTONIC_USEC=");
        until("READY=1");
        lbd.write("lbd.conf", "nonsense\n");
        BOOST_TEST((lbd.lbctl({"reload"}).status == lbctl::Exit::refused));
        until("RELOADING=1");
        until("READY=1"); // as it ran before
        BOOST_TEST(has(until("STATUS="), "the last reload was refused"));
    }
    until("STOPPING=1");
}

BOOST_AUTO_TEST_CASE(others_can_tell_as_well)
{
    Running lbd;
    lbd.tell({.kind = lbd::Event::Kind::driftSeen,
              .virtualServer = "192.0.2.1 80",
              .protocol = "tcp",
              .reason = "somebody has changed a weight"});
    BOOST_TEST(lbd.event("drift-seen")["reason"] == "somebody has changed a weight");
}

BOOST_AUTO_TEST_SUITE_END()
