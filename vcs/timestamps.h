#pragma once

#include "core/clock.h"

#include <optional>
#include <string_view>

namespace slipway::vcs {

/// 2026-11-22T12:53:00Z, with or without a fraction, "Z" or an offset (RFC 3339); nothing when it is
/// something else.
std::optional<Time> parse_rfc3339(std::string_view text);

/// Sun, 22 Nov 2026 12:53:00 GMT, the one form of HTTP's dates that is still sent (RFC 9110, IMF-fixdate).
std::optional<Time> parse_http_date(std::string_view text);

}  // namespace slipway::vcs
