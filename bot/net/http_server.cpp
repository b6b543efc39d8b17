#include "bot/net/http_server.h"

#include "bot/net/answer.h"
#include "bot/net/head.h"
#include "bot/net/mailbox.h"
#include "bot/net/target.h"
#include "bot/net/tls.h"
#include "core/failure.h"
#include "core/guarded.h"
#include "core/log.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <iterator>
#include <optional>
#include <thread>
#include <unordered_map>

namespace slipway::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

// Everything runs on one io_context, so its own executor spares the type-erased one.
using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket&>;
using Endpoint = tcp::endpoint;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;
/// Gives the error as a value: { error_code, … }.
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};
constexpr Steady::time_point kNever = Steady::time_point::max();

/// Fills a Request as the bytes come. Refuses what proxies and servers have read differently before (request
/// smuggling): Beast ignores a transfer encoding that it does not know.
class RequestParser final : public http::basic_parser<true> {
 public:
  explicit RequestParser(const Limits& limits) : room_(limits.max_header) {
    header_limit(static_cast<std::uint32_t>(limits.max_header));
    body_limit(limits.max_body);
    eager(true);
  }

  Request request;
  std::string target;
  bool is_old = false;        // HTTP/1.0
  bool is_encoded = false;    // by something else than chunks
  bool expects_word = false;  // Expect: 100-continue

 private:
  using View = boost::beast::string_view;

  void take_room(std::size_t bytes, error_code& error) {
    if (bytes > room_) error = http::error::header_limit;
    room_ -= std::min(bytes, room_);
  }

  void on_request_impl(http::verb, View method, View where, int version, error_code& error) override {
    request.method.assign(method.data(), method.size());
    target.assign(where.data(), where.size());
    is_old = version < 11;
    take_room(method.size() + where.size(), error);
  }

  void on_field_impl(http::field field, View name, View value, error_code& error) override {
    take_room(name.size() + value.size() + 4, error);
    if (header_ended_ || error) return;  // a trailer must not become a header afterwards
    std::string key(name.data(), name.size());
    for (char& c : key)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (field == http::field::host && ++hosts_ > 1) error = http::error::bad_field;
    if (field == http::field::transfer_encoding && (is_old || !boost::beast::iequals(value, "chunked")))
      is_encoded = true;
    if (field == http::field::expect) expects_word = boost::beast::iequals(value, "100-continue");
    const auto [place, is_new] = request.headers.try_emplace(std::move(key), value.data(), value.size());
    if (!is_new) place->second.append(", ").append(value.data(), value.size());
  }

  void on_header_impl(error_code& error) override {
    header_ended_ = true;
    if (hosts_ == 0 && !is_old) error = http::error::bad_field;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // What was only announced costs nothing yet.
    if (length) request.body.reserve(std::min<std::uint64_t>(*length, 1u << 20));
  }

  std::size_t on_body_impl(View bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, View, int, error_code&) override {}

  std::size_t room_;
  int hosts_ = 0;
  bool header_ended_ = false;
};

Response refusal_of(error_code error) {
  if (error == http::error::body_limit)
    return Response::text(413, fmt::format("A body may have {} MiB.\n", kMaxBody >> 20));
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return Response::text(431, fmt::format("The header may have {} KiB.\n", kMaxHeader >> 10));
  return Response::text(400, "This is not HTTP as it should be: " + error.message() + ".\n");
}

class Connection;

/// What the connections have in common. The rim's thread alone, except where noted.
struct Hall {
  Hall(Limits its_limits, const Router& its_router) : limits(its_limits), router(its_router) {}

  const Limits limits;
  const Router& router;
  asio::io_context io{1};
  std::unique_ptr<asio::ssl::context> tls;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> open;
  std::shared_ptr<Mailbox> mailbox;  // shared with every Reply; any thread
  std::size_t held_bodies = 0;
  bool is_stopping = false;
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  Guarded<bool> is_over{std::in_place, false};  // stopping, and nobody is here any more
  asio::thread_pool handlers{kHandlerThreads};  // joined before the rest goes

  std::string_view date() {
    const std::time_t now = std::time(nullptr);
    if (now != dated_) date_ = http_date(dated_ = now);
    return date_;
  }

 private:
  std::time_t dated_ = 0;
  std::string date_;
};

/// One client: requests in, answers out, in order. Its coroutine is `serve`; while it waits for a handler
/// nothing is read. Owned by Hall::open until the coroutine ended.
class Connection {
 public:
  Connection(Hall& hall, Socket socket, std::uint64_t id, bool is_surplus)
      : hall_(hall), id_(id), is_surplus_(is_surplus), socket_(std::move(socket)), bell_(hall.io, kNever) {
    if (hall.tls) tls_ = std::make_unique<TlsStream>(socket_, *hall.tls);
    error_code ignored;
    peer_ = socket_.remote_endpoint(ignored).address().to_string();
    socket_.set_option(tcp::no_delay(true), ignored);
  }
  ~Connection() { hall_.held_bodies -= held_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> serve() {
    if (tls_) {
      due_in(hall_.limits.header_deadline);
      const auto [error] = co_await tls_->async_handshake(TlsStream::server, kAwait);
      if (error) co_return;
    }
    bool goes_on = true;
    while (goes_on && co_await hear()) {
      if (!answer_) co_await ask();
      if (is_cut_ || !co_await say()) co_return;
      goes_on = keeps_;
      hall_.held_bodies -= std::exchange(held_, 0);
      answer_.reset();
    }
    if (!goes_on) co_await part();
  }

  void deliver(Response response) {
    answer_ = std::move(response);
    bell_.cancel();
  }

  struct Bit {
    std::optional<std::string> text;
    bool is_broken = false;
  };
  void deliver(Bit bit) {
    bit_ = std::move(bit.text);
    has_broken_ = bit.is_broken;
    has_bit_ = true;
    bell_.cancel();
  }

  /// What it waits for has taken too long: the wait ends with an error.
  void check(Steady::time_point now) {
    if (due_ > now) return;
    due_ = kNever;
    is_late_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  }

  /// No further request; one that waits for its next request goes at once.
  void close_soon() {
    if (is_idle_) cut();
    if (stream_) bell_.cancel();
  }

  void cut() {
    is_cut_ = true;
    error_code ignored;
    socket_.close(ignored);
    bell_.cancel();
  }

 private:
  void due_in(std::chrono::milliseconds wait) { due_ = Steady::now() + wait; }

  Task<std::tuple<error_code, std::size_t>> read_some(asio::mutable_buffer into) {
    return tls_ ? tls_->async_read_some(into, kAwait) : socket_.async_read_some(into, kAwait);
  }
  Task<std::tuple<error_code, std::size_t>> write_some(asio::const_buffer from) {
    return tls_ ? tls_->async_write_some(from, kAwait) : socket_.async_write_some(from, kAwait);
  }

  /// A whole request, or why it is refused: then `answer_` is set. False when the client left or was too
  /// slow.
  Task<bool> hear();
  /// Looks at the bytes that are there. True when there is something to answer.
  bool parse();
  void judge_header();
  void refuse(Response response) {
    hall_.refused.fetch_add(1, std::memory_order_relaxed);
    answer_ = std::move(response);
    keeps_ = false;
  }

  Task<void> ask();
  void call_handler();

  Task<bool> say();
  Task<bool> send(std::string_view text);
  Task<bool> send_stream();
  void ask_for_bit();
  Task<void> pause();
  Task<void> part();
  /// The client has closed its side: nobody listens to a stream any more.
  bool is_left() {
    pollfd socket{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&socket, 1, 0) != 0;
  }

  Hall& hall_;
  const std::uint64_t id_;
  const bool is_surplus_;
  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
  Timer bell_;  // rung when an answer or a bit of one is there; otherwise it never rings
  std::string peer_;
  Steady::time_point due_ = kNever;
  bool is_late_ = false;
  bool is_cut_ = false;
  bool is_idle_ = false;

  boost::beast::flat_buffer read_;
  std::optional<RequestParser> parser_;
  bool is_judged_ = false;  // the header of the request that comes
  const Route* route_ = nullptr;
  bool is_old_ = false;
  bool is_head_ = false;
  bool keeps_ = true;  // the connection, after this answer
  bool is_first_ = true;
  std::size_t held_ = 0;

  std::optional<Response> answer_;
  std::string out_;
  std::shared_ptr<Stream>
      stream_;  // shared with the handlers' pool, which may still ask it when the client is gone
  std::optional<std::string> bit_;
  bool has_bit_ = false;
  bool has_broken_ = false;
};

Task<bool> Connection::hear() {
  const Limits& limits = hall_.limits;
  parser_.emplace(limits);
  is_judged_ = false;
  keeps_ = true;
  is_late_ = false;
  is_idle_ = read_.size() == 0;
  if (is_idle_ && hall_.is_stopping) co_return false;
  due_in(is_first_ || !is_idle_ ? limits.header_deadline : limits.idle_deadline);
  bool is_body_due = false;
  while (!parse()) {
    if (is_judged_ && !is_body_due) {
      is_body_due = true;
      due_in(limits.body_deadline);
      if (parser_->expects_word && parser_->request.body.empty()) {
        if (!co_await send("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
        due_in(limits.body_deadline);
      }
    }
    const asio::mutable_buffer room = read_.prepare(kReadSize);
    const auto [error, count] = co_await read_some(room);
    if (is_cut_) co_return false;
    if (error) {
      due_ = kNever;
      if (is_idle_) co_return false;
      hall_.refused.fetch_add(1, std::memory_order_relaxed);
      if (!is_late_ && error != asio::error::eof) co_return false;
      is_head_ = false;
      keeps_ = false;
      answer_ = is_late_ ? Response::text(408, "The request took too long.\n")
                         : Response::text(400, "The request is truncated.\n");
      co_return true;
    }
    read_.commit(count);
    if (std::exchange(is_idle_, false)) due_in(limits.header_deadline);
  }
  due_ = kNever;
  is_idle_ = false;
  is_first_ = false;
  co_return true;
}

bool Connection::parse() {
  if (read_.size() == 0) return false;
  error_code error;
  const auto bytes = read_.data();
  const std::size_t used = parser_->put(bytes, error);
  read_.consume(used);
  is_old_ = parser_->is_old;
  is_head_ = parser_->request.method == "HEAD";
  if (error && error != http::error::need_more) {
    refuse(refusal_of(error));
    return true;
  }
  // Chunk extensions and trailers have no limit of their own.
  if (!parser_->is_done() && read_.size() >= hall_.limits.max_header) {
    refuse(refusal_of(http::error::header_limit));
    return true;
  }
  if (!parser_->is_header_done()) return false;
  if (!std::exchange(is_judged_, true)) judge_header();
  const std::size_t size = parser_->request.body.size();
  hall_.held_bodies += size - held_;
  held_ = size;
  if (!answer_ && hall_.held_bodies > hall_.limits.max_held_bodies && size > kReadSize)
    refuse(unavailable("The server has its hands full.\n"));
  if (!parser_->is_done()) {
    if (answer_) keeps_ = false;
    return answer_.has_value();
  }
  if (hall_.is_stopping || !parser_->keep_alive()) keeps_ = false;
  hall_.requests.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Connection::judge_header() {
  if (is_surplus_) return refuse(unavailable("Too many connections.\n"));
  if (parser_->is_encoded) return refuse(Response::text(501, "Only chunked is understood.\n"));
  auto target = parse_target(parser_->target);
  if (!target) return refuse(Response::text(400, "Bad request: " + target.error().text() + ".\n"));
  Request& request = parser_->request;
  auto match = hall_.router.find(request.method, target->raw_path);
  if (match.route == nullptr) {
    answer_ = not_found(match);
    return;
  }
  route_ = match.route;
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.parameters = std::move(match.parameters);
  request.peer = peer_;
}

Task<void> Connection::ask() {
  call_handler();
  while (!answer_ && !is_cut_) co_await bell_.async_wait(kAwait);
}

void Connection::call_handler() {
  Reply reply = reply_by(hall_.mailbox, id_);
  Request& request = parser_->request;
  if (route_->async) {
    answer(route_->async, std::move(request), reply);
  } else {
    asio::post(hall_.handlers, [handler = &route_->handler, asked = std::move(request),
                                reply = std::move(reply)] { reply(answer(*handler, asked)); });
  }
}

Task<bool> Connection::say() {
  Response& response = *answer_;
  const bool has_body = may_have_body(response.status);
  if (!has_body) response.body.clear();
  const bool is_stream = response.stream && has_body;
  Framing framing{.length = {}, .chunked = is_stream && !is_old_, .close = !keeps_, .is_old = is_old_};
  if (is_stream && is_old_) framing.close = true;
  if (has_body && !is_stream) framing.length = response.body.size();
  keeps_ = !framing.close;
  out_.clear();
  print_head(out_, response, framing, hall_.date());
  if (is_stream && !is_head_) {
    if (!co_await send(out_)) co_return false;
    co_return co_await send_stream();
  }
  if (is_head_) co_return co_await send(out_);
  if (response.body.size() <= kReadSize) {
    out_ += response.body;
    co_return co_await send(out_);
  }
  co_return co_await send(out_) && co_await send(response.body);
}

Task<bool> Connection::send(std::string_view text) {
  std::size_t promised = 0;  // until the end of the slice
  while (!text.empty()) {
    if (promised == 0) {
      promised = std::min(text.size(), kWriteSlice);
      due_in(hall_.limits.write_deadline);
    }
    const asio::const_buffer bytes(text.data(), promised);
    const auto [error, count] = co_await write_some(bytes);
    if (error) {
      if (is_late_) hall_.refused.fetch_add(1, std::memory_order_relaxed);
      co_return false;
    }
    text.remove_prefix(count);
    promised -= count;
  }
  due_ = kNever;
  co_return true;
}

Task<bool> Connection::send_stream() {
  const bool is_chunked = !is_old_;
  stream_ = std::make_shared<Stream>(std::move(answer_->stream));
  bit_ = std::move(answer_->body);
  while (bit_) {
    if (!bit_->empty()) {
      out_.clear();
      if (is_chunked) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", bit_->size());
      out_ += *bit_;
      if (is_chunked) out_ += "\r\n";
      if (!co_await send(out_)) co_return false;
    }
    ask_for_bit();
    while (!has_bit_ && !is_cut_) co_await bell_.async_wait(kAwait);
    if (bit_ && bit_->empty()) co_await pause();
    // Without the last chunk, so that nobody takes it for the whole.
    if (is_cut_ || has_broken_ || hall_.is_stopping || is_left()) co_return false;
  }
  stream_.reset();
  if (!is_chunked) co_return true;
  co_return co_await send("0\r\n\r\n");
}

Task<void> Connection::pause() {
  bell_.expires_after(hall_.limits.stream_poll);
  if (!is_cut_ && !hall_.is_stopping) co_await bell_.async_wait(kAwait);
  bell_.expires_at(kNever);
}

void Connection::ask_for_bit() {
  has_bit_ = false;
  asio::post(hall_.handlers, [&hall = hall_, id = id_, stream = stream_] {
    Bit bit;
    try {
      bit.text = (*stream)();
    } catch (const std::exception& reason) {
      log::error("a stream broke off", {{"reason", reason.what()}});
      bit.is_broken = true;
    }
    asio::post(hall.io, [&hall, id, bit = std::move(bit)]() mutable {
      if (const auto found = hall.open.find(id); found != hall.open.end())
        found->second->deliver(std::move(bit));
    });
  });
}

Task<void> Connection::part() {
  due_in(hall_.limits.part_deadline);
  is_late_ = false;
  if (tls_) co_await tls_->async_shutdown(kAwait);
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  while (!error && !is_late_ && !is_cut_) {
    read_.clear();
    const asio::mutable_buffer room = read_.prepare(kReadSize);
    std::tie(error, std::ignore) = co_await socket_.async_read_some(room, kAwait);
  }
}

Endpoint endpoint_of(const ServerOptions& options) {
  error_code error;
  const std::string address = options.address == "localhost" ? "127.0.0.1" : options.address;
  const Endpoint endpoint(asio::ip::make_address(address, error), options.port);
  if (error) throw Failure("cannot listen on " + options.address + ": it is no IP address");
  return endpoint;
}

Acceptor listen(asio::io_context& io, const ServerOptions& options) {
  const Endpoint endpoint = endpoint_of(options);
  Acceptor acceptor(io);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    throw Failure(fmt::format("cannot listen on {}:{}: {}", options.address, options.port, error.message()));
  return acceptor;
}

}  // namespace

struct HttpServer::Rim {
  Rim(const ServerOptions& options, const Router& router)
      : hall(options.limits, router),
        acceptor(listen(hall.io, options)),
        sweeper(hall.io),
        breather(hall.io) {
    if (!options.tls.certificate.empty())
      hall.tls = std::make_unique<asio::ssl::context>(make_server_context(options.tls).release());
    hall.mailbox = std::make_shared<Mailbox>([this] { asio::post(hall.io, [this] { hand_out(); }); });
    port = acceptor.local_endpoint().port();
    asio::co_spawn(hall.io, accept(), [](const std::exception_ptr&) {});
    thread = std::jthread([this] { run(); });
  }

  ~Rim() { stop(std::chrono::milliseconds(0)); }

  void run() {
    for (;;) {
      try {
        hall.io.run();
        return;
      } catch (const std::exception& bug) {
        log::error("the rim stumbled", {{"reason", bug.what()}});
      }
    }
  }

  Task<void> accept() {
    while (acceptor.is_open()) {
      auto [error, socket] = co_await acceptor.async_accept(kAwait);
      if (!error) {
        welcome(std::move(socket));
      } else if (acceptor.is_open()) {
        // Out of descriptors: those that wait are accepted when others have left.
        breather.expires_after(kAcceptPause);
        co_await breather.async_wait(kAwait);
      }
    }
  }

  void welcome(Socket socket) {
    const std::size_t before = hall.open.size();
    hall.connections.fetch_add(1, std::memory_order_relaxed);
    if (before >= hall.limits.max_connections + kMaxTurnedAway) {
      hall.refused.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const std::uint64_t id = ++last_id;
    auto connection =
        std::make_unique<Connection>(hall, std::move(socket), id, before >= hall.limits.max_connections);
    Connection& client = *hall.open.emplace(id, std::move(connection)).first->second;
    asio::co_spawn(hall.io, client.serve(), [this, id](const std::exception_ptr& bug) { leave(id, bug); });
    if (before == 0) sweep();
  }

  void leave(std::uint64_t id, const std::exception_ptr& bug) {
    hall.open.erase(id);
    if (hall.open.empty()) {
      sweeper.cancel();
      if (hall.is_stopping) hall.is_over.change([](bool& is_over) { is_over = true; });
    }
    if (bug) std::rethrow_exception(bug);  // to `run`, which logs it
  }

  /// One timer for all deadlines: two system calls less for each wait.
  void sweep() {
    const auto shortest =
        std::min({hall.limits.header_deadline, hall.limits.body_deadline, hall.limits.idle_deadline,
                  hall.limits.write_deadline, hall.limits.part_deadline});
    sweeper.expires_after(std::clamp<std::chrono::milliseconds>(shortest / 8, kMinSweep, kMaxSweep));
    sweeper.async_wait([this](error_code error) {
      if (error) return;
      const auto now = Steady::now();
      for (const auto& [id, connection] : hall.open) connection->check(now);
      sweep();
    });
  }

  void hand_out() {
    for (auto& [id, response] : hall.mailbox->take())
      if (const auto found = hall.open.find(id); found != hall.open.end())
        found->second->deliver(std::move(response));
  }

  void stop(std::chrono::milliseconds grace) {
    if (!thread.joinable()) return;
    asio::post(hall.io, [this] {
      hall.is_stopping = true;
      acceptor.close();
      breather.cancel();
      for (const auto& [id, connection] : hall.open) connection->close_soon();
      if (hall.open.empty()) hall.is_over.change([](bool& is_over) { is_over = true; });
    });
    hall.is_over.wait_until(Steady::now() + grace, std::stop_token(), [](bool is_over) { return is_over; });
    asio::post(hall.io, [this] {
      for (const auto& [id, connection] : hall.open) connection->cut();
    });
    thread.join();
    hall.mailbox->close();
  }

  Hall hall;
  Acceptor acceptor;
  Timer sweeper;
  Timer breather;
  std::uint64_t last_id = 0;
  std::uint16_t port = 0;
  std::jthread thread;
};

HttpServer::HttpServer(const ServerOptions& options, const Router& router)
    : rim_(std::make_unique<Rim>(options, router)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return rim_->port; }

void HttpServer::stop(std::chrono::milliseconds grace) { rim_->stop(grace); }

HttpServer::Counts HttpServer::counts() const {
  return {
      .connections = rim_->hall.connections, .requests = rim_->hall.requests, .refused = rim_->hall.refused};
}

}  // namespace slipway::net
