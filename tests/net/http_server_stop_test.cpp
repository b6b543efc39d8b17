#include "bot/net/http_server.h"
#include "core/guarded.h"
#include "tests/net/said.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <thread>

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

/// Lets a handler wait until the test says so.
class Gate {
 public:
  void enter() {
    state_.change([](State& state) { state.is_entered = true; });
    state_.wait_until(stuck(), std::stop_token(), [](const State& state) { return state.is_open; });
  }
  bool is_entered() {
    return state_.wait_until(stuck(), std::stop_token(), [](const State& state) { return state.is_entered; });
  }
  void open() {
    state_.change([](State& state) { state.is_open = true; });
  }

 private:
  struct State {
    bool is_entered = false;
    bool is_open = false;
  };
  static std::chrono::steady_clock::time_point stuck() { return std::chrono::steady_clock::now() + kStuck; }
  Guarded<State> state_;
};

bool is_refused(std::uint16_t port) {
  try {
    Wire::to(port);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a server that stops answers what it was asked, then closes, and takes nobody new") {
  Gate gate;
  Router router;
  router.add("GET", "/wait", [&](const Request&) {
    gate.enter();
    return Response::text(200, "done");
  });
  Limits limits;
  limits.part_deadline = 60ms;  // this test's clients do not close
  HttpServer server({.address = "127.0.0.1", .port = 0, .tls = {}, .limits = limits}, router);
  Wire idle = Wire::to(server.port());
  idle.send(get("/nowhere"));
  idle.answer();
  Wire busy = Wire::to(server.port());
  busy.send(get("/wait") + get("/wait"));
  REQUIRE(gate.is_entered());
  std::jthread stopping([&] { server.stop(kStuck); });
  CHECK(idle.is_over());
  CHECK(is_refused(server.port()));
  gate.open();
  const WireAnswer answer = busy.answer();
  CHECK(answer.body == "done");
  CHECK(answer.headers.at("connection") == "close");
  CHECK(busy.is_over());
}

TEST_CASE("a server that stops does not wait longer than its grace") {
  Gate gate;
  Router router;
  router.add("GET", "/wait", [&](const Request&) {
    gate.enter();
    return Response::text(200, "never read");
  });
  auto server = std::make_unique<HttpServer>(ServerOptions{}, router);
  Wire wire = Wire::to(server->port());
  wire.send(get("/wait"));
  REQUIRE(gate.is_entered());
  server->stop(10ms);
  CHECK(wire.is_over());
  gate.open();  // the handler's thread is joined
  server.reset();
}

TEST_CASE("stopping twice is stopping once") {
  const Router router;
  HttpServer server({}, router);
  server.stop(0ms);
  server.stop(kStuck);
  CHECK(is_refused(server.port()));
}

TEST_CASE("a reply that comes when the server is gone is dropped") {
  Guarded<Reply> kept;
  Router router;
  router.add_async("POST", "/a", [&](const Request&, Reply reply) {
    kept.change([&](Reply& place) { place = std::move(reply); });
  });
  auto server = std::make_unique<HttpServer>(ServerOptions{}, router);
  Wire wire = Wire::to(server->port());
  wire.send(post("/a", ""));
  REQUIRE(kept.wait_until(std::chrono::steady_clock::now() + kStuck, std::stop_token(),
                          [](const Reply& reply) { return reply != nullptr; }));
  server.reset();
  kept.with([](Reply& reply) { std::exchange(reply, nullptr)(Response::text(202, "")); });
  CHECK(wire.is_over());
}

TEST_CASE("a server ends although its last client left just as its deadlines were looked at") {
  Limits limits;
  limits.part_deadline = 8 * kMinSweep;  // so that deadlines are looked at as often as they ever are
  Gate gate;
  Router router;
  router.add("GET", "/held", [&](const Request&) {
    Response response = Response::text(200, "");
    // Never asked for a HEAD; with its connection it goes, on the rim's thread, which waits in the gate then.
    response.stream = [owned = std::shared_ptr<Gate>(&gate, [](Gate* at) { at->enter(); })] {
      return std::optional<std::string>();
    };
    return response;
  });
  auto server = std::make_unique<HttpServer>(
      ServerOptions{.address = "127.0.0.1", .port = 0, .tls = {}, .limits = limits}, router);
  {
    Wire last = Wire::to(server->port());
    last.send(get("/nowhere"));
    last.answer();
    Wire holding = Wire::to(server->port());
    holding.send("HEAD /held HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    holding.answer(true);
    holding.finish();
    REQUIRE(gate.is_entered());
  }
  // When another server has lost its patience with a silent client, this one's look at its deadlines is due.
  limits.header_deadline = 2 * kMinSweep;
  const HttpServer other({.address = "127.0.0.1", .port = 0, .tls = {}, .limits = limits}, router);
  CHECK(Wire::to(other.port()).is_over());
  gate.open();
  server.reset();
}

TEST_CASE("streams end when the server stops") {
  Router router;
  router.add("GET", "/log", [](const Request&) {
    Response response = Response::text(200, "begin");
    response.stream = [] { return std::optional<std::string>(""); };
    return response;
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/log"));
  wire.until("begin");
  server.stop(kStuck);
  CHECK(wire.rest() == "\r\n");
}

}  // namespace slipway::net
