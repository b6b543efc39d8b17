#pragma once

#include <algorithm>
#include <string_view>

namespace slipway::net {

/// Of ASCII letters only: the locale has no say in HTTP.
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Header names are equal in any case.
inline bool equal_names(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace slipway::net
