#pragma once

#include <string_view>

namespace slipway {

/// Of this build, from the project's CMakeLists.txt.
inline constexpr std::string_view kVersion = SLIPWAY_VERSION;

}  // namespace slipway
