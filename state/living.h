#pragma once

#include "state/state.h"

#include <vector>

namespace slipway::state {

/// The managed instances as they live now, one for each address, in the order of addresses. Data sources are
/// read, not made. A deposed object counts only where nothing has taken its address: then it is still the one
/// that serves there.
std::vector<const Instance*> living(const State& state);

}  // namespace slipway::state
