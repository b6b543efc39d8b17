#include "vcs/rate_limit.h"

#include "vcs/timestamps.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

using std::chrono::seconds;

const Time kNow = parse_rfc3339("2026-11-22T12:00:00Z").value();

HttpResponse answer(int status, std::vector<HttpHeader> headers, std::string body = "{}") {
  return {status, std::move(headers), std::move(body)};
}

}  // namespace

TEST_CASE("a used up limit is waited for until it is reset, by the forge's own clock") {
  const auto reset = std::to_string(to_millis(kNow) / 1000 + 300);
  const std::vector<HttpHeader> used{{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", reset}};
  CHECK(limited_for(answer(403, used), kNow) == seconds(300));
  auto later = used;
  later.emplace_back("Date", "Sun, 22 Nov 2026 12:04:00 GMT");
  CHECK(limited_for(answer(403, later), kNow) == seconds(60));
  CHECK_FALSE(limited_for(answer(200, used), kNow).has_value());
}

TEST_CASE("Retry-After is taken in seconds and as a date") {
  CHECK(limited_for(answer(429, {{"Retry-After", "17"}}), kNow) == seconds(17));
  CHECK(limited_for(answer(403, {{"Retry-After", "Sun, 22 Nov 2026 12:00:30 GMT"}}), kNow) == seconds(30));
  CHECK(retry_after(answer(503, {{"Retry-After", "5"}}), kNow) == seconds(5));
  CHECK_FALSE(retry_after(answer(503, {{"Retry-After", "soon"}}), kNow).has_value());
}

TEST_CASE("a secondary limit that does not say how long is waited for a minute") {
  CHECK(limited_for(answer(403, {}, "You have exceeded a secondary rate limit."), kNow) == kUnsaidLimitWait);
  CHECK(limited_for(answer(429, {}), kNow) == kUnsaidLimitWait);
  CHECK_FALSE(limited_for(answer(403, {}, "Resource not accessible"), kNow).has_value());
}

TEST_CASE("no clock of the forge's makes us wait for ever") {
  CHECK(limited_for(answer(429, {{"Retry-After", "99999999999999"}}), kNow) == kMaxLimitWait);
  const std::vector<HttpHeader> odd{{"X-RateLimit-Remaining", "0"},
                                    {"X-RateLimit-Reset", "9223372036854775807"}};
  CHECK(limited_for(answer(403, odd), kNow) == kUnsaidLimitWait);
  CHECK(limited_for(answer(403, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1"}}), kNow) ==
        seconds(1));
}

}  // namespace slipway::vcs
