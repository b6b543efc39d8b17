#include "bot/net/http_server.h"

#include "core/failure.h"
#include "core/guarded.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

#include <latch>
#include <thread>

namespace slipway::net {
namespace {

std::string get(const std::string& path, const std::string& more = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: here\r\n" + more + "\r\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& more = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + more + "\r\n" + body;
}

/// Says what it was asked.
Response echo(const Request& request) {
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) text += " ?" + name + "=" + value;
  for (const auto& [name, value] : request.parameters) text += " {" + name + "}=" + value;
  return Response::text(200, text + " " + request.body);
}

}  // namespace

TEST_CASE("a request reaches its handler with method, path, query, parameters, headers and body") {
  Router router;
  Request seen;
  router.add("POST", "/runs/{id}/log", [&](const Request& request) {
    seen = request;
    return Response::json(201, "{}");
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/runs/a%2Fb/log?from=1+2&from=3", "hello", "X-Thing: one\r\nx-thing: two\r\n"));
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 201);
  CHECK(answer.body == "{}");
  CHECK(answer.headers.at("content-type") == "application/json");
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/runs/a/b/log");
  CHECK(seen.parameters.at("id") == "a/b");
  CHECK(seen.query.at("from") == "1 2");
  CHECK(seen.header("x-thing") == "one, two");
  CHECK(seen.body == "hello");
  CHECK(seen.peer == "127.0.0.1");
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
    REQUIRE(answer.body == "GET /" + std::to_string(n) + " {n}=" + std::to_string(n) + " ");
  }
  CHECK(server.counts().connections == 1);
  CHECK(server.counts().requests == 100);
}

TEST_CASE("an asynchronous handler may answer later and from another thread") {
  Router router;
  Guarded<Reply> kept;
  router.add_async("POST", "/webhooks/{forge}", [&](Request, Reply reply) {
    kept.change([&](Reply& place) { place = std::move(reply); });
  });
  HttpServer server({}, router);
  Wire wire = Wire::to(server.port());
  wire.send(post("/webhooks/github", "{}"));
  std::jthread writer([&](const std::stop_token& stop) {
    kept.wait_until(std::chrono::steady_clock::now() + kStuck, stop,
                    [](const Reply& reply) { return !!reply; });
    kept.with([](Reply& reply) {
      reply(Response::json(202, "once"));
      reply(Response::json(500, "twice"));
    });
  });
  const WireAnswer answer = wire.answer();
  CHECK(answer.status == 202);
  CHECK(answer.body == "once");
}

}  // namespace slipway::net
