#include "bot/net/http_server.h"

#include "bot/net/answer.h"
#include "bot/net/channel.h"
#include "bot/net/head.h"
#include "bot/net/listener.h"
#include "bot/net/mailbox.h"
#include "bot/net/request_reader.h"
#include "bot/net/tls.h"
#include "core/guarded.h"
#include "core/log.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <unordered_map>

namespace slipway::net {
namespace {

using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
constexpr Steady::time_point kNever = Steady::time_point::max();

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
  DateLine date;
  std::size_t held_bodies = 0;
  bool is_stopping = false;
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  Guarded<bool> is_over{std::in_place, false};  // stopping, and nobody is here any more
  asio::thread_pool handlers{kHandlerThreads};  // joined before the rest goes
};

std::string text_of(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

/// One client: requests in, answers out, in order. Its coroutine is `serve`; while it waits for a handler
/// nothing is read. Owned by Hall::open until the coroutine ended.
class Connection {
 public:
  Connection(Hall& hall, Socket socket, std::uint64_t id, bool is_surplus)
      : hall_(hall),
        id_(id),
        is_surplus_(is_surplus),
        channel_(std::move(socket)),
        bell_(hall.io, kNever),
        reader_(hall.limits, hall.router) {
    if (hall.tls) channel_.secure(*hall.tls);
    error_code ignored;
    channel_.socket.set_option(Tcp::no_delay(true), ignored);
    channel_.socket.set_option(Socket::keep_alive(true), ignored);
    peer_ = text_of(channel_.socket.remote_endpoint(ignored).address());
  }
  ~Connection() { hall_.held_bodies -= held_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> serve() {
    if (channel_.tls) {
      due_in(hall_.limits.header_deadline);
      const auto [error] = co_await channel_.tls->async_handshake(TlsStream::server, kAwait);
      if (error || is_late_) co_return;
    }
    // No co_await behind && in a loop's condition: g++ 12 evaluates it whatever stands before.
    do {
      if (!co_await hear()) co_return;
      if (!answer_) co_await ask();
      if (is_cut_) co_return;
      if (!co_await say()) co_return;
      hall_.held_bodies -= std::exchange(held_, 0);
    } while (keeps_);
    co_await part();
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
    channel_.cancel();
  }

  /// No further request; one that waits for its next request goes at once.
  void close_soon() {
    if (is_idle_) cut();
    if (stream_) bell_.cancel();
  }

  void cut() {
    is_cut_ = true;
    channel_.close();
    bell_.cancel();
  }

 private:
  void due_in(std::chrono::milliseconds wait) {
    due_ = Steady::now() + wait;
    is_late_ = false;
  }

  /// A whole request, or why it is refused: then `answer_` is set. False when the client left or was too
  /// slow.
  Task<bool> hear();
  /// Looks at the bytes that are there. True when there is something to answer.
  bool take_bytes();
  /// A client that left, was too slow, or sent half a request.
  bool deserves_answer(error_code error);
  void count_refused() { hall_.refused.fetch_add(1, std::memory_order_relaxed); }
  void refuse(Response response) {
    count_refused();
    answer_ = std::move(response);
    keeps_ = false;
  }

  Task<void> ask();
  void call_handler();

  Task<bool> say();
  Task<bool> send(std::string_view text);
  Task<bool> send_stream(bool is_chunked);
  void ask_for_bit();
  Task<void> pause();
  Task<void> part();

  Hall& hall_;
  const std::uint64_t id_;
  const bool is_surplus_;
  Channel channel_;
  Timer bell_;  // rung when an answer or a bit of one is there; otherwise it never rings
  std::string peer_;
  Steady::time_point due_ = kNever;
  bool is_late_ = false;
  bool is_cut_ = false;
  bool is_idle_ = false;

  boost::beast::flat_buffer read_;
  RequestReader reader_;
  bool keeps_ = true;  // the connection, after this answer
  bool is_first_ = true;
  std::size_t held_ = 0;

  std::optional<Response> answer_;
  std::string out_;
  std::shared_ptr<Stream> stream_;  // shared with the pool, which may still ask it when the client is gone
  std::optional<std::string> bit_;
  bool has_bit_ = false;
  bool has_broken_ = false;
};

Task<bool> Connection::hear() {
  const Limits& limits = hall_.limits;
  reader_.begin();
  answer_.reset();
  is_idle_ = read_.size() == 0;
  if (is_idle_ && hall_.is_stopping) co_return false;
  due_in(is_first_ || !is_idle_ ? limits.header_deadline : limits.idle_deadline);
  bool is_body_due = false;
  while (!take_bytes()) {
    if (reader_.asked().has_header && !std::exchange(is_body_due, true)) {
      if (reader_.asked().waits && reader_.asked().request.body.empty()) {
        if (!co_await send("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
      }
      due_in(limits.body_deadline);
    }
    const asio::mutable_buffer room = read_.prepare(kReadSize);
    const auto [error, count] = co_await channel_.read_some(room);
    if (is_cut_) co_return false;
    if (error || is_late_) co_return deserves_answer(error);
    read_.commit(count);
    if (std::exchange(is_idle_, false)) due_in(limits.header_deadline);
  }
  due_ = kNever;
  is_idle_ = false;
  is_first_ = false;
  co_return true;
}

bool Connection::take_bytes() {
  if (read_.size() == 0) return false;
  const auto bytes = read_.data();
  read_.consume(reader_.take({static_cast<const char*>(bytes.data()), bytes.size()}));
  Asked& asked = reader_.asked();
  const std::size_t size = asked.request.body.size();
  hall_.held_bodies += size - held_;
  held_ = size;
  keeps_ = asked.keeps;
  if (asked.refusal) {
    if (asked.is_at_fault) count_refused();
    answer_ = std::move(asked.refusal);
  } else if (is_surplus_ && asked.has_header) {
    refuse(unavailable("Too many connections.\n"));
  } else if (hall_.held_bodies > hall_.limits.max_held_bodies && size > kReadSize) {
    refuse(unavailable("The server has its hands full.\n"));
  }
  if (asked.is_whole) hall_.requests.fetch_add(1, std::memory_order_relaxed);
  return asked.is_whole || answer_;
}

bool Connection::deserves_answer(error_code error) {
  due_ = kNever;
  if (is_idle_) return false;
  if (is_late_) {
    refuse(Response::text(408, "The request took too long.\n"));
  } else if (error == asio::error::eof) {
    refuse(Response::text(400, "The request is truncated.\n"));
  } else {
    count_refused();
  }
  return answer_.has_value();
}

Task<void> Connection::ask() {
  call_handler();
  while (!answer_ && !is_cut_) co_await bell_.async_wait(kAwait);
}

void Connection::call_handler() {
  Reply reply = reply_by(hall_.mailbox, id_);
  const Route* const route = reader_.asked().route;
  Request& request = reader_.asked().request;
  request.peer = peer_;
  if (route->async) {
    answer(route->async, std::move(request), reply);
  } else {
    asio::post(hall_.handlers, [handler = &route->handler, asked = std::move(request),
                                reply = std::move(reply)] { reply(answer(*handler, asked)); });
  }
}

Task<bool> Connection::say() {
  Response& response = *answer_;
  const bool is_head = reader_.asked().is_head;
  const Client client{.is_old = reader_.asked().is_old, .keeps = keeps_ && !hall_.is_stopping};
  const Framing framing(response, client);
  keeps_ = !framing.close;
  out_.clear();
  print_head(out_, response, framing, hall_.date.now());
  const bool has_body = framing.has_body && !is_head;
  const bool is_small = has_body && !response.stream && response.body.size() <= kReadSize;
  if (is_small) out_ += response.body;
  if (!co_await send(out_)) co_return false;
  if (!has_body || is_small) co_return true;
  if (response.stream) co_return co_await send_stream(framing.chunked);
  co_return co_await send(response.body);
}

Task<bool> Connection::send(std::string_view text) {
  std::size_t promised = 0;  // until the end of the slice
  while (!text.empty()) {
    if (promised == 0) {
      promised = std::min(text.size(), kWriteSlice);
      due_in(hall_.limits.write_deadline);
    }
    const asio::const_buffer bytes(text.data(), promised);
    const auto [error, count] = co_await channel_.write_some(bytes);
    if (error || is_late_) {
      if (is_late_) count_refused();
      co_return false;
    }
    text.remove_prefix(count);
    promised -= count;
  }
  due_ = kNever;
  co_return true;
}

Task<bool> Connection::send_stream(bool is_chunked) {
  stream_ = std::make_shared<Stream>(std::move(answer_->stream));
  bit_ = std::move(answer_->body);
  while (bit_) {
    if (!bit_->empty()) {
      out_.clear();
      if (is_chunked) print_chunk(out_, *bit_);
      const std::string_view text = is_chunked ? out_ : *bit_;
      if (!co_await send(text)) co_return false;
    }
    ask_for_bit();
    while (!has_bit_ && !is_cut_) co_await bell_.async_wait(kAwait);
    if (bit_ && bit_->empty()) co_await pause();
    // Without the last chunk, so that nobody takes it for the whole.
    if (is_cut_ || has_broken_ || hall_.is_stopping || channel_.is_left()) co_return false;
  }
  stream_.reset();
  if (!is_chunked) co_return true;
  co_return co_await send(kLastChunk);
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
  if (channel_.tls) co_await channel_.tls->async_shutdown(kAwait);
  error_code error;
  channel_.socket.shutdown(Socket::shutdown_send, error);
  while (!error && !is_late_ && !is_cut_) {
    read_.clear();
    const asio::mutable_buffer room = read_.prepare(kReadSize);
    std::tie(error, std::ignore) = co_await channel_.socket.async_read_some(room, kAwait);
  }
}

}  // namespace

struct HttpServer::Rim {
  Rim(const ServerOptions& options, const Router& router)
      : hall(options.limits, router), acceptor(hall.io), sweeper(hall.io), breather(hall.io) {
    if (!options.tls.certificate.empty())
      hall.tls = std::make_unique<asio::ssl::context>(make_server_context(options.tls).release());
    hall.mailbox = std::make_shared<Mailbox>([this] { asio::post(hall.io, [this] { hand_out(); }); });
    const Listener listener = listen(options.address, options.port);
    acceptor.assign(listener.is_v6 ? Tcp::v6() : Tcp::v4(), listener.fd);
    port = listener.port;
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
      if (!acceptor.is_open()) co_return;  // whoever came in this moment came too late
      if (!error) {
        is_short = false;
        welcome(std::move(socket));
      } else {
        // Out of descriptors: those that wait are accepted when others have left.
        if (!std::exchange(is_short, true))
          log::warning("connections can't be accepted just now", {{"reason", error.message()}});
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
      // A wait that is over can't be cancelled any more: the last client may have left since.
      if (error || hall.open.empty()) return;
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
  bool is_short = false;  // of descriptors
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
