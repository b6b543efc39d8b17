#include "bot/net/http_server.h"
#include "bot/net/resolve.h"
#include "bot/net/tls.h"
#include "bot/net/url.h"
#include "core/failure.h"
#include "core/guarded.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <map>
#include <optional>
#include <thread>

namespace slipway::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;
using Endpoint = tcp::endpoint;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket&>;
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;
/// Gives the error as a value: { error_code, … }.
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

constexpr std::uint32_t kMaxAnswerHeader = 64u << 10;
constexpr std::size_t kReadSize = 16u << 10;
constexpr int kMaxInterims = 8;  // 1xx answers before the answer
constexpr std::size_t kMaxIdlePerOrigin = 8;
constexpr std::chrono::seconds kMaxIdle{30};
/// For one address of several; the last may take what is left.
constexpr std::chrono::seconds kConnectDeadline{5};

bool equal_names(std::string_view a, std::string_view b) { return boost::beast::iequals(a, b); }

class AnswerParser final : public http::basic_parser<false> {
 public:
  explicit AnswerParser(std::size_t max_body, bool is_head) {
    header_limit(kMaxAnswerHeader);
    body_limit(max_body);
    eager(true);
    skip(is_head);
  }

  HttpResponse response;

 private:
  using View = boost::beast::string_view;

  void on_response_impl(int code, View, int, error_code&) override { response.status = code; }
  void on_field_impl(http::field, View name, View value, error_code&) override {
    if (!header_ended_) response.headers.emplace_back(name, value);
  }
  void on_header_impl(error_code&) override { header_ended_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) response.body.reserve(std::min<std::uint64_t>(*length, 1u << 20));
  }
  std::size_t on_body_impl(View bytes, error_code&) override {
    response.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}
  void on_request_impl(http::verb, View, View, int, error_code&) override {}

  bool header_ended_ = false;
};

/// An open way to one origin. At any time one thread holds it: a caller, the idle ones' keeper, or the
/// exchange that runs on it.
struct Connection {
  explicit Connection(asio::io_context& io) : socket(io) {}

  Task<std::tuple<error_code, std::size_t>> read_some(asio::mutable_buffer into) {
    return tls ? tls->async_read_some(into, kAwait) : socket.async_read_some(into, kAwait);
  }
  Task<std::tuple<error_code, std::size_t>> write_some(asio::const_buffer from) {
    return tls ? tls->async_write_some(from, kAwait) : socket.async_write_some(from, kAwait);
  }
  /// An idle connection on which something came was closed by the other side, or is out of step.
  bool is_stale() {
    pollfd descriptor{.fd = socket.native_handle(), .events = POLLIN | POLLRDHUP, .revents = 0};
    return ::poll(&descriptor, 1, 0) != 0;
  }

  Socket socket;
  std::unique_ptr<TlsStream> tls;
  Steady::time_point idle_since{};
};

struct Outcome {
  bool is_done = false;
  bool is_untouched = false;  // it broke before a byte of the answer came
  bool keeps = false;         // the connection may be used again
  std::optional<Failure> failure;
  HttpResponse response;
};

/// One request on its way. Shared by the caller and the coroutine: a caller that goes away leaves it behind.
struct Exchange {
  Url url;
  std::string wire;
  bool is_head = false;
  std::size_t max_response = 0;
  std::vector<Address> addresses;  // to connect to; empty: the connection is open
  std::size_t attempt = 0;         // which of them; past the last when that is settled
  bool is_abandoned = false;       // nobody waits any more; the client's own thread alone
  std::unique_ptr<Connection> connection;
  Guarded<Outcome> outcome;
};

std::string reason_of(const error_code& error) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    return "it closed the connection";
  std::string text = error.message();
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
    text[0] = static_cast<char>(text[0] + 32);
  return text;
}

Outcome failed(std::string text, Retry retry = Retry::Later) {
  Outcome outcome;
  outcome.failure.emplace(std::move(text), retry);
  return outcome;
}

/// Connects to the first address that takes it, and shakes hands. Empty when that is done.
Task<std::string> open_way(std::shared_ptr<Exchange> exchange) {
  Connection& connection = *exchange->connection;
  Timer timer(connection.socket.get_executor());
  error_code error;
  while (exchange->attempt < exchange->addresses.size()) {
    const std::size_t attempt = exchange->attempt;
    const Address& address = exchange->addresses[attempt];
    Endpoint endpoint;
    endpoint.resize(address.length);
    std::memcpy(endpoint.data(), &address.storage, address.length);
    if (attempt + 1 < exchange->addresses.size()) {
      timer.expires_after(kConnectDeadline);
      timer.async_wait([exchange, attempt](error_code cancelled) {
        if (!cancelled && exchange->attempt == attempt) exchange->connection->socket.cancel(cancelled);
      });
    }
    connection.socket.close(error);
    std::tie(error) = co_await connection.socket.async_connect(endpoint, kAwait);
    timer.cancel();
    exchange->attempt = error && !exchange->is_abandoned ? attempt + 1 : exchange->addresses.size();
  }
  if (error) co_return fmt::format("cannot reach {}: {}", exchange->url.place(), reason_of(error));
  connection.socket.set_option(tcp::no_delay(true), error);
  if (!connection.tls) co_return std::string();
  std::tie(error) = co_await connection.tls->async_handshake(TlsStream::client, kAwait);
  if (!error) co_return std::string();
  const std::string objection = certificate_objection(connection.tls->native_handle());
  if (!objection.empty())
    co_return fmt::format("the certificate of {} is not trusted: {}", exchange->url.place(), objection);
  co_return fmt::format("cannot speak TLS with {}: {}", exchange->url.place(), reason_of(error));
}

/// Makes an answer of bytes.
class Hearing {
 public:
  explicit Hearing(const Exchange& exchange) : exchange_(exchange) { begin(); }

  asio::mutable_buffer room() { return read_.prepare(kReadSize); }

  /// Something when the answer is there, or can't become one.
  std::optional<Outcome> take(std::size_t count) {
    read_.commit(count);
    while (read_.size() > 0) {
      error_code error;
      const auto bytes = read_.data();
      read_.consume(parser_->put(bytes, error));
      if (error && error != http::error::need_more) return refuse(error);
      if (parser_->is_done() && parser_->response.status / 100 == 1) {
        if (++interims_ > kMaxInterims) return refuse(http::error::bad_status);
        begin();
      } else if (parser_->is_done()) {
        return whole();
      } else if (read_.size() >= kMaxAnswerHeader) {  // chunk extensions have no limit of their own
        return refuse(http::error::header_limit);
      } else {
        break;
      }
    }
    return {};
  }

  Outcome broken_off(error_code reason) {
    if (!parser_->got_some() && interims_ == 0) {
      Outcome outcome = failed(fmt::format("{} gave no answer: {}", place(), reason_of(reason)));
      outcome.is_untouched = true;
      return outcome;
    }
    error_code error = http::error::partial_message;
    if (reason == asio::error::eof && parser_->got_some()) parser_->put_eof(error);
    if (!error) return whole();
    return failed(fmt::format("{} broke off in the middle of its answer: {}", place(), reason_of(reason)));
  }

 private:
  void begin() { parser_.emplace(exchange_.max_response, exchange_.is_head); }
  std::string place() const { return exchange_.url.place(); }

  Outcome whole() {
    Outcome outcome;
    outcome.keeps = parser_->keep_alive() && read_.size() == 0;
    outcome.response = std::move(parser_->response);
    return outcome;
  }

  Outcome refuse(error_code error) const {
    if (error == http::error::body_limit)
      return failed(fmt::format("the answer of {} has more than {} bytes", place(), exchange_.max_response),
                    Retry::Never);
    return failed(fmt::format("{} does not speak HTTP as it should: {}", place(), error.message()));
  }

  const Exchange& exchange_;
  boost::beast::flat_buffer read_;
  std::optional<AnswerParser> parser_;
  int interims_ = 0;
};

Task<Outcome> converse(std::shared_ptr<Exchange> exchange) {
  Connection& connection = *exchange->connection;
  if (!exchange->addresses.empty()) {
    std::string objection = co_await open_way(exchange);
    if (!objection.empty()) co_return failed(std::move(objection));
  }
  std::string_view left = exchange->wire;
  bool is_written = true;
  while (!left.empty() && is_written) {
    const asio::const_buffer bytes(left.data(), left.size());
    const auto [error, count] = co_await connection.write_some(bytes);
    left.remove_prefix(count);
    is_written = !error;
  }
  // A server that refuses a body answers before it closes: it is heard even when not all could be written.
  Hearing hearing(*exchange);
  for (;;) {
    const asio::mutable_buffer room = hearing.room();
    const auto [error, count] = co_await connection.read_some(room);
    if (error) co_return hearing.broken_off(error);
    std::optional<Outcome> outcome = hearing.take(count);
    if (!outcome) continue;
    outcome->keeps = outcome->keeps && is_written;
    co_return std::move(*outcome);
  }
}

Task<void> run(std::shared_ptr<Exchange> exchange) {
  Outcome outcome = co_await converse(exchange);
  outcome.is_done = true;
  exchange->outcome.change([&](Outcome& place) { place = std::move(outcome); });
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

/// Request line, headers, body.
std::string print_request(const HttpRequest& request, const Url& url) {
  std::string wire;
  wire.reserve(512 + request.body.size());
  fmt::format_to(std::back_inserter(wire), "{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, url.target,
                 url.authority());
  bool has_agent = false;
  bool has_length = !request.body.empty();
  for (const auto& [name, value] : request.headers) {
    if (has_line_break(name) || has_line_break(value))
      throw Failure("a header to " + url.place() + " has a line break in it: " + name);
    if (equal_names(name, "Host") || equal_names(name, "Content-Length")) continue;
    has_agent = has_agent || equal_names(name, "User-Agent");
    fmt::format_to(std::back_inserter(wire), "{}: {}\r\n", name, value);
  }
  if (!has_agent) wire += "User-Agent: slipway\r\n";
  has_length = has_length || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (has_length) fmt::format_to(std::back_inserter(wire), "Content-Length: {}\r\n", request.body.size());
  wire += "\r\n";
  wire += request.body;
  return wire;
}

/// RFC 9110, 9.2.2: twice does what once does.
bool is_idempotent(std::string_view method) {
  constexpr std::array kMethods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

/// The callers block; their exchanges run on one thread.
class PoolingClient final : public HttpClient {
 public:
  explicit PoolingClient(const std::string& ca_file) : tls_(make_client_context(ca_file).release()) {
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~PoolingClient() override {
    io_.stop();
    thread_.join();
  }
  PoolingClient(const PoolingClient&) = delete;
  PoolingClient& operator=(const PoolingClient&) = delete;

  HttpResponse send(const HttpRequest& request, std::stop_token stop) override {
    const auto deadline = Steady::now() + request.timeout;
    if (stop.stop_requested()) throw Stopped();
    const auto url = parse_url(request.url);
    if (!url) throw Failure("cannot ask " + request.url + ": " + url.error().text());
    const std::string origin = (url->is_secure ? "https " : "http ") + url->place();

    auto exchange = prepare(request, *url);
    exchange->connection = take_idle(origin);
    const bool is_reused = exchange->connection != nullptr;
    if (!is_reused) begin(*exchange, deadline, stop);
    Outcome outcome = carry_out(exchange, request, deadline, stop);
    if (is_reused && outcome.is_untouched && is_idempotent(request.method)) {
      // The other side had closed it in the same moment.
      exchange = prepare(request, *url);
      begin(*exchange, deadline, stop);
      outcome = carry_out(exchange, request, deadline, stop);
    }
    if (outcome.failure) throw std::move(*outcome.failure);
    if (outcome.keeps) put_idle(origin, std::move(exchange->connection));
    return std::move(outcome.response);
  }

 private:
  struct Idle {
    std::map<std::string, std::vector<std::unique_ptr<Connection>>> connections;
    bool is_watched = false;  // the timer runs
  };

  static std::shared_ptr<Exchange> prepare(const HttpRequest& request, const Url& url) {
    if (request.method.empty() || request.method.find_first_of(" \r\n\t") != std::string::npos)
      throw Failure("cannot ask " + url.place() + ": \"" + request.method + "\" is no method");
    auto exchange = std::make_shared<Exchange>();
    exchange->url = url;
    exchange->wire = print_request(request, url);
    exchange->is_head = request.method == "HEAD";
    exchange->max_response = request.max_response;
    return exchange;
  }

  void begin(Exchange& exchange, Steady::time_point deadline, const std::stop_token& stop) {
    while_doing("cannot reach " + exchange.url.place(),
                [&] { exchange.addresses = resolve(exchange.url.host, exchange.url.port, deadline, stop); });
    exchange.connection = std::make_unique<Connection>(io_);
    if (!exchange.url.is_secure) return;
    exchange.connection->tls = std::make_unique<TlsStream>(exchange.connection->socket, tls_);
    if (!expect_host(exchange.connection->tls->native_handle(), exchange.url.host))
      throw Failure("cannot speak TLS with " + exchange.url.place() + ": its name is not usable");
  }

  Outcome carry_out(const std::shared_ptr<Exchange>& exchange, const HttpRequest& request,
                    Steady::time_point deadline, const std::stop_token& stop) {
    asio::co_spawn(io_, run(exchange), [exchange](const std::exception_ptr& bug) {
      if (!bug) return;
      Outcome outcome = failed(exchange->url.place() + ": the exchange ended by a bug");
      outcome.is_done = true;
      exchange->outcome.change([&](Outcome& place) { place = std::move(outcome); });
    });
    const bool is_done =
        exchange->outcome.wait_until(deadline, stop, [](const Outcome& outcome) { return outcome.is_done; });
    if (is_done) return exchange->outcome.with([](Outcome& outcome) { return std::move(outcome); });
    asio::post(io_, [exchange] {
      error_code ignored;
      exchange->is_abandoned = true;
      exchange->connection->socket.close(ignored);
    });
    if (stop.stop_requested()) throw Stopped();
    throw Failure(
        fmt::format("{} did not answer within {} ms", exchange->url.place(), request.timeout.count()),
        Retry::Later);
  }

  std::unique_ptr<Connection> take_idle(const std::string& origin) {
    return idle_.with([&](Idle& idle) -> std::unique_ptr<Connection> {
      const auto found = idle.connections.find(origin);
      if (found == idle.connections.end()) return nullptr;
      auto& resting = found->second;
      while (!resting.empty()) {
        auto connection = std::move(resting.back());
        resting.pop_back();
        if (!connection->is_stale() && Steady::now() - connection->idle_since < kMaxIdle) return connection;
      }
      return nullptr;
    });
  }

  void put_idle(const std::string& origin, std::unique_ptr<Connection> connection) {
    connection->idle_since = Steady::now();
    const bool is_watched = idle_.with([&](Idle& idle) {
      auto& resting = idle.connections[origin];
      if (resting.size() < kMaxIdlePerOrigin) resting.push_back(std::move(connection));
      return std::exchange(idle.is_watched, true);
    });
    if (!is_watched) asio::post(io_, [this] { watch_idle(); });
  }

  /// Closes what nobody used for a while; runs as long as there is something to watch.
  void watch_idle() {
    timer_.expires_after(kMaxIdle / 3);
    timer_.async_wait([this](error_code error) {
      if (!error && drop_old()) watch_idle();
    });
  }

  bool drop_old() {
    return idle_.with([](Idle& idle) {
      const auto now = Steady::now();
      for (auto& [origin, resting] : idle.connections)
        std::erase_if(resting, [&](const auto& each) {
          return now - each->idle_since >= kMaxIdle || each->is_stale();
        });
      std::erase_if(idle.connections, [](const auto& each) { return each.second.empty(); });
      return idle.is_watched = !idle.connections.empty();
    });
  }

  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_{io_.get_executor()};
  asio::ssl::context tls_;
  Timer timer_{io_};
  Guarded<Idle> idle_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(const std::string& ca_file) {
  return std::make_unique<PoolingClient>(ca_file);
}

}  // namespace slipway::net
