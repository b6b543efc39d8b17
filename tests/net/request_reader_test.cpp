#include "bot/net/request_reader.h"

#include <catch2/catch.hpp>

#include <memory>

namespace slipway::net {
namespace {

using namespace std::string_literals;

/// Everything is welcome at /.
const Router& routes() {
  static const Router router = [] {
    Router all;
    for (const char* method : {"GET", "POST", "LOCK", "UNLOCK"})
      all.add(method, "/", [](const Request&) { return Response(); });
    return all;
  }();
  return router;
}

struct Read {
  Asked asked;
  std::string left;
  int refused() const { return asked.refusal ? asked.refusal->status : 0; }
};

/// Feeds pieces of `step` bytes as a connection does: what was not used is given again.
Read read(std::string_view bytes, std::size_t step = 1u << 30, const Limits& limits = {}) {
  RequestReader reader(limits, routes());
  std::string held;
  while (!bytes.empty() && !reader.asked().is_whole && !reader.asked().refusal) {
    held += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    held.erase(0, reader.take(held));
  }
  return {.asked = std::move(reader.asked()), .left = held + std::string(bytes)};
}

std::string with(const std::string& headers, const std::string& body = {}) {
  return "POST / HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n" + body;
}

}  // namespace

TEST_CASE("a request is the same in whatever pieces it comes") {
  const std::size_t step = GENERATE(1, 2, 3, 7, 64, 1'000);
  const Read got = read(with("Content-Length: 5\r\nX-Name:  value \r\n", "helloGET /next"), step);
  CHECK(got.asked.is_whole);
  CHECK(got.asked.keeps);
  CHECK(got.asked.route != nullptr);
  CHECK(got.asked.request.method == "POST");
  CHECK(got.asked.request.header("x-name") == "value");
  CHECK(got.asked.request.body == "hello");
  CHECK(got.left == "GET /next");
}

TEST_CASE("a chunked body is put together in whatever pieces it comes") {
  const std::size_t step = GENERATE(1, 2, 3, 5, 1'000);
  const Read got = read(with("Transfer-Encoding: chunked\r\n",
                             "5\r\nhello\r\n1;name=value\r\n \r\n00A\r\n0123456789\r\n0\r\n\r\nnext"),
                        step);
  CHECK(got.asked.is_whole);
  CHECK(got.asked.request.body == "hello 0123456789");
  CHECK(got.left == "next");
}

TEST_CASE("a trailer does not become a header") {
  const Read got =
      read(with("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\nX-Hub-Signature-256: forged\r\n\r\n"));
  CHECK(got.asked.is_whole);
  CHECK(got.asked.request.header("x-hub-signature-256").empty());
}

TEST_CASE("methods reach the router by their literal names") {
  const std::string method = GENERATE(as<std::string>(), "LOCK", "UNLOCK");
  const Read got = read(method + " / HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(got.asked.request.method == method);
  REQUIRE(got.asked.route != nullptr);
  CHECK(got.asked.route->method == method);
}

TEST_CASE("what two readers could understand differently is refused") {
  const std::string bytes = GENERATE(
      as<std::string>(),
      // two lengths, or a length and chunks
      with("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), with("Content-Length: 1, 2\r\n", "ab"),
      with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
      with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      // lengths that are no numbers
      with("Content-Length: +1\r\n", "a"), with("Content-Length: -1\r\n"),
      with("Content-Length: 0x1\r\n", "a"), with("Content-Length: 1 \x01\r\n", "a"),
      with("Content-Length: \r\n"), with("Content-Length: 99999999999999999999999\r\n"),
      // encodings that are not chunked, or only seem to be
      with("Transfer-Encoding: gzip\r\n"), with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
      with("Transfer-Encoding: chunked, identity\r\n"), with("Transfer-Encoding: xchunked\r\n"),
      with("Transfer-Encoding: \x0b"
           "chunked\r\n"),
      with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s,
      // names, values and targets with what does not belong there
      with("X\0Y: z\r\n"s), with("X: a\0b\r\n"s), with("X Y: z\r\n"), with(": z\r\n"), with("X\r\n"),
      "POST /\0 HTTP/1.1\r\nHost: here\r\n\r\n"s, "PO\0ST / HTTP/1.1\r\nHost: here\r\n\r\n"s, "\0\0\0\0"s,
      "POST  / HTTP/1.1\r\nHost: here\r\n\r\n"s, "POST / HTTP/1.1 \r\nHost: here\r\n\r\n"s,
      "POST /a b HTTP/1.1\r\nHost: here\r\n\r\n"s,
      // hosts
      "POST / HTTP/1.1\r\n\r\n"s, with("Host: there\r\n"),
      // versions
      "POST / HTTP/2.0\r\nHost: here\r\n\r\n"s, "POST / HTTP/0.9\r\n\r\n"s,
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s, "GET /\r\n\r\n"s, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s,
      // chunks
      with("Transfer-Encoding: chunked\r\n", "x\r\n"), with("Transfer-Encoding: chunked\r\n", "-1\r\n"),
      with("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"),
      with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
      with("Transfer-Encoding: chunked\r\n", "1 \r\na\r\n"),
      with("Transfer-Encoding: chunked\r\n", "0x1\r\na\r\n0\r\n\r\n"));
  for (const std::size_t step : {std::size_t{1}, std::size_t{10'000}}) {
    CAPTURE(bytes, step);
    const Read got = read(bytes, step);
    CHECK(got.refused() >= 400);
    CHECK(got.asked.is_at_fault);
    CHECK_FALSE(got.asked.keeps);
  }
}

TEST_CASE("lines that end by half make no request") {
  const std::string bytes = GENERATE(
      as<std::string>(), "POST / HTTP/1.1\nHost: here\n\n", "POST / HTTP/1.1\r\nHost: here\nX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: here\rX: y\r\n\r\n", with("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n"),
      with("Transfer-Encoding: chunked\r\n", "1\r\na\n0\r\n\r\n"));
  for (const std::size_t step : {std::size_t{1}, std::size_t{10'000}}) {
    CAPTURE(bytes, step);
    const Read got = read(bytes, step);
    CHECK((got.refused() == 400 || !got.asked.is_whole));
  }
}

TEST_CASE("a body over the limit is refused when it is announced, and when it comes in chunks") {
  Limits limits;
  limits.max_body = 10;
  CHECK(read(with("Content-Length: 11\r\n"), 1u << 20, limits).refused() == 413);
  CHECK(read(with("Content-Length: 10\r\n", "0123456789"), 1u << 20, limits).asked.is_whole);
  CHECK(read(with("Transfer-Encoding: chunked\r\n", "b\r\n"), 1u << 20, limits).refused() == 413);
  std::string drops;
  for (int n = 0; n < 11; ++n) drops += "1\r\nx\r\n";
  CHECK(read(with("Transfer-Encoding: chunked\r\n", drops), 1, limits).refused() == 413);
  CHECK(read(with("Transfer-Encoding: chunked\r\n", "fffffffffffffff0\r\n"), 1, limits).refused() == 413);
}

TEST_CASE("a header over the limit is refused, however it grows") {
  const std::string bytes =
      GENERATE(as<std::string>(), "GET /" + std::string(40'000, 'a') + " HTTP/1.1\r\nHost: here\r\n\r\n",
               std::string(40'000, 'G'), with("X: " + std::string(40'000, 'a') + "\r\n"),
               with(std::string(40'000, 'X') + ": a\r\n"), with("X: " + std::string(40'000, 'a')), with([] {
                 std::string many;
                 for (int n = 0; n < 4'000; ++n) many += "X-" + std::to_string(n) + ": y\r\n";
                 return many;
               }()));
  for (const std::size_t step : {std::size_t{1'000}, std::size_t{1} << 20}) {
    const Read got = read(bytes, step);
    CHECK(got.refused() == 431);
  }
}

TEST_CASE("chunk extensions and trailers without end are refused") {
  const std::string body = GENERATE(as<std::string>(), "1;" + std::string(100'000, 'a'),
                                    "0;" + std::string(100'000, 'a'), "0\r\nX: " + std::string(100'000, 'a'));
  CHECK(read(with("Transfer-Encoding: chunked\r\n", body), 1'000).refused() == 431);
}

TEST_CASE("a header of many small fields within the limit is taken") {
  std::string many;
  for (int n = 0; n < 1'000; ++n) many += "X-" + std::to_string(n) + ": y\r\n";
  CHECK(read(with(many)).asked.request.headers.size() == 1'001);
}

TEST_CASE("a request for a path or method that is not there says so before its body has come") {
  const Read nowhere = read("POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n");
  CHECK(nowhere.refused() == 404);
  CHECK_FALSE(nowhere.asked.is_at_fault);
  CHECK_FALSE(nowhere.asked.is_whole);
  const Read other = read("PUT / HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(other.refused() == 405);
  CHECK(other.asked.keeps);
}

TEST_CASE("a client says whether it waits for a word, keeps the connection, and wants a body") {
  const Read waiting = read(with("Expect: 100-Continue\r\nContent-Length: 5\r\n"));
  CHECK(waiting.asked.has_header);
  CHECK(waiting.asked.waits);
  CHECK_FALSE(read(with("Connection: close\r\n")).asked.keeps);
  CHECK(read(with("Connection: close\r\n")).asked.is_whole);
  const Read old = read("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.asked.is_old);
  CHECK_FALSE(old.asked.keeps);
  CHECK(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").asked.keeps);
  CHECK(read("HEAD / HTTP/1.1\r\nHost: here\r\n\r\n").asked.is_head);
}

TEST_CASE("a reader begins anew with the next request") {
  RequestReader reader(Limits{}, routes());
  reader.take(with("Content-Length: 1\r\nX-One: 1\r\n", "a"));
  REQUIRE(reader.asked().is_whole);
  reader.begin();
  CHECK_FALSE(reader.asked().has_header);
  reader.take("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(reader.asked().is_whole);
  CHECK(reader.asked().request.body.empty());
  CHECK(reader.asked().request.header("x-one").empty());
}

}  // namespace slipway::net
