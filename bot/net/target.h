#pragma once

#include "core/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::net {

/// What stands between method and version in a request: "/runs/7?q=a+b", or an absolute http URL.
struct Target {
  std::string raw_path;                                   // as it was sent, without query
  std::string path;                                       // decoded
  std::map<std::string, std::string, std::less<>> query;  // decoded; of two with one name the first counts
};

/// Refuses broken escapes, what is not UTF-8, control characters, and "." and ".." as segments: clients
/// resolve them before they ask.
Result<Target> parse_target(std::string_view text);

/// Nothing when an escape is broken. `plus_is_space` in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace slipway::net
