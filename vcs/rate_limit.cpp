#include "vcs/rate_limit.h"

#include "vcs/timestamps.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace slipway::vcs {
namespace {

using std::chrono::seconds;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return {};
  return value;
}

seconds bounded(seconds wait) { return std::clamp(wait, seconds(1), kMaxLimitWait); }

seconds until(Time then, const HttpResponse& response, Time now) {
  const Time forges_now = parse_http_date(response.header("date")).value_or(now);
  return bounded(std::chrono::ceil<seconds>(then - forges_now));
}

}  // namespace

std::optional<seconds> retry_after(const HttpResponse& response, Time now) {
  const std::string_view value = response.header("retry-after");
  if (const auto count = whole_number(value))
    return bounded(seconds(std::min<std::int64_t>(*count, kMaxLimitWait.count())));
  if (const auto date = parse_http_date(value)) return until(*date, response, now);
  return {};
}

std::optional<seconds> limited_for(const HttpResponse& response, Time now) {
  if (response.status != 403 && response.status != 429) return {};
  if (const auto wait = retry_after(response, now)) return wait;
  if (response.header("x-ratelimit-remaining") == "0") {
    const auto reset = whole_number(response.header("x-ratelimit-reset"));
    // Bounded before it becomes a Time, which counts milliseconds.
    if (reset && *reset < 1'000'000'000'000) return until(Time(seconds(*reset)), response, now);
    return kUnsaidLimitWait;
  }
  const bool says_so = response.body.find("rate limit") != std::string::npos;
  return response.status == 429 || says_so ? std::optional(kUnsaidLimitWait) : std::nullopt;
}

}  // namespace slipway::vcs
