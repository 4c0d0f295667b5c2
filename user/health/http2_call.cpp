// SPDX-License-Identifier: GPL-2.0
#include "http2_call.hpp"

#include "quote.hpp"

#include <algorithm>
#include <cstring>

#include <nghttp2/nghttp2.h>

#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr std::size_t longestHead =
    65536; // bytes of all fields, with 32 for each (RFC 9113, 6.5.2)
constexpr std::size_t perField = 32;

struct FreeSession {
    void operator()(nghttp2_session *session) const { nghttp2_session_del(session); }
};
struct FreeCallbacks {
    void operator()(nghttp2_session_callbacks *callbacks) const
    {
        nghttp2_session_callbacks_del(callbacks);
    }
};

std::string_view viewOf(const std::uint8_t *bytes, std::size_t size)
{
    return {reinterpret_cast<const char *>(bytes), size};
}

nghttp2_nv nameAndValue(std::string_view name, std::string_view value)
{
    // nghttp2 copies both, and writes to neither.
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t *>(const_cast<char *>(text.data())); // NOLINT
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

// "CANCEL (code 8)"
std::string showCode(std::uint32_t code)
{
    return fmt::format("{} (code {})", nghttp2_http2_strerror(code), code);
}

} // namespace

struct Http2Call::State {
    State(Request asked, HttpBody::Wanted wanted) : request(std::move(asked)), body(wanted) {}

    Request request;
    HttpBody body;
    std::unique_ptr<nghttp2_session, FreeSession> session{};
    std::int32_t stream = 0;
    std::size_t bodySent = 0;
    std::string out{};
    std::string start{};          // of what the server says
    std::vector<Field> current{}; // the fields that come in
    std::vector<Field> head{};
    std::vector<Field> trailers{};
    std::size_t headSize = 0;
    unsigned status = 0;
    bool ended = false;  // the answer, as it should
    std::string wrong{}; // why there will be none
    std::string said{};  // by nghttp2

    void begin();
    void flush();
    void takeHead(bool last);
    void goneAway(const nghttp2_goaway &frame);
    void blame(std::string what)
    {
        if (wrong.empty())
            wrong = std::move(what);
    }
    // What comes behind that which was wrong counts no more, in whatever pieces it comes.
    [[nodiscard]] int goesOn() const { return wrong.empty() ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE; }
    [[nodiscard]] bool done() const { return status != 0 && (ended || body.enough()); }

    // nghttp2's callbacks.
    static State &of(void *data) { return *static_cast<State *>(data); }
    static int onBeginHeaders(nghttp2_session *, const nghttp2_frame *, void *data)
    {
        of(data).current.clear();
        return 0;
    }
    static int onHeader(nghttp2_session *, const nghttp2_frame *frame, const std::uint8_t *name,
                        std::size_t nameSize, const std::uint8_t *value, std::size_t valueSize,
                        std::uint8_t, void *data);
    static int onFrame(nghttp2_session *, const nghttp2_frame *frame, void *data);
    static int onData(nghttp2_session *, std::uint8_t, std::int32_t id, const std::uint8_t *bytes,
                      std::size_t size, void *data);
    static int onClose(nghttp2_session *, std::int32_t id, std::uint32_t code, void *data);
    static int onError(nghttp2_session *, int, const char *text, std::size_t size, void *data);
    static ssize_t onSend(nghttp2_session *, std::int32_t, std::uint8_t *into, std::size_t size,
                          std::uint32_t *flags, nghttp2_data_source *, void *data);
};

int Http2Call::State::onHeader(nghttp2_session * /*session*/, const nghttp2_frame *frame,
                               const std::uint8_t *name, std::size_t nameSize,
                               const std::uint8_t *value, std::size_t valueSize,
                               std::uint8_t /*flags*/, void *data)
{
    auto &self = of(data);
    self.headSize += nameSize + valueSize + perField;
    if (self.headSize > longestHead) {
        self.blame(fmt::format("the head of the answer is longer than {} KiB", longestHead >> 10U));
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    if (frame->hd.stream_id == self.stream)
        self.current.push_back(
            {std::string(viewOf(name, nameSize)), std::string(viewOf(value, valueSize))});
    return 0;
}

void Http2Call::State::takeHead(bool last)
{
    constexpr unsigned firstFinal = 200;

    if (status != 0) {
        trailers = std::move(current);
        return;
    }
    unsigned code = 0;
    std::string text;
    for (const auto &[name, value] : current) {
        if (name == ":status") // three digits: nghttp2 has looked
            code = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
        else
            text += fmt::format("{}: {}\r\n", name, value);
    }
    if (code < firstFinal && !last) // RFC 9110, 15.2: an answer before the answer
        return;
    status = code;
    head = std::move(current);
    // As curl shows it: for a regex that looks for a field.
    body.begin(fmt::format("HTTP/2 {}\r\n{}\r\n", code, text));
}

void Http2Call::State::goneAway(const nghttp2_goaway &frame)
{
    // RFC 9113, 6.8: requests up to this one are still answered.
    if (frame.error_code == NGHTTP2_NO_ERROR && frame.last_stream_id >= stream)
        return;
    const auto debug = viewOf(frame.opaque_data, frame.opaque_data_len);
    blame(fmt::format("the server sent GOAWAY: {}{}", showCode(frame.error_code),
                      debug.empty() ? "" : fmt::format(", '{}'", quote(debug))));
}

int Http2Call::State::onFrame(nghttp2_session * /*session*/, const nghttp2_frame *frame, void *data)
{
    auto &self = of(data);
    if (frame->hd.type == NGHTTP2_GOAWAY && !self.done())
        self.goneAway(frame->goaway);
    if (frame->hd.stream_id != self.stream)
        return self.goesOn();
    const bool last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame->hd.type) {
    case NGHTTP2_HEADERS:
        self.takeHead(last);
        self.ended = self.ended || last;
        break;
    case NGHTTP2_DATA:
        self.ended = self.ended || last;
        break;
    case NGHTTP2_RST_STREAM:
        if (!self.done())
            self.blame(fmt::format("the server reset the stream: {}",
                                   showCode(frame->rst_stream.error_code)));
        break;
    default:
        break;
    }
    return self.goesOn();
}

int Http2Call::State::onData(nghttp2_session * /*session*/, std::uint8_t /*flags*/, std::int32_t id,
                             const std::uint8_t *bytes, std::size_t size, void *data)
{
    auto &self = of(data);
    if (id == self.stream && !self.body.enough())
        self.body.take(viewOf(bytes, size));
    return 0;
}

int Http2Call::State::onClose(nghttp2_session * /*session*/, std::int32_t id, std::uint32_t code,
                              void *data)
{
    auto &self = of(data);
    // Nobody has said so: what came was not as it has to be.
    if (id == self.stream && !self.ended)
        self.blame(fmt::format("an answer that is no HTTP/2: {}",
                               self.said.empty() ? showCode(code) : self.said));
    return 0;
}

int Http2Call::State::onError(nghttp2_session * /*session*/, int /*code*/, const char *text,
                              std::size_t size, void *data)
{
    auto &said = of(data).said;
    said = quote({text, size});
    while (said.ends_with('.'))
        said.pop_back();
    return 0;
}

ssize_t Http2Call::State::onSend(nghttp2_session * /*session*/, std::int32_t /*id*/,
                                 std::uint8_t *into, std::size_t size, std::uint32_t *flags,
                                 nghttp2_data_source * /*source*/, void *data)
{
    auto &self = of(data);
    const auto piece = std::string_view(self.request.body).substr(self.bodySent, size);
    std::memcpy(into, piece.data(), piece.size());
    self.bodySent += piece.size();
    if (self.bodySent == self.request.body.size())
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(piece.size());
}

void Http2Call::State::begin()
{
    nghttp2_session_callbacks *made = nullptr;
    nghttp2_session *opened = nullptr;
    if (nghttp2_session_callbacks_new(&made) != 0)
        throw std::bad_alloc();
    const std::unique_ptr<nghttp2_session_callbacks, FreeCallbacks> callbacks(made);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, onBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(made, onHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, onFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, onData);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, onClose);
    nghttp2_session_callbacks_set_error_callback2(made, onError);
    if (nghttp2_session_client_new(&opened, made, this) != 0)
        throw std::bad_alloc();
    session.reset(opened);

    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, longestHead},
    };
    nghttp2_submit_settings(opened, NGHTTP2_FLAG_NONE, settings, std::size(settings));
    std::vector<nghttp2_nv> fields{
        nameAndValue(":method", request.method), nameAndValue(":scheme", request.scheme),
        nameAndValue(":authority", request.authority), nameAndValue(":path", request.path)};
    for (const auto &[name, value] : request.fields)
        fields.push_back(nameAndValue(name, value));
    nghttp2_data_provider provider{};
    provider.read_callback = onSend;
    stream = nghttp2_submit_request(opened, nullptr, fields.data(), fields.size(),
                                    request.body.empty() ? nullptr : &provider, nullptr);
    flush();
}

void Http2Call::State::flush()
{
    while (true) {
        const std::uint8_t *bytes = nullptr;
        const auto size = nghttp2_session_mem_send(session.get(), &bytes);
        if (size <= 0)
            break;
        out.append(viewOf(bytes, static_cast<std::size_t>(size)));
    }
}

Http2Call::Http2Call(Request request, HttpBody::Wanted wanted)
    : state_(std::make_unique<State>(std::move(request), wanted))
{
    state_->begin();
}

Http2Call::Http2Call(Http2Call &&) noexcept = default;
Http2Call &Http2Call::operator=(Http2Call &&) noexcept = default;
Http2Call::~Http2Call() = default;

std::string Http2Call::unsent()
{
    return std::exchange(state_->out, {});
}

Result<void> Http2Call::take(std::string_view bytes)
{
    constexpr std::string_view older = "HTTP/1.";

    auto &s = *state_;
    if (s.start.size() < older.size()) {
        s.start.append(bytes.substr(0, older.size() - s.start.size()));
        if (s.start == older)
            return Error{.what = "the server answers in HTTP/1, and was asked in HTTP/2"};
    }
    const auto used = nghttp2_session_mem_recv(
        s.session.get(), reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
    s.flush();
    if (s.done())
        return {};
    if (used < 0 || nghttp2_session_want_read(s.session.get()) == 0)
        s.blame(fmt::format("an answer that is no HTTP/2: {}",
                            !s.said.empty() ? s.said
                            : used < 0      ? nghttp2_strerror(static_cast<int>(used))
                                            : "the connection was given up"));
    if (!s.wrong.empty())
        return Error{.what = s.wrong};
    return {};
}

Result<void> Http2Call::end() const
{
    const auto &s = *state_;
    if (done())
        return {};
    if (s.status != 0)
        return Error{.what =
                         fmt::format("the answer ended in the middle, after {} bytes of its body",
                                     s.body.size())};
    return Error{.what = "the connection was closed without an answer"};
}

bool Http2Call::done() const
{
    return state_->done();
}

void Http2Call::leave()
{
    nghttp2_session_terminate_session(state_->session.get(), NGHTTP2_NO_ERROR);
    state_->flush();
}

unsigned Http2Call::status() const
{
    return state_->status;
}

const HttpBody &Http2Call::body() const
{
    return state_->body;
}

std::optional<std::string_view> Http2Call::field(std::string_view name) const
{
    for (const auto *fields : {&state_->trailers, &state_->head})
        if (const auto found = std::ranges::find(*fields, name, &Field::name);
            found != fields->end())
            return found->value;
    return {};
}

} // namespace lb::health
