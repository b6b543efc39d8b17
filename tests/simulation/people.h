#pragma once

#include "tests/simulation/scene.h"

namespace slipway::simulation {

/// Somebody does something at the forge, in git, or behind everybody's back.
void act(Scene& scene);

/// Somebody ends the freeze of a project, or of all ("").
void thaw(Scene& scene, const std::string& dir);

/// A pull request that was merged before the bot saw the repository, and that somebody touches later.
void remember_old_merge(Scene& scene);

/// A webhook about this comes on its way, unless it is lost; it may come twice.
void send_pull_letter(Scene& scene, std::int64_t number, std::string_view action);

}  // namespace slipway::simulation
