#include "bot/net/target.h"

#include <catch2/catch.hpp>

namespace slipway::net {

using namespace std::string_literals;

TEST_CASE("a target is divided into path and query, each decoded once") {
  const auto target = parse_target("/runs/a%20b+c?job=node%2Dx&q=a+b&flag&&job=second#part");
  REQUIRE(target);
  CHECK(target->raw_path == "/runs/a%20b+c");
  CHECK(target->path == "/runs/a b+c");
  CHECK(target->query ==
        std::map<std::string, std::string, std::less<>>{{"job", "node-x"}, {"q", "a b"}, {"flag", ""}});
}

TEST_CASE("a proxy's absolute target is the path behind its host") {
  CHECK(parse_target("http://slipway.example:4141/healthz?x=1")->path == "/healthz");
  CHECK(parse_target("https://slipway.example")->path == "/");
  CHECK(parse_target("http://slipway.example?x=1").has_value() == false);
}

TEST_CASE("a target that could be read in two ways is refused") {
  const std::string target =
      GENERATE(as<std::string>(), "", "*", "runs", "example:443",  // no path
               "/a%", "/a%2", "/a%zz", "/?q=%f", "/?%=1",          // broken escapes
               "/a%00b", "/a%0d%0aX: y", "/?q=%00", "/%7f",        // control characters
               "/a/../b", "/..", "/a/%2e%2e/b", "/.%2E%2fb", "/./a", "/a/.", "/a%2f..%2fb", "/%ff", "/%c0%af",
               "/%ed%a0%80", "/%f4%90%80%80", "/%e2%82", "/?q=%80");
  CAPTURE(target);
  CHECK_FALSE(parse_target(target));
}

TEST_CASE("UTF-8 in a target is as good as ASCII") {
  CHECK(parse_target("/%ec%84%9c%ec%9a%b8")->path == "/서울");
  CHECK(parse_target("/%f0%9f%9a%80")->path == "/🚀");
  CHECK(parse_target("/..a/b..")->path == "/..a/b..");
}

}  // namespace slipway::net
