#pragma once

#include <optional>
#include <string>
#include <vector>

namespace slipway::templates {

/// What a program of this machine writes to its standard output; nothing when it is not there or fails.
std::optional<std::string> output_of(std::vector<std::string> command);

}  // namespace slipway::templates
