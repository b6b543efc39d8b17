#pragma once

#include "bot/change/decide.h"

namespace slipway::change {

/// Applies of one state never overlap and go in the order of their merges: starts the first that waits, if
/// none is under way.
void advance(Draft& draft, const StateKey& key);

/// Puts a change into its state's queue.
void enqueue(Draft& draft, const ChangeId& id, phase::Trigger trigger);

/// Holds its state: nobody else of the queue may begin.
bool under_way(const ChangeState& state);

}  // namespace slipway::change
