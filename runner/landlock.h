#pragma once

#include "runner/enter_request.h"

namespace slipway::runner {

/// The kernel's version of Landlock; 0 when it has none.
int landlock_version();

/// What version scopes signals and abstract sockets: no process outside can be signalled or talked to by
/// name.
inline constexpr int kLandlockScopes = 6;
/// The first version without holes that matter here: files can't be truncated outside either.
inline constexpr int kLandlockPaths = 3;

/// Confines this process, and all it becomes and starts. `visible`: only these paths can be opened (nullptr:
/// paths are left alone). Signals and abstract sockets stay inside where the kernel knows how. Needs
/// no_new_privs. Does nothing on a kernel without Landlock: the sandbox's level says so. Throws Failure when
/// the kernel has it and refuses.
void restrict_self(const VisiblePaths* visible);

}  // namespace slipway::runner
