#pragma once

#include "tests/simulation/scene.h"

namespace slipway::simulation {

/// What must hold after every step (design.md §5), each rule a function of its own over what the model knows
/// and what plain SQL tells. Nothing here asks the code under test what is right.

/// After a commit.
void check_rows(Scene& scene);
/// When Terraform begins to apply something: was it allowed?
void check_apply_begins(Scene& scene, const SimulatedTerraform::Kept& kept, const LockProof& lock);
/// After a step of a running apply.
void check_applies(Scene& scene);

}  // namespace slipway::simulation
