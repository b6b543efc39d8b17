#include "vcs/timestamps.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {

TEST_CASE("times are read as forges write them") {
  CHECK(to_millis(parse_rfc3339("1970-01-01T00:00:01Z").value()) == 1000);
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T12:53:00Z").value()) == "2026-11-22T12:53:00.000Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T12:53:00.5Z").value()) == "2026-11-22T12:53:00.500Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T12:53:00.123456789Z").value()) == "2026-11-22T12:53:00.123Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T21:53:00+09:00").value()) == "2026-11-22T12:53:00.000Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T10:53:00-02:00").value()) == "2026-11-22T12:53:00.000Z");
}

TEST_CASE("what is no time is none") {
  for (const auto text :
       {"", "yesterday", "2026-11-22", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z",
        "2026-11-22T12:53:00", "2026-11-22T12:53:00Zjunk", "2026-11-22 12:53:00Z", "-026-11-22T12:53:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("a Date header is read") {
  CHECK(to_rfc3339(parse_http_date("Sun, 22 Nov 2026 12:53:00 GMT").value()) == "2026-11-22T12:53:00.000Z");
  CHECK_FALSE(parse_http_date("Sun, 22 Xyz 2026 12:53:00 GMT").has_value());
  CHECK_FALSE(parse_http_date("Sunday, 22-Nov-26 12:53:00 GMT").has_value());
  CHECK_FALSE(parse_http_date("").has_value());
}

}  // namespace slipway::vcs
