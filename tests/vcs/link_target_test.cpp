#include "vcs/link_target.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {

TEST_CASE("a link that climbs no higher than the root stays inside") {
  CHECK(stays_inside("link", "file"));
  CHECK(stays_inside("link", "./a/b"));
  CHECK(stays_inside("a/link", "../file"));
  CHECK(stays_inside("a/b/link", "../../c/d"));
  CHECK(stays_inside("a/link", ".."));
  CHECK(stays_inside("a/link", ".././b"));
  CHECK(stays_inside("link", "a//b/"));
}

TEST_CASE("a link that is absolute, or climbs higher, or climbs after it went down leaves") {
  CHECK_FALSE(stays_inside("link", "/etc/passwd"));
  CHECK_FALSE(stays_inside("link", ".."));
  CHECK_FALSE(stays_inside("a/link", "../.."));
  CHECK_FALSE(stays_inside("a/link", "../../etc"));
  CHECK_FALSE(stays_inside("a/b/link", "../up/../../x"));
  CHECK_FALSE(stays_inside("link", ""));
  CHECK_FALSE(stays_inside("link", std::string_view("a\0b", 3)));
}

}  // namespace slipway::vcs
