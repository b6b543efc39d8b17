#include "bot/net/answer_reader.h"
#include "bot/net/channel.h"
#include "bot/net/http_server.h"
#include "bot/net/print_request.h"
#include "bot/net/resolve.h"
#include "bot/net/tls.h"
#include "bot/net/url.h"
#include "core/failure.h"
#include "core/guarded.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <thread>

namespace slipway::net {
namespace {

constexpr std::size_t kMaxIdlePerOrigin = 8;
constexpr std::chrono::seconds kMaxIdle{30};
/// For one address of several; the last may take what is left.
constexpr std::chrono::seconds kConnectDeadline{5};

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
  AnswerReader::Expected expected;
  std::vector<Address> addresses;  // to connect to; empty: the connection is open
  std::size_t attempt = 0;         // which of them; past the last when that is settled
  bool is_abandoned = false;       // nobody waits any more; the client's own thread alone
  std::unique_ptr<Channel> channel;
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

std::string text_of(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? fmt::format("{} s", time.count() / 1000)
                                  : fmt::format("{} ms", time.count());
}

Outcome failed(std::string text, Retry retry = Retry::Later) {
  Outcome outcome;
  outcome.failure.emplace(std::move(text), retry);
  return outcome;
}

/// Connects to the first address that takes it, and shakes hands. Empty when that is done.
Task<std::string> open_way(const std::shared_ptr<Exchange>& exchange) {
  Channel& channel = *exchange->channel;
  Timer timer(channel.socket.get_executor());
  error_code error;
  while (exchange->attempt < exchange->addresses.size()) {
    const std::size_t attempt = exchange->attempt;
    const Address& address = exchange->addresses[attempt];
    Tcp::endpoint endpoint;
    endpoint.resize(address.length);
    std::memcpy(endpoint.data(), &address.storage, address.length);
    if (attempt + 1 < exchange->addresses.size()) {
      timer.expires_after(kConnectDeadline);
      timer.async_wait([exchange, attempt](error_code cancelled) {
        if (!cancelled && exchange->attempt == attempt) exchange->channel->cancel();
      });
    }
    channel.socket.close(error);
    std::tie(error) = co_await channel.socket.async_connect(endpoint, kAwait);
    timer.cancel();
    exchange->attempt = error && !exchange->is_abandoned ? attempt + 1 : exchange->addresses.size();
  }
  if (error) co_return fmt::format("cannot reach {}: {}", exchange->url.place(), reason_of(error));
  channel.socket.set_option(Tcp::no_delay(true), error);
  if (!channel.tls) co_return std::string();
  std::tie(error) = co_await channel.tls->async_handshake(TlsStream::client, kAwait);
  if (!error) co_return std::string();
  const std::string objection = certificate_objection(channel.tls->native_handle());
  if (!objection.empty())
    co_return fmt::format("the certificate of {} is not trusted: {}", exchange->url.place(), objection);
  co_return fmt::format("cannot speak TLS with {}: {}", exchange->url.place(), reason_of(error));
}

Outcome heard(const Exchange& exchange, AnswerReader& reader) {
  const std::string place = exchange.url.place();
  if (reader.state() == AnswerReader::State::TooLarge)
    return failed(fmt::format("the answer of {} has more than {} bytes", place, exchange.expected.max_body),
                  Retry::Never);
  if (reader.state() == AnswerReader::State::Broken)
    return failed(fmt::format("{} does not speak HTTP as it should: {}", place, reader.objection()));
  Outcome outcome;
  outcome.keeps = reader.keeps();
  outcome.response = std::move(reader.response());
  return outcome;
}

Outcome broken_off(const Exchange& exchange, AnswerReader& reader, const error_code& reason) {
  const std::string place = exchange.url.place();
  const bool is_untouched = reader.state() == AnswerReader::State::Untouched;
  if (reason == asio::error::eof && !is_untouched) reader.end();
  if (reader.state() == AnswerReader::State::Whole) return heard(exchange, reader);
  Outcome outcome = failed(fmt::format(
      "{} {}: {}", place, is_untouched ? "gave no answer" : "broke off in the middle of its answer",
      reason_of(reason)));
  outcome.is_untouched = is_untouched;
  return outcome;
}

/// Reads until there is an answer, or will be none.
Task<Outcome> hear(Exchange& exchange) {
  AnswerReader reader(exchange.expected);
  boost::beast::flat_buffer read;
  for (;;) {
    const asio::mutable_buffer room = read.prepare(kReadSize);
    const auto [error, count] = co_await exchange.channel->read_some(room);
    if (error) co_return broken_off(exchange, reader, error);
    read.commit(count);
    const auto bytes = read.data();
    read.consume(reader.take({static_cast<const char*>(bytes.data()), bytes.size()}));
    if (reader.state() == AnswerReader::State::Begun) continue;
    Outcome outcome = heard(exchange, reader);
    outcome.keeps = outcome.keeps && read.size() == 0;
    co_return outcome;
  }
}

Task<Outcome> converse(const std::shared_ptr<Exchange>& exchange) {
  Channel& channel = *exchange->channel;
  if (!exchange->addresses.empty()) {
    std::string objection = co_await open_way(exchange);
    if (!objection.empty()) co_return failed(std::move(objection));
  }
  std::string_view left = exchange->wire;
  bool is_written = true;
  while (!left.empty() && is_written) {
    const asio::const_buffer bytes(left.data(), left.size());
    const auto [error, count] = co_await channel.write_some(bytes);
    left.remove_prefix(count);
    is_written = !error;
  }
  // A server that refuses a body answers before it closes: it is heard even when not all could be written.
  Outcome outcome = co_await hear(*exchange);
  outcome.keeps = outcome.keeps && is_written;
  co_return outcome;
}

Task<void> run(std::shared_ptr<Exchange> exchange) {
  Outcome outcome = co_await converse(exchange);
  outcome.is_done = true;
  exchange->outcome.change([&](Outcome& place) { place = std::move(outcome); });
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
    exchange->channel = take_idle(origin);
    const bool is_reused = exchange->channel != nullptr;
    if (!is_reused) begin(*exchange, deadline, stop);
    Outcome outcome = carry_out(exchange, request, deadline, stop);
    if (is_reused && outcome.is_untouched && is_idempotent(request.method)) {
      // The other side had closed it in the same moment.
      exchange = prepare(request, *url);
      begin(*exchange, deadline, stop);
      outcome = carry_out(exchange, request, deadline, stop);
    }
    if (outcome.failure) throw std::move(*outcome.failure);
    if (outcome.keeps) put_idle(origin, std::move(exchange->channel));
    return std::move(outcome.response);
  }

 private:
  struct Resting {
    std::unique_ptr<Channel> channel;
    Steady::time_point since;
  };
  struct Idle {
    std::map<std::string, std::vector<Resting>> channels;  // by origin
    bool is_watched = false;                               // the timer runs
  };

  static std::shared_ptr<Exchange> prepare(const HttpRequest& request, const Url& url) {
    auto exchange = std::make_shared<Exchange>();
    exchange->url = url;
    exchange->wire = print_request(request, url);
    exchange->expected = {.to_head = request.method == "HEAD", .max_body = request.max_response};
    return exchange;
  }

  void begin(Exchange& exchange, Steady::time_point deadline, const std::stop_token& stop) {
    while_doing("cannot reach " + exchange.url.place(),
                [&] { exchange.addresses = resolve(exchange.url.host, exchange.url.port, deadline, stop); });
    exchange.channel = std::make_unique<Channel>(Socket(io_));
    if (!exchange.url.is_secure) return;
    exchange.channel->secure(tls_);
    if (!expect_host(exchange.channel->tls->native_handle(), exchange.url.host))
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
      exchange->is_abandoned = true;
      exchange->channel->close();
    });
    if (stop.stop_requested()) throw Stopped();
    throw Failure(exchange->url.place() + " did not answer within " + text_of(request.timeout), Retry::Later);
  }

  std::unique_ptr<Channel> take_idle(const std::string& origin) {
    return idle_.with([&](Idle& idle) -> std::unique_ptr<Channel> {
      auto& resting = idle.channels[origin];
      while (!resting.empty()) {
        Resting last = std::move(resting.back());
        resting.pop_back();
        if (!is_worn(last)) return std::move(last.channel);
      }
      return nullptr;
    });
  }

  void put_idle(const std::string& origin, std::unique_ptr<Channel> channel) {
    const bool is_watched = idle_.with([&](Idle& idle) {
      auto& resting = idle.channels[origin];
      if (resting.size() < kMaxIdlePerOrigin) resting.push_back({std::move(channel), Steady::now()});
      return std::exchange(idle.is_watched, true);
    });
    if (!is_watched) asio::post(io_, [this] { watch_idle(); });
  }

  /// Closes what nobody used for a while; runs as long as there is something to watch.
  void watch_idle() {
    timer_.expires_after(kMaxIdle / 3);
    timer_.async_wait([this](error_code error) {
      if (!error && drop_worn()) watch_idle();
    });
  }

  bool drop_worn() {
    return idle_.with([](Idle& idle) {
      for (auto& [origin, resting] : idle.channels) std::erase_if(resting, is_worn);
      std::erase_if(idle.channels, [](const auto& each) { return each.second.empty(); });
      return idle.is_watched = !idle.channels.empty();
    });
  }

  /// On a resting connection nothing comes, unless the other side closes it or is out of step.
  static bool is_worn(const Resting& resting) {
    return Steady::now() - resting.since >= kMaxIdle || resting.channel->has_news();
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
