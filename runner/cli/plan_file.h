#pragma once

#include "core/result.h"
#include "core/state_version.h"

#include <string>

namespace slipway::runner {

/// The state that a saved plan was made from, as the plan itself has it: its lineage and serial. (A saved
/// plan is a ZIP file; its entry `tfstate` is the state as it was read and refreshed, version 4, with both.)
/// Throws Failure when the file can't be read.
Result<StateSerial> prior_state(const std::string& plan_file);

}  // namespace slipway::runner
