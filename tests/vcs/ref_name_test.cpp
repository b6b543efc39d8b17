#include "vcs/ref_name.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {

TEST_CASE("branches that git allows are taken as they are") {
  for (const auto name :
       {"main", "release/1.2", "feature/a-b_c", "dependabot/go_modules/x/y-1.2.3", "ünïcode", "a.b"}) {
    INFO(name);
    CHECK(parse_branch(name).value() == name);
  }
}

TEST_CASE("branches that git does not allow are refused") {
  for (const auto name :
       {"",   "-f",   "a..b", "a b",  "a~1",    "a^",       "a:b", "a?", "a*",    "a[b",  "a\\b", "/a",
        "a/", "a//b", ".a",   "a/.b", "a.lock", "a.lock/b", "a.",  "@",  "a@{1}", "a\nb", "a\x7f"}) {
    INFO(name);
    CHECK_FALSE(parse_branch(name).has_value());
  }
  CHECK_FALSE(parse_branch(std::string(256, 'a')).has_value());
}

}  // namespace slipway::vcs
