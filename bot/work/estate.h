#pragma once

#include "hooks/hook.h"
#include "store/tables.h"

namespace slipway::work {

/// Everything that is recorded, for projections.
hooks::Estate recorded_estate(const store::Snapshot& rows);
/// The same as monitoring should see it: a machine leaves when the apply that destroys it starts, and comes
/// back if it survives.
hooks::Estate monitored_estate(const store::Snapshot& rows);
/// The one of the two that this hook is for.
hooks::Estate estate_for(const hooks::Hook& hook, const store::Snapshot& rows);

}  // namespace slipway::work
