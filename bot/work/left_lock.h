#pragma once

#include "bot/work/place.h"

#include <string>

namespace slipway::work {

/// Terraform's lock on a state, left by a run of ours that is proven dead: its lock names it, the Store knows
/// it as a run on this very state, and neither its keeper nor its Terraform lives. A lock of anybody else is
/// never released without a person.
bool is_left_by_the_dead(const Tools& tools, const StateKey& key, const LockHolder& lock);

/// Releases such a lock; false: it could not be done, and why is in the log.
bool release_left_lock(const Tools& tools, const runner::StateRequest& request, const LockProof& proof,
                       const LockHolder& lock, runner::RunLog& log, std::stop_token stop);

/// In one line; where a lock was in the way, who holds it, since when and for what, as much as is known.
std::string words_of(const runner::RunFailed& failed);

}  // namespace slipway::work
