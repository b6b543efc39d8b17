#pragma once

#include <string>

namespace slipway::templates {

/// Compares with tests/golden/<name>; UPDATE_GOLDEN=1 in the environment writes it instead.
void check_golden(const std::string& name, const std::string& text);

}  // namespace slipway::templates
