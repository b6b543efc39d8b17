#include "bot/net/url.h"

#include <catch2/catch.hpp>

namespace slipway::net {

TEST_CASE("a URL names the host, the port and what is asked for") {
  const auto url = parse_url("https://forge.example/api/v3/pulls?state=open#top");
  REQUIRE(url);
  CHECK(url->is_secure);
  CHECK(url->host == "forge.example");
  CHECK(url->port == 443);
  CHECK(url->target == "/api/v3/pulls?state=open");
  CHECK(url->place() == "forge.example:443");
  CHECK(url->authority() == "forge.example");
}

TEST_CASE("a port of its own stands in the Host header, the scheme's does not") {
  CHECK(parse_url("http://forge.example:8080/")->authority() == "forge.example:8080");
  CHECK(parse_url("http://forge.example:80/")->authority() == "forge.example");
  CHECK(parse_url("https://forge.example:80/")->authority() == "forge.example:80");
}

TEST_CASE("a URL without a path asks for the root") {
  CHECK(parse_url("http://forge.example")->target == "/");
  CHECK(parse_url("http://forge.example?x=1")->target == "/?x=1");
}

TEST_CASE("an IPv6 address stands in brackets, and without them where it is resolved") {
  const auto url = parse_url("http://[::1]:8080/x");
  REQUIRE(url);
  CHECK(url->host == "::1");
  CHECK(url->place() == "[::1]:8080");
}

TEST_CASE("what is no URL for us is refused with the reason") {
  const std::string text = GENERATE(
      as<std::string>(), "", "forge.example", "ftp://forge.example/", "http://", "http:///x", "http://:80/",
      "http://user:pass@forge.example/", "http://forge.example:0/", "http://forge.example:65536/",
      "http://forge.example:8o/", "http://forge.example:/", "http://a b/", "http://a/\r\nX: y",
      "http://[::1/", "http://[forge]/", "http://[::1]8080/", "http://a/\xc3\xa9", "http://a\\b/");
  CAPTURE(text);
  CHECK_FALSE(parse_url(text));
}

}  // namespace slipway::net
