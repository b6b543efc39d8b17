#pragma once

#include "bot/change/event.h"
#include "core/change.h"
#include "core/freeze.h"
#include "core/job.h"
#include "core/plan_record.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace slipway::change {

enum class Emoji { Eyes, Rocket, ThumbsDown, Confused };
/// The reasons for a short new comment (an edit of the sticky one notifies nobody).
enum class Notice { Applied, ApplyFailed, Interrupted, AwaitingConfirm, DestroysChanged, Degraded };
/// Results are said at once; progress waits, so that edits coalesce.
enum class Haste { Result, Progress };

/// What a decision wants done. Each becomes rows in the transaction of the decision; the world hears of it by
/// jobs.
namespace action {

/// Fetch base and head of an open pull request, merge, find the projects.
struct Prepare {
  PullId pull;
};
/// The same for what was merged.
struct PrepareMerge {
  PullId pull;
};
/// Find out what the base branch says of the projects that were applied from a closed pull request, or from
/// one that its merge queue let go.
struct PrepareClosed {
  PullId pull;
  std::chrono::seconds delay{0};
};
/// Look at the merge queue's commit again: something of it was still being applied for another.
struct PrepareGroup {
  PullId pull;
};
/// Look at a pull request that a decision about another has ended.
struct Look {
  PullId pull;
};
struct RunPlan {
  ChangeId change;
  RunId run;
  Priority priority = Priority::Plan;
  std::vector<std::string> flags;
  std::string actor;
};
/// A run that nobody waits for any more: it is interrupted if it runs, dropped if it waits.
struct Stop {
  ChangeId change;
  RunId run;
};
/// Find out what a plan would be made from now.
struct Verify {
  ChangeId change;
};
struct RunApply {
  ChangeId change;
  RunId run;
  PlanId plan;
  std::string actor;
  std::chrono::seconds delay{0};
};
/// Write where it belongs what an apply left unwritten.
struct PushState {
  ChangeId change;
  RunId run;
  std::string blob;
};
/// terraform force-unlock
struct ReleaseLock {
  ChangeId change;
  RunId run;
  LockOrder order;
};
struct KeepPlan {
  PlanRecord record;
};
struct SaveVerdicts {
  PlanId plan;
  std::vector<Verdict> verdicts;
};
struct MarkShown {
  PlanId plan;
};
struct SaySticky {
  PullId pull;
  Haste haste = Haste::Progress;
};
struct SayNotice {
  PullId pull;
  Notice what = Notice::Applied;
  std::vector<ProjectId> projects;
  std::string key;  // the same key is never said twice
  std::vector<std::string> mentions;
};
struct SayReply {
  PullId pull;
  std::string key;  // the same key is never said twice
  std::string to;
  std::string text;
  std::string quote;  // what they wrote
};
struct React {
  PullId pull;
  std::int64_t comment = 0;  // 0: the pull request itself
  Emoji emoji = Emoji::Eyes;
};
struct SetStatuses {
  PullId pull;
};
/// The issues of its projects at the forge are brought up to date: raised, or closed.
struct SayIssues {
  PullId pull;
};
/// The state of this project moved: other pull requests' plans on it are stale.
struct Refresh {
  StateKey key;
  PullId but;
};
/// By then its queue may advance: it is looked at again.
struct AdvanceAt {
  ChangeId change;
  Time at{};
};
/// From now on nothing begins that this covers.
struct Freeze {
  slipway::Freeze freeze;
};
struct Thaw {
  FreezeScope scope;
};
struct Record {
  std::string actor;
  std::string what;  // apply.started
  std::string subject;
  std::string detail;
};

}  // namespace action

using Action = std::variant<action::Prepare, action::PrepareMerge, action::PrepareClosed,
                            action::PrepareGroup, action::Look, action::RunPlan, action::Stop, action::Verify,
                            action::RunApply, action::PushState, action::ReleaseLock, action::KeepPlan,
                            action::SaveVerdicts, action::MarkShown, action::SaySticky, action::SayNotice,
                            action::SayReply, action::React, action::SetStatuses, action::SayIssues,
                            action::Refresh, action::AdvanceAt, action::Freeze, action::Thaw, action::Record>;

}  // namespace slipway::change
