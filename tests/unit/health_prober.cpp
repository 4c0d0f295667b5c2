// SPDX-License-Identifier: GPL-2.0
// Probes that are shared, paused, removed in the middle, and many.
#include "health/prober.hpp"
#include "health_certificate.hpp"
#include "temporary_folder.hpp"

#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_prober)

namespace {

using Id = Prober::Id;

struct Probing : Loop {
    // Tells what it is told, in the order in which that happened.
    Prober::Callbacks callbacks()
    {
        return {.changed =
                    [this](Id id, bool up, const Verdict &v) {
                        told.push_back(
                            fmt::format("{} {}: {}", number(id), up ? "up" : "down", v.why));
                        if (onChange)
                            onChange(id);
                    },
                .weight =
                    [this](Id id, std::int64_t weight) {
                        told.push_back(fmt::format("{} weighs {}", number(id), weight));
                    },
                .failed =
                    [this](Id id, const Verdict &v) {
                        told.push_back(fmt::format("{} failed: {}", number(id), v.why));
                    },
                .external = [this](const Job &job) -> Task<Verdict> { return external(job); }};
    }
    Task<Verdict> external(const Job &job)
    {
        held++;
        const auto way = job.way; // the job lasts as long as this
        if (slow) {
            asio::steady_timer timer(io, 1h);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_return verdict;
    }
    static std::uint64_t number(Id id) { return static_cast<std::uint64_t>(id); }
    bool toldSo(std::size_t count)
    {
        return until([&] { return told.size() >= count; });
    }
    bool heldSo(std::size_t more)
    {
        const auto enough = held + more;
        return until([&] { return held >= enough; });
    }

    std::vector<std::string> told{};
    std::function<void(Id)> onChange{};
    Verdict verdict = Verdict::up("fine");
    bool slow = false;
    std::size_t held = 0;
    std::optional<Prober> prober{std::in_place, io, callbacks(), Tls{}};
};

constexpr Pace quick{.interval = 1ms, .retryDelay = 1ms, .retries = 1};

Job script(const std::string &name, Pace pace = quick)
{
    config::Script script;
    script.words = {name};
    return {.pace = pace, .ask = MiscAsk{.script = std::move(script)}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_is_told_up_once_and_down_once)
{
    Probing p;
    const auto id = p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_TEST(p.told[0] == "1 up: fine");
    BOOST_TEST((p.prober->up(id) == true));
    BOOST_REQUIRE(p.heldSo(5));
    p.verdict = Verdict::down("not fine");
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "1 down: not fine");
    BOOST_REQUIRE(p.heldSo(5));
    BOOST_TEST(p.told.size() == 2U);
    BOOST_TEST(p.prober->record(id).history.size() == 2U);
    BOOST_TEST(p.prober->record(id).failed >= 2U);
}

BOOST_AUTO_TEST_CASE(real_servers)
{
    Probing p;
    std::optional<TcpServer> server(std::in_place, p, silence());
    const auto endpoint = server->at();
    const auto way = server->way();
    p.prober->add({.way = way, .pace = quick, .ask = TcpAsk{}}, {});
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_TEST(p.told[0] == "1 up: connected");
    server->stop();
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "1 down: connection refused by " + toString(endpoint));
}

BOOST_AUTO_TEST_CASE(equal_jobs_ask_a_server_once)
{
    Probing p;
    const TcpServer server(p, silence());
    const Job job{.way = server.way(), .pace = {.interval = 1h}, .ask = TcpAsk{}};
    for (int i = 0; i < 10; i++)
        p.prober->add(job, {});
    BOOST_REQUIRE(p.toldSo(10));
    // Another one, which comes after all that the first has to do.
    auto other = job;
    other.logAllFailures = true;
    p.prober->add(other, {});
    BOOST_REQUIRE(p.toldSo(11));
    BOOST_REQUIRE(p.until([&] { return server.clients() >= 2; }));
    BOOST_TEST(server.clients() == 2U);
}

BOOST_AUTO_TEST_CASE(certificates_are_told_once_whoever_asks)
{
    Probing p;
    std::vector<std::chrono::system_clock::time_point> ends;
    auto callbacks = p.callbacks();
    callbacks.certificate = [&](const Job &job, auto end) {
        BOOST_TEST(job.certificateWarning.count() == 14);
        ends.push_back(end);
    };
    p.prober.emplace(p.io, callbacks, *makeTls({}));
    const TcpServer server(p, secureAnswer("HTTP/1.0 503 No\r\n\r\n"));
    const UrlAsk url{.path = "/", .host = "x", .status = {{200, 299}}};
    const Job job{.way = server.way(),
                  .pace = {.interval = 1h},
                  .certificateWarning = std::chrono::days(14),
                  .ask = HttpAsk{.tls = true, .urls = {url}}};
    p.prober->add(job, {});
    p.prober->add(job, {});
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_REQUIRE(p.until([&] { return !ends.empty(); }));
    BOOST_TEST(ends.size() == 1U);
    using namespace std::chrono;
    BOOST_CHECK(ends[0] == sys_days(2040y / January / 2) + 3h + 4min + 5s);
}

// SSL { certificate ... } after a reload.
BOOST_AUTO_TEST_CASE(tls_is_as_it_is_now)
{
    const TemporaryFolder folder;
    folder.write("client.pem", pemOf(*selfSigned()));
    Probing p;
    p.prober.emplace(p.io, p.callbacks(), *makeTls({}));
    const auto context = selfSigned();
    SSL_CTX_set_verify(context->native_handle(), SSL_VERIFY_PEER,
                       [](int, X509_STORE_CTX *) { return 1; });
    std::vector<bool> shown;
    const TcpServer server(p, secure(
                                  [&](TlsSocket &tls) -> Task<void> {
                                      const bool is =
                                          SSL_get0_peer_certificate(tls.native_handle()) != nullptr;
                                      shown.push_back(is);
                                      co_return;
                                  },
                                  true, context));
    const UrlAsk url{.path = "/", .host = "x", .status = {{200, 299}}};
    p.prober->add({.way = server.way(), .pace = quick, .ask = HttpAsk{.tls = true, .urls = {url}}},
                  {});
    BOOST_REQUIRE(p.until([&] { return !shown.empty(); }));
    BOOST_TEST(!shown.back());
    const std::string file = folder.path / "client.pem";
    p.prober->use(*makeTls(config::Tls{.certificate = file, .key = file}));
    BOOST_REQUIRE(p.until([&] { return shown.back(); }));
}

BOOST_AUTO_TEST_CASE(equal_jobs_are_one_probe)
{
    Probing p;
    const auto a = p.prober->add(script("a"), {}), b = p.prober->add(script("a"), {});
    p.prober->add(script("b"), {});
    BOOST_TEST(p.prober->probes() == 2U);
    BOOST_TEST(&p.prober->record(a) == &p.prober->record(b));
    BOOST_REQUIRE(p.toldSo(3));
    BOOST_TEST(std::set<std::string>(p.told.begin(), p.told.end()).size() == 3U);
    p.prober->remove(a);
    BOOST_TEST(p.prober->probes() == 2U);
    BOOST_REQUIRE(p.heldSo(5));
    p.prober->remove(b);
    p.prober->remove(b);
    BOOST_TEST(p.prober->probes() == 1U);
    BOOST_TEST(p.told.size() == 3U);
}

BOOST_AUTO_TEST_CASE(who_comes_later_is_told_what_is_known)
{
    Probing p;
    p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(1));
    p.prober->add(script("a"), true);  // and needs not be told
    p.prober->add(script("a"), false); // and has to be
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "3 up: fine");
    BOOST_REQUIRE(p.heldSo(5));
    BOOST_TEST(p.told.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_known_before_is_no_news)
{
    Probing p;
    p.prober->add(script("a"), true);
    BOOST_REQUIRE(p.heldSo(5));
    BOOST_TEST(p.told.empty());
    p.verdict = Verdict::down("not fine");
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_TEST(p.told[0] == "1 down: not fine");
}

BOOST_AUTO_TEST_CASE(weights_are_told_when_they_change)
{
    Probing p;
    p.verdict.weight = 7;
    const auto id = p.prober->add(script("a"), true);
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_REQUIRE(p.heldSo(3));
    p.verdict.weight = 8;
    BOOST_REQUIRE(p.toldSo(2));
    const std::vector<std::string> expected{"1 weighs 7", "1 weighs 8"};
    BOOST_TEST(p.told == expected, boost::test_tools::per_element());
    BOOST_TEST((p.prober->weight(id) == 8));
}

BOOST_AUTO_TEST_CASE(all_failures_are_told_to_those_who_want_it)
{
    Probing p;
    p.verdict = Verdict::down("not fine");
    auto job = script("a", {.interval = 1ms, .retryDelay = 1ms, .retries = 1000});
    p.prober->add(job, true);
    BOOST_REQUIRE(p.heldSo(3));
    BOOST_TEST(p.told.empty());
    job.logAllFailures = true;
    p.prober->add(job, true);
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "2 failed: not fine");
}

BOOST_AUTO_TEST_CASE(what_could_not_be_asked_is_told_and_changes_nothing)
{
    Probing p;
    p.verdict = {.why = "opening a socket: Too many open files", .inconclusive = true};
    const auto id = p.prober->add(script("a"), true);
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "1 failed: opening a socket: Too many open files");
    BOOST_TEST((p.prober->up(id) == true));
}

BOOST_AUTO_TEST_CASE(paused_until_resumed)
{
    Probing p;
    const auto id = p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(1));
    p.prober->pause(id);
    p.prober->pause(id);
    p.verdict = Verdict::down("not fine");
    const auto before = p.held;
    p.io.restart();
    p.io.run_for(20ms);
    BOOST_TEST(p.held <= before + 1); // one that had begun
    BOOST_TEST(p.told.size() == 1U);
    BOOST_TEST((p.prober->up(id) == true));
    p.prober->resume(id);
    BOOST_REQUIRE(p.toldSo(2));
    BOOST_TEST(p.told[1] == "1 down: not fine");
}

BOOST_AUTO_TEST_CASE(one_of_two_paused_is_told_later_what_it_missed)
{
    Probing p;
    const auto a = p.prober->add(script("a"), {});
    p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(2));
    p.prober->pause(a);
    p.verdict = Verdict::down("not fine");
    BOOST_REQUIRE(p.toldSo(3));
    BOOST_TEST(p.told[2] == "2 down: not fine");
    p.prober->resume(a);
    BOOST_REQUIRE(p.toldSo(4));
    BOOST_TEST(p.told[3] == "1 down: not fine");
}

BOOST_AUTO_TEST_CASE(removed_in_the_middle)
{
    Probing p;
    const TcpServer server(p, silence());
    const UrlAsk url{.path = "/", .host = "x", .status = {{200, 299}}};
    const auto id =
        p.prober->add({.way = server.way(), .pace = quick, .ask = HttpAsk{.urls = {url}}}, {});
    BOOST_REQUIRE(p.until([&] { return server.clients() == 1; }));
    p.prober->remove(id);
    p.slow = true;
    const auto script1 = p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.heldSo(1));
    p.prober->remove(script1);
    // Both end at once: nothing is left on the loop but the server.
    p.io.restart();
    while (p.io.poll_one() != 0) {
    }
    BOOST_TEST(p.told.empty());
}

BOOST_AUTO_TEST_CASE(destroyed_in_the_middle)
{
    Probing p;
    const TcpServer server(p, silence());
    for (int i = 0; i < 3; i++)
        p.prober->add({.way = server.way(),
                       .pace = {.interval = 1s + i * 1ms},
                       .ask = SmtpAsk{.helloName = "x", .hosts = {server.way()}}},
                      {});
    p.slow = true;
    p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.until([&] { return server.clients() == 3 && p.held == 1; }));
    p.prober.reset();
    p.io.restart();
    while (p.io.poll_one() != 0) {
    }
    BOOST_TEST(p.told.empty());
}

BOOST_AUTO_TEST_CASE(those_who_are_told_may_add_and_remove)
{
    Probing p;
    std::vector<Id> ids;
    p.onChange = [&](Id id) {
        for (const auto other : ids)
            if (other != id)
                p.prober->remove(other);
        ids = {id, p.prober->add(script("b"), true)};
        p.onChange = {};
    };
    for (int i = 0; i < 3; i++)
        ids.push_back(p.prober->add(script("a"), {}));
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_REQUIRE(p.heldSo(5));
    BOOST_TEST(p.told.size() == 1U);
    BOOST_TEST(p.prober->probes() == 2U);
}

BOOST_AUTO_TEST_CASE(those_who_are_told_may_destroy_it)
{
    Probing p;
    p.onChange = [&](Id /*id*/) { p.prober.reset(); };
    p.prober->add(script("a"), {});
    p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(1));
    p.io.restart();
    while (p.io.poll_one() != 0) {
    }
    BOOST_TEST(p.told.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_failure)
{
    Probing p;
    p.prober.emplace(p.io,
                     Prober::Callbacks{.changed = p.callbacks().changed,
                                       .external = [](const Job &) -> Task<Verdict> {
                                           throw std::runtime_error("out of luck");
                                           co_return Verdict{};
                                       }},
                     Tls{});
    p.prober->add(script("a"), {});
    BOOST_REQUIRE(p.toldSo(1));
    BOOST_TEST(p.told[0] == "1 down: out of luck");
}

BOOST_AUTO_TEST_CASE(many)
{
    Probing p;
    constexpr std::size_t count = 2000;
    for (std::size_t i = 0; i < count; i++)
        p.prober->add(script(fmt::format("s{}", i), {.interval = 1h}), {});
    BOOST_TEST(p.prober->probes() == count);
    BOOST_REQUIRE(p.toldSo(count));
    for (std::uint64_t i = 1; i <= count; i++)
        p.prober->remove(Id{i});
    BOOST_TEST(p.prober->probes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
