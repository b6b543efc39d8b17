#include "bot/net/http_server.h"
#include "core/guarded.h"
#include "tests/net/said.h"
#include "tests/net/wire.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

ServerOptions polling_often() {
  Limits limits;
  limits.stream_poll = 1ms;
  return {.address = "127.0.0.1", .port = 0, .tls = {}, .limits = limits};
}

/// A log that somebody writes and viewers read.
struct Tail {
  std::vector<std::string> bits;
  bool has_ended = false;
};

Response follow(Guarded<Tail>& tail) {
  Response response = Response::text(200, "begin;");
  response.stream = [&tail, at = std::size_t{0}]() mutable -> std::optional<std::string> {
    return tail.with([&](const Tail& now) -> std::optional<std::string> {
      if (at < now.bits.size()) return now.bits[at++];
      if (now.has_ended) return {};
      return "";
    });
  };
  return response;
}

}  // namespace

TEST_CASE("a stream's bits arrive as they come, and it ends in order") {
  Guarded<Tail> tail;
  Router router;
  router.add("GET", "/log", [&](const Request&) { return follow(tail); });
  HttpServer server(polling_often(), router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/log") + get("/nowhere"));
  CHECK(wire.until("\r\n\r\n").find("Transfer-Encoding: chunked") != std::string::npos);
  CHECK(wire.until(";\r\n") == "6\r\nbegin;\r\n");
  tail.with([](Tail& now) { now.bits.emplace_back("one"); });
  CHECK(wire.until("one\r\n") == "3\r\none\r\n");
  tail.with([](Tail& now) {
    now.bits.emplace_back("two");
    now.has_ended = true;
  });
  CHECK(wire.until("0\r\n\r\n") == "3\r\ntwo\r\n0\r\n\r\n");
  CHECK(wire.answer().status == 404);
}

TEST_CASE("a stream to HTTP/1.0 has no chunks and ends with the connection; one to HEAD has no body") {
  Guarded<Tail> tail;
  tail.with([](Tail& now) { now = {.bits = {"one"}, .has_ended = true}; });
  Router router;
  router.add("GET", "/log", [&](const Request&) { return follow(tail); });
  HttpServer server(polling_often(), router);
  Wire old = Wire::to(server.port());
  old.send("GET /log HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(old.answer().body == "begin;one");
  Wire head = Wire::to(server.port());
  head.send("HEAD /log HTTP/1.1\r\nHost: here\r\n\r\n" + get("/nowhere"));
  CHECK(head.answer(true).status == 200);
  CHECK(head.answer().status == 404);
}

TEST_CASE("a stream is not asked any more when its client has gone") {
  std::atomic<int> alive{0};
  struct Count {
    explicit Count(std::atomic<int>& its) : number(its) { ++number; }
    Count(const Count& other) : number(other.number) { ++number; }
    Count& operator=(const Count&) = delete;
    ~Count() { --number; }
    std::atomic<int>& number;
  };
  Router router;
  router.add("GET", "/log", [&](const Request&) {
    Response response = Response::text(200, "begin");
    response.stream = [count = Count(alive)] { return std::optional<std::string>(""); };
    return response;
  });
  HttpServer server(polling_often(), router);
  const bool is_reset = GENERATE(false, true);
  {
    Wire wire = Wire::to(server.port());
    wire.send(get("/log"));
    wire.until("begin");
    CHECK(alive == 1);
    if (is_reset) wire.reset();
  }
  const auto stuck = std::chrono::steady_clock::now() + kStuck;
  while (alive != 0 && std::chrono::steady_clock::now() < stuck) std::this_thread::yield();
  CHECK(alive == 0);
}

TEST_CASE("a stream that fails breaks off, so that nobody takes it for the whole") {
  Router router;
  router.add("GET", "/log", [](const Request&) {
    Response response = Response::text(200, "begin");
    response.stream = []() -> std::optional<std::string> { throw std::runtime_error("the log is gone"); };
    return response;
  });
  HttpServer server(polling_often(), router);
  Wire wire = Wire::to(server.port());
  wire.send(get("/log"));
  wire.until("\r\n\r\n");
  CHECK(wire.rest() == "5\r\nbegin\r\n");
}

}  // namespace slipway::net
