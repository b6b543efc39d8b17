#pragma once

#include "core/sandbox.h"

namespace slipway::hooks {

/// The strongest that this machine permits, as the server has it.
Sandbox& sandbox();

/// Whether a program of a Debian package is there; else says loudly that the test is skipped.
bool has_program(const char* path);

}  // namespace slipway::hooks
