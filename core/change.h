#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/plan.h"
#include "core/state_version.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace slipway {

/// The states of a Change (design.md §4), each with the data that it cannot be without.
namespace phase {

/// Known, nothing planned yet; `reason` says what it waits for ("a draft", "a person with write access").
struct Waiting {
  std::string reason;
  bool operator==(const Waiting&) const = default;
};
struct Planning {
  RunId run;
  bool operator==(const Planning&) const = default;
};
struct PlanFailed {
  RunId run;
  std::string error;  // one line for the table
  std::vector<Diagnostic> diagnostics;
  bool operator==(const PlanFailed&) const = default;
};
/// Planned, and no policy stands in the way.
struct Ready {
  PlanId plan;
  std::string confirmed_by = {};  // for the merge queue, which asks for it again; empty: nothing was asked
  bool operator==(const Ready&) const = default;
};
/// Planned, but a policy denies it, or could not be asked.
struct Blocked {
  PlanId plan;
  bool operator==(const Blocked&) const = default;
};

/// Why an apply was asked for, and what orders it.
struct Trigger {
  bool merge = true;   // else a comment, or a merge queue
  bool group = false;  // a merge queue, before it merges: `commit` is its own
  std::string actor;
  Sha commit;              // the merge commit; of a comment: the head
  Sha base_before;         // the base branch's commit that the merge was made onto, where known
  std::int64_t order = 0;  // place on the base branch's first-parent line; larger is later
  Time at{};
  bool confirmed = false;  // by `apply PLAN_ID`, for exactly `plan`
  PlanId plan;             // that was shown when it was asked for; empty: none
  std::string lacks;    // why asking alone approves nothing: a requirement that was not met; empty: nothing
  bool closed = false;  // its pull request was closed after it was applied: to take that back is asked
  bool let_go = false;  // not closed: the merge queue that had it applied did not merge it
  bool operator==(const Trigger&) const = default;
};
/// There is nothing to do: before the merge, or after it.
struct NoChanges {
  PlanId plan;
  Trigger trigger = {};  // of the merge that needed nothing; without a commit: it is not merged
  bool operator==(const NoChanges&) const = default;
};
struct Queued {
  Trigger trigger;
  bool operator==(const Queued&) const = default;
};
/// Merged earlier than `lead`, which is merged and waits for the same state: one plan at the newest commit
/// serves both, and both hear its result.
struct Joined {
  Trigger trigger;
  ChangeId lead;
  bool operator==(const Joined&) const = default;
};
struct Verifying {
  Trigger trigger;
  bool operator==(const Verifying&) const = default;
};
struct Replanning {
  Trigger trigger;
  RunId run;
  bool operator==(const Replanning&) const = default;
};
/// Nothing is applied until an entitled person confirms exactly `plan`.
struct AwaitingConfirm {
  Trigger trigger;
  PlanId plan;         // may be empty: there is none to confirm, `why` says what to do
  PlanId compared_to;  // what had been shown; empty: nothing had
  std::string why;
  bool operator==(const AwaitingConfirm&) const = default;
};
struct Applying {
  Trigger trigger;
  PlanId plan;
  RunId run;
  std::size_t done = 0;
  std::size_t total = 0;
  bool replanned = false;  // parity: a new plan with the same changes
  int attempt = 1;         // of starting it: what never began is tried again
  bool operator==(const Applying&) const = default;
};
struct Applied {
  Trigger trigger;
  PlanId plan;
  RunId run;
  bool replanned = false;
  StateSerial after;
  bool operator==(const Applied&) const = default;
};
/// Begun and not finished: only this project is frozen.
struct ApplyFailed {
  Trigger trigger;
  PlanId plan;
  RunId run;
  std::size_t done = 0;
  std::size_t total = 0;
  std::string error;
  std::vector<Diagnostic> diagnostics;
  PlanId left;  // the plan made afterwards: what is left; empty while it is being made
  UnwrittenState unwritten = {};
  LockHolder locked_by = {};  // who did not let it begin
  bool operator==(const ApplyFailed&) const = default;
};
/// The server and the apply's keeper died: the state serial tells what is known.
struct Interrupted {
  Trigger trigger;
  PlanId plan;
  RunId run;
  StateSerial before;
  StateSerial after;
  std::string finding;  // "state serial moved 42 → 43"
  PlanId left;
  UnwrittenState unwritten = {};
  bool operator==(const Interrupted&) const = default;
};
/// Applied, and its machines are being made known.
struct Onboarding {
  Applied applied;
  std::size_t waiting = 0;  // hooks that have not ended
  bool operator==(const Onboarding&) const = default;
};
struct Done {
  Applied applied;
  bool operator==(const Done&) const = default;
};
/// A hook that gave up on a machine.
struct HookFailure {
  std::string hook;
  std::string machine;
  std::string why = {};
  std::int64_t job = 0;  // its dead job, which a person can have done again
  bool operator==(const HookFailure&) const = default;
};
/// Applied; hooks gave up. It never un-applies, and is Done when each of them was done after all.
struct Degraded {
  Applied applied;
  std::vector<HookFailure> failures;  // one for each hook and machine
  std::size_t waiting = 0;            // hooks that have not ended
  bool operator==(const Degraded&) const = default;
};
/// Not part of the pull request's future: closed, superseded, discarded by a person.
struct Discarded {
  std::string why;
  bool untouched = false;  // what was merged leaves it as it is: nothing to plan or to apply
  bool operator==(const Discarded&) const = default;
};

}  // namespace phase

using ChangeState =
    std::variant<phase::Waiting, phase::Planning, phase::PlanFailed, phase::NoChanges, phase::Ready,
                 phase::Blocked, phase::Queued, phase::Joined, phase::Verifying, phase::Replanning,
                 phase::AwaitingConfirm, phase::Applying, phase::Applied, phase::ApplyFailed,
                 phase::Interrupted, phase::Onboarding, phase::Done, phase::Degraded, phase::Discarded>;

/// "Planning", "AwaitingConfirm": for rows, logs and tests.
std::string_view name_of(const ChangeState& state);

/// One project's way through one pull request.
struct Change {
  ChangeId id;
  ChangeState state = phase::Waiting{};
  Sha head;
  Sha base;
  Sha merge_tree;
  PlanId shown;                      // the newest plan that the comment shows, or showed
  std::vector<Diagnostic> warnings;  // of finding the project: said in the comment
  bool removed = false;              // its directory is gone on this head
  std::string
      cannot_apply;  // why it is planned only: no backend declared, a relative local one; empty: nothing
  std::string files_digest;  // of what its plan may read, on merge_tree
  std::string applied_by;    // by whose wish it was applied, as long as its base branch does not say so too
  std::vector<ProjectId> depends_on;  // projects of the same repository whose applies go before its own
  std::int64_t revision = 0;          // of the row, for compare-and-set
  Time updated{};
};

/// Why it was asked to be applied, even if that is over; nullptr: it never was.
const phase::Trigger* trigger_ever(const ChangeState& state);

/// Of the states that an apply leaves which could not write what it did; else nullptr.
const UnwrittenState* unwritten_of(const ChangeState& state);

Json to_json(const ChangeState& state);
Result<ChangeState> change_state_from_json(const Json& json);

}  // namespace slipway
