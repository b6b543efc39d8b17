#include "bot/net/http_server.h"

#include "core/failure.h"
#include "core/guarded.h"
#include "tests/net/said.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

#include <thread>

namespace slipway::net {
namespace {

Response echo(const Request& request) { return Response::text(200, request.method + " " + request.path); }

}  // namespace

TEST_CASE("a request reaches its handler with method, path, query, parameters, headers and body") {
  Router router;
  Guarded<Request> seen;
  router.add("POST", "/runs/{id}/log", [&](const Request& request) {
    seen.with([&](Request& place) { place = request; });
    return Response::json(201, "{}");
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/runs/a%2Fb/log?from=1+2&from=3", "hello", "X-Thing: one\r\nx-thing: two\r\n"));
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 201);
  CHECK(answer.body == "{}");
  CHECK(answer.headers.at("content-type") == "application/json");
  CHECK_FALSE(answer.headers.contains("server"));
  const Request request = seen.with([](const Request& place) { return place; });
  CHECK(request.method == "POST");
  CHECK(request.path == "/runs/a/b/log");
  CHECK(request.parameters.at("id") == "a/b");
  CHECK(request.query.at("from") == "1 2");
  CHECK(request.header("x-thing") == "one, two");
  CHECK(request.body == "hello");
  CHECK(request.peer == "127.0.0.1");
}

TEST_CASE("a hundred pipelined requests are answered in their order on one connection") {
  Router router;
  router.add("GET", "/{n}", echo);
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  std::string all;
  for (int n = 0; n < 100; ++n) all += get("/" + std::to_string(n));
  wire.send(all);
  for (int n = 0; n < 100; ++n) {
    const WireAnswer answer = wire.answer();
    REQUIRE(answer.status == 200);
    REQUIRE(answer.body == "GET /" + std::to_string(n));
  }
  CHECK(server.counts().connections == 1);
  CHECK(server.counts().requests == 100);
  CHECK(server.counts().refused == 0);
}

TEST_CASE("a request that comes byte by byte is the same request") {
  Router router;
  router.add("POST", "/a", [](const Request& request) { return Response::text(200, request.body); });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  for (const char c : post("/a", "hello")) wire.send({&c, 1});
  CHECK(wire.answer().body == "hello");
}

TEST_CASE("Terraform's LOCK and UNLOCK reach their handlers") {
  Router router;
  router.add("LOCK", "/state/{rest...}", echo);
  router.add("UNLOCK", "/state/{rest...}", echo);
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send("LOCK /state/a/b HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(wire.answer().body == "LOCK /state/a/b");
  wire.send("UNLOCK /state/a/b HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(wire.answer().body == "UNLOCK /state/a/b");
  wire.send("LOCK /other HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(wire.answer().status == 404);
}

TEST_CASE("an unknown path is 404, an unknown method 405 with the known ones, and the connection goes on") {
  Router router;
  router.add("GET", "/a", echo);
  router.add("DELETE", "/a", echo);
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/b"));
  CHECK(wire.answer().status == 404);
  wire.send(post("/a", "small"));
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "GET, DELETE, HEAD");
  wire.send(get("/a"));
  CHECK(wire.answer().status == 200);
}

TEST_CASE("HEAD gets the head of the answer to GET and no body") {
  Router router;
  router.add("GET", "/a", [](const Request&) { return Response::text(200, "hello"); });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send("HEAD /a HTTP/1.1\r\nHost: here\r\n\r\n" + get("/a"));
  CHECK(wire.answer(true).headers.at("content-length") == "5");
  CHECK(wire.answer().body == "hello");
}

TEST_CASE("a large answer arrives whole") {
  Router router;
  std::string large(20u << 20, 'x');
  for (std::size_t at = 0; at < large.size(); at += 997) large[at] = static_cast<char>('a' + at % 26);
  router.add("GET", "/a", [&](const Request&) { return Response::text(200, large); });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/a"));
  CHECK((wire.answer().body == large));
}

TEST_CASE("a client may ask to close, and an old one is closed unless it asks to keep") {
  Router router;
  router.add("GET", "/a", echo);
  HttpServer server({}, router);
  Wire closing = Wire::to(server.port());
  closing.send(get("/a", "Connection: close\r\n") + get("/a"));
  CHECK(closing.answer().headers.at("connection") == "close");
  CHECK(closing.is_over());
  Wire old = Wire::to(server.port());
  old.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /a HTTP/1.0\r\n\r\n");
  CHECK(old.answer().headers.at("connection") == "keep-alive");
  CHECK(old.answer().status == 200);
  CHECK(old.is_over());
}

TEST_CASE("a client that has closed its half after the request is answered") {
  Router router;
  router.add("GET", "/a", echo);
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/a"));
  wire.finish();
  CHECK(wire.answer().status == 200);
  CHECK(wire.is_over());
}

TEST_CASE("an asynchronous handler may answer later and from another thread, once") {
  Router router;
  Guarded<Reply> kept;
  router.add_async("POST", "/webhooks/{forge}", [&](const Request&, Reply reply) {
    kept.change([&](Reply& place) { place = std::move(reply); });
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/webhooks/github", "{}"));
  const auto stuck = std::chrono::steady_clock::now() + kStuck;
  REQUIRE(kept.wait_until(stuck, std::stop_token(), [](const Reply& reply) { return reply != nullptr; }));
  std::jthread writer([&] {
    kept.with([](Reply& reply) {
      reply(Response::json(202, "once"));
      reply(Response::json(500, "twice"));
    });
  });
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 202);
  CHECK(answer.body == "once");
  wire.send(get("/nowhere"));
  CHECK(wire.answer().status == 404);
}

TEST_CASE("a reply that nobody gives is 500, and one that comes after its client has left hurts nobody") {
  Router router;
  Guarded<Reply> kept;
  router.add_async("POST", "/drop", [](const Request&, const Reply&) {});
  router.add_async("POST", "/keep", [&](const Request&, Reply reply) {
    kept.change([&](Reply& place) { place = std::move(reply); });
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/drop", ""));
  CHECK(wire.answer().status == 500);
  wire.send(post("/keep", ""));
  const auto stuck = std::chrono::steady_clock::now() + kStuck;
  REQUIRE(kept.wait_until(stuck, std::stop_token(), [](const Reply& reply) { return reply != nullptr; }));
  wire.reset();
  kept.with([](Reply& reply) { std::exchange(reply, nullptr)(Response::text(200, "")); });
  Wire other = Wire::to(server.port());
  other.send(post("/drop", ""));
  CHECK(other.answer().status == 500);
}

TEST_CASE("a handler's failure is answered and the connection goes on") {
  Router router;
  router.add("GET", "/later", [](const Request&) -> Response { throw Failure("full", Retry::Later); });
  router.add("GET", "/never", [](const Request&) -> Response { throw Failure("broken"); });
  router.add("GET", "/bug", [](const Request&) -> Response { throw std::logic_error("bug"); });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/later") + get("/never") + get("/bug"));
  const WireAnswer later = wire.answer();
  CHECK(later.status == 503);
  CHECK(later.headers.at("retry-after") == "5");
  CHECK(wire.answer().status == 500);
  CHECK(wire.answer().status == 500);
}

TEST_CASE("handlers that wait do not keep others from being answered") {
  Router router;
  Guarded<int> gate;
  const auto is_open = [](int value) { return value != 0; };
  router.add("GET", "/wait", [&](const Request&) {
    gate.wait_until(std::chrono::steady_clock::now() + kStuck, std::stop_token(), is_open);
    return Response::text(200, "");
  });
  router.add_async("POST", "/webhook",
                   [](const Request&, const Reply& reply) { reply(Response::text(202, "")); });
  HttpServer server({}, router);
  std::vector<Wire> waiting;
  for (std::size_t n = 0; n < 2 * kHandlerThreads; ++n) {
    waiting.push_back(Wire::to(server.port()));
    waiting.back().send(get("/wait"));
  }
  Wire wire = Wire::to(server.port());
  wire.send(post("/webhook", "{}"));
  CHECK(wire.answer().status == 202);
  gate.change([](int& value) { value = 1; });
  for (Wire& each : waiting) CHECK(each.answer().status == 200);
}

TEST_CASE("a server that can't listen says where and why") {
  const Router router;
  const HttpServer first({}, router);
  CHECK_THROWS_WITH(
      HttpServer({.address = "127.0.0.1", .port = first.port(), .tls = {}, .limits = {}}, router),
      Catch::StartsWith("cannot listen on 127.0.0.1, port ") && Catch::EndsWith("Address already in use"));
  CHECK_THROWS_AS(HttpServer({.address = "slipway.example", .port = 0, .tls = {}, .limits = {}}, router),
                  Failure);
}

TEST_CASE("a server listens on IPv6, and on localhost by its name") {
  const Router router;
  CHECK(HttpServer({.address = "::1", .port = 0, .tls = {}, .limits = {}}, router).port() != 0);
  CHECK(HttpServer({.address = "localhost", .port = 0, .tls = {}, .limits = {}}, router).port() != 0);
}

}  // namespace slipway::net
