#include "bot/net/print_request.h"

#include "core/failure.h"

#include <catch2/catch.hpp>

namespace slipway::net {

TEST_CASE("a request is printed with its Host, headers, length and body") {
  const HttpRequest request{.method = "POST",
                            .url = {},
                            .headers = {{"Accept", "application/json"}, {"Host", "evil"}},
                            .body = "{}"};
  CHECK(print_request(request, *parse_url("https://forge.example:8443/a?b=c")) ==
        "POST /a?b=c HTTP/1.1\r\n"
        "Host: forge.example:8443\r\n"
        "Accept: application/json\r\n"
        "User-Agent: slipway\r\n"
        "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("a caller's user agent is kept, and a GET announces no body") {
  const HttpRequest request{.url = {}, .headers = {{"user-agent", "mine"}}, .body = {}};
  CHECK(print_request(request, *parse_url("http://a/")) ==
        "GET / HTTP/1.1\r\nHost: a\r\nuser-agent: mine\r\n\r\n");
}

TEST_CASE("an empty POST says that it is empty") {
  const HttpRequest request{.method = "POST", .url = {}, .headers = {}, .body = {}};
  CHECK(print_request(request, *parse_url("http://a/")).find("Content-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("a header or method that would be read as more is refused, and a secret value is not repeated") {
  const Url url = *parse_url("http://a/");
  HttpRequest request;
  request.headers = {{"Authorization", "token hunter2\r\nX: y"}};
  CHECK_THROWS_WITH(print_request(request, url),
                    "cannot ask a:80: the header \"Authorization\" has a control character");
  request.headers = {{"X\r\nY", "z"}};
  CHECK_THROWS_AS(print_request(request, url), Failure);
  request.headers = {};
  request.method = "GET / HTTP/1.1\r\nX: y";
  CHECK_THROWS_AS(print_request(request, url), Failure);
  request.method = "";
  CHECK_THROWS_AS(print_request(request, url), Failure);
}

TEST_CASE("only what may be done twice is idempotent") {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) CHECK(is_idempotent(method));
  for (const char* method : {"POST", "PATCH", "LOCK", "UNLOCK", "get"}) CHECK_FALSE(is_idempotent(method));
}

}  // namespace slipway::net
