#pragma once

#include "core/query.h"

namespace slipway::state {

/// jq as the server asks it: this test program is its own child.
Query& query();

}  // namespace slipway::state
