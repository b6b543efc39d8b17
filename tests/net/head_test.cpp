#include "bot/net/head.h"

#include <catch2/catch.hpp>

namespace slipway::net {
namespace {

std::string printed(const Response& response, Client client = {.is_old = false, .keeps = true}) {
  std::string out;
  print_head(out, response, Framing(response, client), "Sun, 06 Nov 1994 08:49:37 GMT");
  return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an answer says its status, date, type and length") {
  CHECK(printed(Response::text(200, "ok\n")) ==
        "HTTP/1.1 200 OK\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Content-Length: 3\r\n\r\n");
}

TEST_CASE("a page may load only its own files and stands in no frame") {
  const std::string head = printed(Response::html(200, "<p>"));
  CHECK(has(head, "Content-Security-Policy: default-src 'self';"));
  CHECK(has(head, "frame-ancestors 'none'"));
  CHECK(has(head, "Referrer-Policy: same-origin\r\n"));
  CHECK_FALSE(has(printed(Response::json(200, "{}")), "Content-Security-Policy"));
}

TEST_CASE("a handler's own policy replaces the default one") {
  Response response = Response::html(200, "");
  response.headers.emplace_back("content-security-policy", "default-src 'none'");
  const std::string head = printed(response);
  CHECK(has(head, "content-security-policy: default-src 'none'\r\n"));
  CHECK_FALSE(has(head, "default-src 'self'"));
}

TEST_CASE("a header's value can't begin a new header") {
  Response response = Response::text(200, "");
  response.headers.emplace_back("Location", "/a\r\nSet-Cookie: x=1\n");
  CHECK(has(printed(response), "Location: /a  Set-Cookie: x=1 \r\n"));
}

TEST_CASE("a handler has no say in where its answer ends") {
  Response response = Response::text(200, "four");
  response.headers.emplace_back("content-length", "1");
  response.headers.emplace_back("Transfer-Encoding", "chunked");
  response.headers.emplace_back("Connection", "upgrade");
  const std::string head = printed(response);
  CHECK_FALSE(has(head, "content-length: 1"));
  CHECK_FALSE(has(head, "chunked"));
  CHECK_FALSE(has(head, "upgrade"));
  CHECK(has(head, "Content-Length: 4\r\n"));
}

TEST_CASE("204 and 304 have neither body nor length") {
  const int status = GENERATE(204, 304);
  const Response response{.status = status, .headers = {}, .body = "never", .stream = {}};
  CHECK_FALSE(Framing(response, {}).has_body);
  CHECK_FALSE(has(printed(response), "Content-Length"));
}

TEST_CASE("a stream is chunked, and ends with the connection for a client of HTTP/1.0") {
  Response response = Response::text(200, "");
  response.stream = [] { return std::optional<std::string>(); };
  const std::string now = printed(response);
  CHECK(has(now, "Transfer-Encoding: chunked\r\n"));
  CHECK_FALSE(has(now, "Content-Length"));
  CHECK_FALSE(has(now, "Connection"));
  const std::string old = printed(response, {.is_old = true, .keeps = true});
  CHECK_FALSE(has(old, "Transfer-Encoding"));
  CHECK(has(old, "Connection: close\r\n"));
}

TEST_CASE("a kept connection is promised to a client of HTTP/1.0 and taken for granted since") {
  const Response response = Response::text(200, "");
  CHECK(has(printed(response, {.is_old = true, .keeps = true}), "Connection: keep-alive\r\n"));
  CHECK_FALSE(has(printed(response, {.is_old = false, .keeps = true}), "Connection:"));
  CHECK(has(printed(response, {.is_old = false, .keeps = false}), "Connection: close\r\n"));
}

TEST_CASE("a status without a known name is still a status line") {
  CHECK(has(printed({.status = 299, .headers = {}, .body = {}, .stream = {}}), "HTTP/1.1 299 \r\n"));
}

TEST_CASE("dates are HTTP's") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("a chunk carries its size in hex") {
  std::string out;
  print_chunk(out, std::string(26, 'x'));
  CHECK(out == "1a\r\n" + std::string(26, 'x') + "\r\n");
}

}  // namespace slipway::net
