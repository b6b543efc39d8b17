#pragma once

#include "core/clock.h"
#include "core/http_client.h"

#include <chrono>
#include <optional>

namespace slipway::vcs {

/// What GitHub asks to wait when it refuses for the rate without saying how long ("wait for at least one
/// minute").
inline constexpr std::chrono::seconds kUnsaidLimitWait{60};
/// No forge's word makes us wait longer than this: the clock that made it may be wrong.
inline constexpr std::chrono::seconds kMaxLimitWait{3600};

/// Retry-After, in seconds or as a date.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response, Time now);

/// How long to wait when this answer is a refusal for the rate (the primary limit: x-ratelimit-remaining is
/// 0; a secondary one: Retry-After, 429, or its words); nothing when it is something else. `now` counts only
/// where the answer has no Date: the forge's clock made x-ratelimit-reset.
std::optional<std::chrono::seconds> limited_for(const HttpResponse& response, Time now);

}  // namespace slipway::vcs
