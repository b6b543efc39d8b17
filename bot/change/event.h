#pragma once

#include "core/change.h"
#include "core/held_pull.h"
#include "core/plan_record.h"
#include "core/pull_request.h"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace slipway::change {

class Draft;

/// Why a pull request is looked at.
enum class Cause { Webhook, BaseMoved, Reconcile };

/// A comment that is a command: what people typed, parsed and checked against the grammar.
struct Call {
  std::string command;             // registered name
  std::vector<std::string> words;  // positional: a plan id, a policy
  std::optional<std::string> dir;
  std::optional<std::string> workspace;
  std::optional<std::string> project;
  std::vector<std::string> flags;  // after "--"
  bool force = false;
  std::optional<std::chrono::seconds> lasts;

  bool selects(const ProjectId& id) const;
  bool selects_all() const { return !dir && !workspace && !project; }
};

/// What a person ordered about a lock of Terraform's.
struct LockOrder {
  std::string lock;  // its id
  std::string by;
  std::int64_t comment = 0;
};

namespace event {
struct Commanded;
}
/// What a command does, once it is known that this person may.
using CommandStep = void (*)(Draft& draft, const event::Commanded& event);

namespace event {

/// The pull request as the forge has it now.
struct Looked {
  PullRequest now;
  Cause cause = Cause::Webhook;
};
struct FoundProject {
  ProjectId id;
  std::string files_digest;
  std::string cannot_apply;
  std::vector<Diagnostic> warnings;
  std::vector<ProjectId> depends_on = {};
  bool autoplan = true;  // else it is planned when a comment asks for it
  /// Its directory is gone from the merge result, and what it made is to be destroyed: it is planned from
  /// this tree, the base's. Empty: it is there.
  Sha removed_from{};
};
/// An open pull request's base and head were fetched, merged in memory, and its projects found.
struct Prepared {
  Sha head;
  Sha base;
  Sha merge_base;
  Sha tree;  // empty with conflicts
  std::vector<std::string> conflicts;
  std::vector<FoundProject> projects;
  std::vector<std::string> notes;
  std::string policies_digest{};  // of the policies that its plans are judged by; empty: as before
};
/// The same for a merged one: what git says was merged.
struct MergePrepared {
  Sha commit;
  Sha base_before;
  std::int64_t order = 0;
  Sha tree;
  std::vector<FoundProject> projects;
  bool in_baseline = false;  // it was merged before the repository was seen for the first time
  bool is_gone = false;      // the base branch was rewritten since, and does not hold what was merged
};
/// The base branch was rewritten, and holds no more what these projects wait to be applied from.
struct BaseRewritten {
  Sha commit;  // its head now
  std::int64_t order = 0;
  std::vector<ProjectId> projects;
};
/// The base branch's head, for projects that were applied from a pull request which was closed without a
/// merge, or which its merge queue let go.
struct ClosedPrepared {
  Sha commit;
  std::int64_t order = 0;
  std::vector<FoundProject> projects;
};
/// A merge queue asks about a commit of its own, which holds this pull request alone, on the base branch's
/// head as it is now.
struct GroupPrepared {
  PullRequest now;
  QueueGroup group;
  Sha tree;
  Time asked_at{};
  std::vector<FoundProject> projects;
};
/// The merge queue does not stand by this commit any more, and has not merged it.
struct GroupGone {
  Sha commit;
};
/// It could not be done before a person repairs something: said to the person.
struct PrepareFailed {
  Sha head;
  std::string why;
};
struct Planned {
  ChangeId change;
  PlanRecord record;
};
struct PlanFailed {
  ChangeId change;
  RunId run;
  std::string error;
  std::vector<Diagnostic> diagnostics;
};
/// A command by somebody, with what the forge says of them.
struct Commanded {
  PullRequest now;
  Comment comment;
  Call call;
  CommandStep step = nullptr;  // of the registered command
  bool for_everybody = false;  // help, version: no permission is needed
  bool may_write = false;
  std::vector<std::string>
      owner_of;  // of the owners that rules and verdicts name, those that this person is (in)
};
/// What a plan of this change would be made from now: the gate compares.
struct Verified {
  ChangeId change;
  PlanInputs now;
  Sha base;
  Sha commit = {};  // that was looked at
};
/// It could not be found out, for good.
struct VerifyFailed {
  ChangeId change;
  std::string why;
};
struct ApplyProgress {
  ChangeId change;
  RunId run;
  std::size_t done = 0;
  std::size_t total = 0;
};
struct Applied {
  ChangeId change;
  RunId run;
  StateSerial after;
  std::size_t hooks = 0;  // jobs that were added with it
};
struct ApplyFailed {
  ChangeId change;
  RunId run;
  std::string error;
  std::vector<Diagnostic> diagnostics;
  std::size_t done = 0;
  std::size_t total = 0;
  bool began = false;
  bool stale = false;     // Terraform refused the saved plan: its state moved
  bool may_pass = false;  // a lock held by somebody, a download: worth another try if nothing began
  UnwrittenState unwritten = {};
  LockHolder locked_by = {};
};
struct ApplyLost {
  ChangeId change;
  RunId run;
  StateSerial before;
  StateSerial after;
  bool began = true;  // a resource may have been touched
  UnwrittenState unwritten = {};
};
/// A state that an apply could not write was pushed back; or why it can't be.
struct StatePushed {
  ChangeId change;
  std::string blob;
  std::string refusal;
};
/// A lock of Terraform's that a person had released; or why it could not be.
struct LockReleased {
  ChangeId change;
  LockOrder order;
  std::string failure;
};
/// It was to begin, and is withheld: nothing of it has begun.
struct ApplyHeldBack {
  ChangeId change;
  RunId run;
};
/// What withheld it may have ended.
struct MayAdvance {
  ChangeId change;
};
/// A hook's job ended.
struct HookEnded {
  ChangeId change;
  RunId run;
  phase::HookFailure of;  // without `why`: it was done
};
/// The state or the files under these pull requests' plans moved: plan again, at the lowest priority.
struct WentStale {
  ChangeId change;
};
/// The forge accepted the comment that shows these plans.
struct Shown {
  std::vector<PlanId> plans;
};

}  // namespace event

using Event =
    std::variant<event::Looked, event::Prepared, event::MergePrepared, event::BaseRewritten,
                 event::ClosedPrepared, event::GroupPrepared, event::GroupGone, event::PrepareFailed,
                 event::Planned, event::PlanFailed, event::Commanded, event::Verified, event::VerifyFailed,
                 event::ApplyProgress, event::Applied, event::ApplyFailed, event::ApplyLost,
                 event::StatePushed, event::LockReleased, event::ApplyHeldBack, event::MayAdvance,
                 event::HookEnded, event::WentStale, event::Shown>;

}  // namespace slipway::change
