#pragma once

#include "core/children.h"

namespace slipway::policies {

/// This test program's own children: `slipway internal jq` as the server starts it.
Children& children();

}  // namespace slipway::policies
