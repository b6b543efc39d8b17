#pragma once

#include "bot/change/decide.h"

#include <string>
#include <vector>

namespace slipway::change {

/// Applies of one state never overlap and go in the order of their merges on the base branch's first-parent
/// line. Merges of one state that wait together are one apply: the newest leads, the others join it, and what
/// all of them approved is approved.

/// Puts a change into its state's queue; `advance` lets it begin.
void enqueue(Draft& draft, const ChangeId& id, Way way, phase::Trigger trigger);

/// Starts what is next on a state, if nothing is under way and nothing hinders it. Merges may be heard in any
/// order: what is next joins a later one that goes on or waits for a person. What a freeze or a closed window
/// withholds stays where it is, says so, and is looked at again when that ends.
void advance(Draft& draft, const StateKey& key);

/// Is it withheld by now? Then it waits in its queue again, and is compared anew when it may begin.
bool waits_again(Draft& draft, const ChangeId& id, Way way, phase::Trigger trigger);

/// After an apply of a state: later merges of it that ask may have asked because of what is applied now. They
/// stand in the queue again.
void compare_later(Draft& draft, const StateKey& key, const phase::Trigger& applied);

/// A change no longer holds its state: the next of its queue may begin, and those that depend on its project.
void release(Draft& draft, const ChangeId& id);

/// Those that are applied together with this one, without itself.
std::vector<ChangeId> joined_to(const Draft& draft, const ChangeId& lead);

/// The lead is out of it: who had joined it waits on its own again.
void part(Draft& draft, const ChangeId& lead);

/// The first change, of this or another pull request, that has to be applied before this one (`depends_on`);
/// nullptr: none.
const Change* depends_on_unfinished(const Draft& draft, const Change& change);

/// Must `other`, of a project that `change` depends on, be applied first? By the order of their merges; in
/// one pull request always.
bool goes_before(const Change& other, const Change& change);

/// States of changes that were asked to be applied and are not through, as `name_of` names them.
extern const std::vector<std::string> kAskedStates;

/// Holds its state: nobody else of the queue may begin.
bool under_way(const ChangeState& state);

/// Why it was asked to be applied; nullptr when it was not, or is over.
const phase::Trigger* trigger_of(const ChangeState& state);

}  // namespace slipway::change
