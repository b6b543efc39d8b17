#pragma once

#include "tests/simulation/scene.h"

namespace slipway::simulation {

/// What must hold when nothing moves any more: every merged change is applied, has nothing to do, or visibly
/// waits for somebody; nothing is lost, nothing was said twice.
void check_ending(Scene& scene);

}  // namespace slipway::simulation
