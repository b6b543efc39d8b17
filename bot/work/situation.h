#pragma once

#include "bot/change/decide.h"
#include "bot/config/config.h"
#include "store/store.h"

namespace slipway::work {

/// What `decide` may know of an event about a pull request.
change::Situation load_situation(const store::Snapshot& rows, const config::Config& config,
                                 const PullId& pull, const change::Event& event, Time now);

/// Plans that a state speaks of; may hold empty ids.
std::vector<PlanId> plans_of(const Change& change);

}  // namespace slipway::work
