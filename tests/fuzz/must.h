#pragma once

#include <fmt/format.h>

#include <cstdlib>

namespace slipway {

/// What must hold of any input; when it does not, that is a finding.
inline void must(bool holds, const char* what) {
  if (holds) return;
  fmt::print(stderr, "does not hold: {}\n", what);
  std::abort();
}

}  // namespace slipway
