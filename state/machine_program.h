#pragma once

#include "state/state.h"

#include <string>

namespace slipway::state {

/// A rule as one jq program, so that all instances of a type are asked in one go. For each input it yields an
/// object with a member for each expression: {"got": [values]}, or {"failed": message}. When `when` yields
/// nothing but null and false there is no other member than that.
std::string program_of(const MachineRule& rule);

}  // namespace slipway::state
