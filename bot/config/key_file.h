#pragma once

#include "core/random.h"
#include "core/sealed.h"

#include <string>
#include <vector>

namespace slipway::config {

/// Reads the key file (64 hex digits a line, newest first), or makes it with mode 0600 if `create` and it is
/// missing.
std::vector<Secret> load_keys(const std::string& path, bool create, Random& random);

}  // namespace slipway::config
