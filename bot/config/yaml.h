#pragma once

#include "core/settings.h"

#include <string>
#include <string_view>

namespace slipway::config {

inline constexpr std::size_t kMaxYamlDepth = 64;
inline constexpr std::size_t kMaxYamlBytes = 4u << 20;

/// YAML as Settings. Duplicate keys, more than one document and anchors that repeat themselves without end
/// are refused. Throws SettingsError.
Settings read_yaml(std::string_view text, const std::string& name);

}  // namespace slipway::config
