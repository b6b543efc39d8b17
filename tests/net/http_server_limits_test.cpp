#include "bot/net/http_server.h"
#include "core/guarded.h"
#include "tests/net/said.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <thread>
#include <vector>

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

Router small_router() {
  Router router;
  router.add("GET", "/a", [](const Request&) { return Response::text(200, "a"); });
  router.add("POST", "/a",
             [](const Request& request) { return Response::text(200, std::to_string(request.body.size())); });
  return router;
}

ServerOptions with(const Limits& limits) {
  return {.address = "127.0.0.1", .port = 0, .tls = {}, .limits = limits};
}

/// Descriptors for `count` connections' two ends; false where the system does not give them.
bool allow_descriptors(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  limit.rlim_cur = std::min(count, limit.rlim_max);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

}  // namespace

TEST_CASE("a body of 26 MiB is refused, and a client that writes all of it first can read that") {
  const Router router = small_router();
  HttpServer server({}, router);
  const bool is_chunked = GENERATE(false, true);
  Wire wire = Wire::to(server.port());
  if (is_chunked) {
    wire.send("POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int n = 0; n < 26; ++n) wire.send("100000\r\n" + std::string(1u << 20, 'x') + "\r\n");
    wire.send("0\r\n\r\n");
  } else {
    wire.send(post("/a", std::string(26u << 20, 'x')));
  }
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 413);
  CHECK(answer.headers.at("connection") == "close");
  CHECK(wire.is_over());
  CHECK(server.counts().refused == 1);
}

TEST_CASE("a body of 25 MiB is taken") {
  const Router router = small_router();
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/a", std::string(kMaxBody, 'x')));
  CHECK(wire.answer().body == std::to_string(kMaxBody));
}

TEST_CASE("a client that waits before it sends its body hears 100, 413 or 404") {
  const Router router = small_router();
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send("POST /a HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(wire.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send("hello");
  CHECK(wire.answer().body == "5");
  wire.send("POST /a HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 26214401\r\n\r\n");
  CHECK(wire.answer().status == 413);
  Wire other = Wire::to(server.port());
  other.send("POST /b HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(other.answer().status == 404);
}

TEST_CASE("a client that does not wait for the word it asked for is not told it") {
  const Router router = small_router();
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send("POST /a HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(wire.answer().body == "5");
}

TEST_CASE("a header over 32 KiB is refused with 431") {
  const Router router = small_router();
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/a", "X: " + std::string(40'000, 'x') + "\r\n"));
  CHECK(wire.answer().status == 431);
  Wire endless = Wire::to(server.port());
  endless.send_what_fits("GET /" + std::string(1u << 20, 'x'));
  CHECK(endless.answer().status == 431);
}

TEST_CASE("what is no HTTP is told so in plain text") {
  const Router router = small_router();
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 400);
  CHECK(answer.headers.at("content-type") == "text/plain; charset=utf-8");
  CHECK(wire.is_over());
}

TEST_CASE("a request that breaks off is refused, and a connection without one just closed") {
  const Router router = small_router();
  HttpServer server({}, router);
  const std::string sent =
      GENERATE(as<std::string>(), "GET /a HT", "GET /a HTTP/1.1\r\nHost: here\r\n",
               "POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhell",
               "POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  Wire wire = Wire::to(server.port());
  wire.send(sent);
  wire.finish();
  CHECK(wire.answer().status == 400);
  Wire silent = Wire::to(server.port());
  silent.finish();
  CHECK(silent.is_over());
}

TEST_CASE("a client that sends its header too slowly is cut") {
  const Router router = small_router();
  Limits limits;
  limits.header_deadline = 60ms;
  HttpServer server(with(limits), router);
  SECTION("one byte at a time") {
    Wire wire = Wire::to(server.port());
    while (wire.send_what_fits("X") == 1 && server.counts().refused == 0) std::this_thread::yield();
    CHECK((wire.answer().status == 408 || server.counts().refused == 1));
  }
  SECTION("nothing after the first line") {
    Wire wire = Wire::to(server.port());
    wire.send("GET /a HTTP/1.1\r\n");
    CHECK(wire.answer().status == 408);
    CHECK(wire.is_over());
  }
  SECTION("nothing at all") {
    Wire wire = Wire::to(server.port());
    CHECK(wire.is_over());
  }
}

TEST_CASE("a client that sends its body too slowly is cut") {
  const Router router = small_router();
  Limits limits;
  limits.body_deadline = 60ms;
  HttpServer server(with(limits), router);
  Wire wire = Wire::to(server.port());
  wire.send("POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhe");
  CHECK(wire.answer().status == 408);
  CHECK(wire.is_over());
}

TEST_CASE("a connection that rests too long is closed without a word") {
  const Router router = small_router();
  Limits limits;
  limits.idle_deadline = 60ms;
  HttpServer server(with(limits), router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/a"));
  CHECK(wire.answer().status == 200);
  CHECK(wire.is_over());
  CHECK(server.counts().refused == 0);
}

TEST_CASE("a client that does not read its answer is cut") {
  Router router;
  router.add("GET", "/large",
             [](const Request&) { return Response::text(200, std::string(64u << 20, 'x')); });
  Limits limits;
  limits.write_deadline = 60ms;
  HttpServer server(with(limits), router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/large"));
  const auto stuck = std::chrono::steady_clock::now() + kStuck;
  while (server.counts().refused == 0 && std::chrono::steady_clock::now() < stuck) std::this_thread::yield();
  CHECK(server.counts().refused == 1);
}

TEST_CASE("a client that does not close after its last answer is not waited for") {
  const Router router = small_router();
  Limits limits;
  limits.part_deadline = 60ms;
  HttpServer server(with(limits), router);
  Wire wire = Wire::to(server.port());
  wire.send("nonsense\r\n\r\n");
  CHECK(wire.answer().status == 400);
  server.stop(kStuck);  // returns when the connection is gone
  CHECK(wire.is_over());
}

TEST_CASE("two thousand connections at once are answered or told that they are too many") {
  if (!allow_descriptors(4'500)) {
    WARN("skipped: the system does not give 4,500 descriptors");
    return;
  }
  const Router router = small_router();
  HttpServer server({}, router);
  std::vector<Wire> wires;
  for (int n = 0; n < 2'000; ++n) wires.push_back(Wire::to(server.port()));
  std::size_t answered = 0;
  std::size_t refused = 0;
  std::size_t closed = 0;
  for (Wire& wire : wires) wire.send_what_fits(get("/a"));
  for (Wire& wire : wires) {
    const std::string head = wire.until("\r\n\r\n");
    answered += head.starts_with("HTTP/1.1 200") ? 1 : 0;
    refused += head.starts_with("HTTP/1.1 503") ? 1 : 0;
    closed += head.empty() ? 1 : 0;
  }
  CHECK(answered == kMaxConnections);
  CHECK(refused == kMaxTurnedAway);
  CHECK(closed == 2'000 - kMaxConnections - kMaxTurnedAway);
  wires.clear();
  Wire next = Wire::to(server.port());
  next.send(get("/a"));
  const int status = next.answer().status;
  CHECK((status == 200 || status == 503));  // the others may not all be gone yet
}

TEST_CASE("bodies that are too large together are refused with 503, and room is made when one is answered") {
  Router router = small_router();
  Guarded<Reply> kept;
  router.add_async("POST", "/keep", [&](const Request&, Reply reply) {
    kept.change([&](Reply& place) { place = std::move(reply); });
  });
  Limits limits;
  limits.max_held_bodies = 1u << 20;
  HttpServer server(with(limits), router);
  const std::string body(800u << 10, 'x');
  Wire first = Wire::to(server.port());
  first.send(post("/keep", body));
  REQUIRE(kept.wait_until(std::chrono::steady_clock::now() + kStuck, std::stop_token(),
                          [](const Reply& reply) { return reply != nullptr; }));
  Wire second = Wire::to(server.port());
  second.send_what_fits(post("/a", body));
  CHECK(second.answer().status == 503);
  Wire small = Wire::to(server.port());
  small.send(post("/a", "small"));
  CHECK(small.answer().body == "5");
  kept.with([](Reply& reply) { std::exchange(reply, nullptr)(Response::text(200, "")); });
  CHECK(first.answer().status == 200);
  first.send(post("/a", body));
  CHECK(first.answer().body == std::to_string(body.size()));
}

}  // namespace slipway::net
