#pragma once

#include "runner/enter_request.h"

namespace slipway::runner {

/// Where there is no pid namespace whose end ends all: stays between the server and the command as the parent
/// to whom orphans return, so that no process of the command is ever out of reach. Ends them all when the
/// command ended, on SIGTERM, or when the server is gone, and returns the command's exit code (128 + n when
/// signal n ended it).
int supervise(EnterRequest request);

}  // namespace slipway::runner
