// SPDX-License-Identifier: GPL-2.0
#include "http_answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/core.h>

namespace lb::health {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

// A body of Beast's that is handed on and not kept.
struct SinkBody {
    using value_type = HttpBody *;

    class reader {
    public:
        template <bool isRequest, class Fields>
        reader(http::header<isRequest, Fields> & /*header*/, value_type &body) : body_(body)
        {}
        void init(const boost::optional<std::uint64_t> & /*length*/, error_code &ec) { ec = {}; }
        template <class Buffers>
        std::size_t put(const Buffers &buffers, error_code &ec)
        {
            ec = {};
            std::size_t size = 0;
            for (auto it = boost::asio::buffer_sequence_begin(buffers);
                 it != boost::asio::buffer_sequence_end(buffers); ++it) {
                const boost::asio::const_buffer buffer = *it;
                body_->take({static_cast<const char *>(buffer.data()), buffer.size()});
                size += buffer.size();
            }
            return size;
        }
        void finish(error_code &ec) { ec = {}; }

    private:
        value_type &body_;
    };
};

using Parser = http::response_parser<SinkBody>;

constexpr std::string_view endOfHead = "\r\n\r\n";

} // namespace

struct HttpAnswer::State {
    explicit State(HttpBody::Wanted wanted) : body(wanted), raw({.digest = wanted.digest}) {}

    HttpBody body;
    HttpBody raw;
    std::optional<Parser> parser{};
    std::string head{};    // as far as it is parsed
    std::string pending{}; // not parsed yet

    void start()
    {
        constexpr std::uint32_t longestHead = 65536;
        head.clear();
        parser.emplace();
        parser->get().body() = &body;
        parser->eager(true);
        parser->body_limit(boost::none);
        parser->header_limit(longestHead);
    }

    // What the parser has used of that which is pending.
    void keep(std::string_view used, bool inHead)
    {
        if (!inHead)
            return raw.take(used);
        head.append(used);
        if (parser->is_header_done() && !interim())
            if (const auto at = head.find(endOfHead); at != std::string::npos)
                raw.take(std::string_view(head).substr(at + endOfHead.size()));
    }

    // RFC 9110, 15.2: answers before the answer.
    [[nodiscard]] bool interim() const
    {
        const auto status = parser->get().result_int();
        return parser->is_done() && status >= 100 && status < 200 && status != 101;
    }

    Error error(error_code ec) const
    {
        if (ec == http::error::partial_message && parser->is_header_done())
            return {.what = fmt::format(
                        "the answer ended in the middle, after {} bytes of its body", body.size())};
        if (ec == http::error::partial_message)
            return {.what = "the answer ended in the middle of its head"};
        if (ec == http::error::end_of_stream)
            return {.what = "the connection was closed without an answer"};
        return {.what = fmt::format("an answer that is no HTTP: {}", ec.message())};
    }
};

HttpAnswer::HttpAnswer(HttpBody::Wanted wanted) : state_(std::make_unique<State>(wanted))
{
    state_->start();
}

HttpAnswer::HttpAnswer(HttpAnswer &&) noexcept = default;
HttpAnswer &HttpAnswer::operator=(HttpAnswer &&) noexcept = default;
HttpAnswer::~HttpAnswer() = default;

Result<void> HttpAnswer::take(std::string_view bytes)
{
    auto &s = *state_;
    s.pending.append(bytes);
    while (!s.pending.empty() && !s.parser->is_done()) {
        const bool inHead = !s.parser->is_header_done();
        error_code ec;
        // The body is told while the head is parsed: what the head is has to be known before.
        if (inHead && s.body.wantsText()) {
            const auto all = s.head + s.pending;
            const auto at = all.find(endOfHead);
            if (at != std::string::npos)
                s.body.begin(all.substr(0, at + endOfHead.size()));
        }
        const auto used = s.parser->put(boost::asio::buffer(s.pending), ec);
        s.keep(std::string_view(s.pending).substr(0, used), inHead);
        s.pending.erase(0, used);
        if (ec == http::error::need_more)
            break;
        if (ec)
            return s.error(ec);
        if (s.interim())
            s.start();
    }
    return {};
}

Result<void> HttpAnswer::end()
{
    auto &s = *state_;
    if (done())
        return {};
    error_code ec;
    if (!s.parser->got_some() && s.pending.empty())
        return s.error(http::error::end_of_stream);
    s.parser->put_eof(ec);
    if (ec)
        return s.error(ec);
    return {};
}

bool HttpAnswer::done() const
{
    const auto &s = *state_;
    return s.parser->is_done() || (s.parser->is_header_done() && s.body.enough());
}

unsigned HttpAnswer::status() const
{
    return state_->parser->get().result_int();
}

const HttpBody &HttpAnswer::body() const
{
    return state_->body;
}

const HttpBody &HttpAnswer::raw() const
{
    return state_->raw;
}

} // namespace lb::health
