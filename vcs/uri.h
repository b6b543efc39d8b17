#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::vcs {

/// One segment of a path, or one value of a query: everything but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

/// A field of an application/x-www-form-urlencoded body, decoded; nothing when it isn't there or an escape is
/// broken.
std::optional<std::string> form_field(std::string_view body, std::string_view name);

}  // namespace slipway::vcs
