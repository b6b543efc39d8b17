#pragma once

#include "bot/change/decide.h"

namespace slipway::change {

/// One function per event, in the file of the part of a Change's life that it belongs to. Only decide.cpp
/// calls them.

// pull.cpp: what the forge and git say of the pull request
void on(Draft& draft, const event::Looked& event);
void on(Draft& draft, const event::Prepared& event);
void on(Draft& draft, const event::PrepareFailed& event);
void on(Draft& draft, const event::WentStale& event);
// merge.cpp: it was merged
void on(Draft& draft, const event::MergePrepared& event);
void on(Draft& draft, const event::BaseRewritten& event);
// closed.cpp: it was closed without a merge after it was applied
void on(Draft& draft, const event::ClosedPrepared& event);
// group.cpp: a merge queue asks for it before it merges, or lets it go
void on(Draft& draft, const event::GroupPrepared& event);
void on(Draft& draft, const event::GroupGone& event);
// plans.cpp: plans that were made
void on(Draft& draft, const event::Planned& event);
void on(Draft& draft, const event::PlanFailed& event);
void on(Draft& draft, const event::Shown& event);
// applies.cpp: the gate and the apply
void on(Draft& draft, const event::Verified& event);
void on(Draft& draft, const event::VerifyFailed& event);
void on(Draft& draft, const event::ApplyProgress& event);
void on(Draft& draft, const event::ApplyHeldBack& event);
void on(Draft& draft, const event::MayAdvance& event);
void on(Draft& draft, const event::Applied& event);
void on(Draft& draft, const event::ApplyFailed& event);
void on(Draft& draft, const event::ApplyLost& event);
void on(Draft& draft, const event::HookEnded& event);
// rescue.cpp: a state that was not written, a lock that was not given back
void on(Draft& draft, const event::StatePushed& event);
void on(Draft& draft, const event::LockReleased& event);

/// Shared by them:
/// Begins to plan a change anew; what was being planned for it is stopped.
void plan_again(Draft& draft, const ChangeId& id, Priority priority, std::vector<std::string> flags,
                std::string actor);
/// It was applied, and those that joined it with it; what waits for its state goes on.
void conclude(Draft& draft, const ChangeId& lead, const phase::Applied& applied);
/// What was merged needs nothing, and so do those that joined it.
void needs_nothing(Draft& draft, const ChangeId& id, const phase::Trigger& trigger, const PlanId& plan);
/// A run that is planning this change, or empty.
RunId planning_run(const ChangeState& state);
/// Of a closed pull request, and of one that its merge queue let go: what was applied from it is compared
/// with the base. Of one that was opened again, or merged: that is over.
void mind_closing(Draft& draft);
/// Its pull request is closed, or its merge queue let it go, and what had been applied of it was not compared
/// with the base yet.
bool left_behind(const Draft& draft, const Change& change);
/// The merge queue does not stand by its commit any more: what has not begun for that does not.
void let_go(Draft& draft);
/// Of a change that the merge queue had applied: it is merged now, from the very files.
void keep_as_merged(Draft& draft, const ChangeId& id, const event::MergePrepared& event);
/// Applied, or found to need nothing, and nothing of it goes on.
bool is_through(const ChangeState& state);
/// Applied, or found to need nothing, for a merge queue.
bool through_in_queue(const Change& change);
/// Something was applied from a pull request that is closed, and a person has to say what becomes of it.
bool asks_after_closing(const Draft& draft);
/// Nothing more will happen to it unless somebody acts.
bool over(const ChangeState& state);
/// The table, the statuses: everything that shows a pull request.
void show(Draft& draft, const PullId& pull, Haste haste);

}  // namespace slipway::change
