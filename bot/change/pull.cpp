#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace slipway::change {
namespace {

/// A commit from outside that nobody with write access has let in.
bool locked_out(const Draft& draft, const PullRequest& now, const Sha& head) {
  return (now.from_fork || !now.author_may_write) && draft.pull().admitted_head != head;
}

/// Why nothing of this pull request is planned by itself; empty: nothing hinders.
std::string waits_for(const Draft& draft, const PullRequest& now) {
  if (now.draft) return "it is a draft: planned when it is ready for review";
  if (locked_out(draft, now, now.head)) {
    return fmt::format(
        "{}: a person with write access comments `slipway plan` to plan commit {}",
        now.from_fork ? "it comes from a fork" : fmt::format("{} has no write access", now.author),
        short_sha(now.head));
  }
  return {};
}

void discard_all(Draft& draft, std::string_view why) {
  std::vector<ChangeId> ids;
  for (const auto& [id, change] : draft.changes())
    if (!over(change.state) && !under_way(change.state)) ids.push_back(id);
  for (const ChangeId& id : ids) {
    if (const RunId run = planning_run(draft.find(id)->state); !run.empty()) draft.act(action::Stop{id, run});
    draft.move(id, Way::Dropped, phase::Discarded{std::string(why)});
  }
}

/// What was asked by a comment and differed is not asked any more.
void withdraw_questions(Draft& draft) {
  for (const auto& [id, change] : std::map(draft.changes())) {
    const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state);
    if (waiting != nullptr && !waiting->trigger.merge)
      draft.move(id, Way::Dropped, phase::Discarded{"the pull request was closed"});
  }
}

void open(Draft& draft, const PullRequest& now, Cause cause) {
  const HeldPull& before = draft.situation().pull;
  HeldPull& pull = draft.edit_pull();
  const bool reopened = std::exchange(pull.settled, false) || before.pull.state == PullState::Closed;
  const std::string waits = waits_for(draft, now);
  if (!waits.empty()) {
    const bool news = pull.waits_for != waits;
    pull.waits_for = waits;
    if (news) {
      discard_all(draft, waits);
      show(draft, now.id, Haste::Result);
    }
    return;
  }
  const bool admitted = !pull.waits_for.empty();
  pull.waits_for.clear();
  const bool moved = now.head != pull.planned_head || now.base_branch != before.pull.base_branch || reopened;
  if (!moved && !admitted && cause != Cause::BaseMoved) {
    // A review came, or went: what is still needed is another.
    if (unmet(draft.rules(), before) != unmet(draft.rules(), pull)) show(draft, now.id, Haste::Result);
    return;
  }
  if (moved && pull.planned_head.empty()) draft.act(action::React{now.id, 0, Emoji::Eyes});
  draft.act(action::Prepare{now.id});
}

/// What is planned only when somebody asks for it waits for a comment, after every push again.
bool waits_for_comment(Draft& draft, const ChangeId& id, const event::FoundProject& project, bool new_head) {
  const Change& change = *draft.find(id);
  const bool idle = std::holds_alternative<phase::Waiting>(change.state) ||
                    std::holds_alternative<phase::Discarded>(change.state);
  if (project.autoplan || (!idle && !new_head)) return false;
  if (const RunId run = planning_run(change.state); !run.empty()) draft.act(action::Stop{id, run});
  const std::string which =
      project.id.name.empty()
          ? fmt::format("-d {}{}", project.id.dir,
                        project.id.workspace == "default" ? "" : " -w " + project.id.workspace)
          : "-p " + project.id.name;
  draft.move(id, Way::NotAskedFor,
             phase::Waiting{fmt::format("it is planned by `slipway plan {}` only", which)});
  return true;
}

/// The policies that a change's plan was judged by, or is about to be, are no others now.
bool same_policies(const Draft& draft, const Change& change, const std::string& digest) {
  const PlanRecord* plan = draft.plan(change.shown);
  return plan == nullptr || digest.empty() || plan->inputs.policies_digest == digest;
}

/// Asked for by a merge queue, or let go by one: it is compared when that asks again.
bool is_the_queues(const Change& change) {
  const phase::Trigger* trigger = trigger_ever(change.state);
  return trigger != nullptr && (trigger->group || trigger->let_go);
}

/// A run for every project; those that are gone from the pull request are told so.
void plan_found(Draft& draft, const event::Prepared& event, bool new_head) {
  const PullId pull = draft.pull().pull.id;
  std::set<ChangeId> found;
  for (const event::FoundProject& project : event.projects) {
    const ChangeId id{pull, project.id};
    found.insert(id);
    const Change* known = draft.find(id);
    if (known != nullptr && (under_way(known->state) || (!new_head && is_the_queues(*known)))) continue;
    if (known != nullptr && std::holds_alternative<phase::Queued>(known->state)) {
      if (!new_head) continue;
      part(draft, id);
      draft.move(id, Way::Dropped, phase::Discarded{"its apply was asked for on an earlier commit"});
      advance(draft, state_key(id));
    }
    const bool same_files =
        known != nullptr && !project.files_digest.empty() && known->files_digest == project.files_digest;
    Change& change = known == nullptr ? draft.begin(id) : draft.edit(id);
    change.base = event.base;
    change.removed = !project.removed_from.empty();
    change.merge_tree = change.removed ? project.removed_from : event.tree;
    change.cannot_apply = project.cannot_apply;
    change.depends_on = project.depends_on;
    change.warnings = project.warnings;
    const bool planned = !std::holds_alternative<phase::Waiting>(change.state) &&
                         !std::holds_alternative<phase::Discarded>(change.state);
    const bool same = same_files && same_policies(draft, change, event.policies_digest);
    if (planned && same && !new_head) continue;
    change.head = event.head;
    change.files_digest = project.files_digest;
    part(draft, id);
    if (waits_for_comment(draft, id, project, new_head)) continue;
    plan_again(draft, id, new_head ? Priority::Plan : Priority::Refresh, {}, {});
  }
  for (const auto& [id, change] : std::map(draft.changes())) {
    if (found.contains(id) || under_way(change.state) || over(change.state)) continue;
    if (const RunId run = planning_run(change.state); !run.empty()) draft.act(action::Stop{id, run});
    draft.move(id, Way::Dropped, phase::Discarded{"this commit does not touch it"});
  }
}

}  // namespace

void show(Draft& draft, const PullId& pull, Haste haste) {
  draft.act(action::SaySticky{pull, haste});
  draft.act(action::SetStatuses{pull});
}

void on(Draft& draft, const event::Looked& event) {
  const PullRequest& now = event.now;
  const bool known = !draft.situation().pull.pull.head.empty();
  if (!draft.rules().branch_counts) return;
  const PullState before = draft.situation().pull.pull.state;
  HeldPull& pull = draft.edit_pull();
  if (pull.pull.head != now.head) pull.head_since = draft.now();
  pull.pull = now;
  switch (now.state) {
    case PullState::Open:
      open(draft, now, event.cause);
      return;
    case PullState::Closed:
      if (pull.settled) return;
      let_go(draft);
      discard_all(draft, "the pull request was closed");
      withdraw_questions(draft);
      if (draft.changes().empty()) {
        pull.settled = true;
      } else if (known) {
        show(draft, now.id, Haste::Result);
      }
      return;
    case PullState::Merged:
      // Even where it was never seen open: git tells whether the baseline holds it already.
      if (before == PullState::Merged && (pull.waits_for.empty() || pull.settled)) return;
      pull.settled = false;  // it may have been closed, and reopened unheard
      let_go(draft);
      draft.act(action::PrepareMerge{now.id});
      return;
  }
}

void on(Draft& draft, const event::Prepared& event) {
  if (draft.pull().pull.state != PullState::Open) return;
  HeldPull& pull = draft.edit_pull();
  if (locked_out(draft, pull.pull, event.head)) {
    // It was pushed since the look.
    draft.act(action::Look{pull.pull.id});
    return;
  }
  const bool new_head = pull.planned_head != event.head;
  pull.planned_head = event.head;
  pull.planned_base = event.base;
  pull.merge_base = event.merge_base;
  pull.merge_tree = event.tree;
  pull.conflicts = event.conflicts;
  pull.notes = event.notes;
  const PullId id = pull.pull.id;
  if (event.tree.empty()) {
    discard_all(draft, "it conflicts with its base branch");
    show(draft, id, Haste::Result);
    return;
  }
  plan_found(draft, event, new_head);
  const bool nothing = event.projects.empty();
  show(draft, id, nothing ? Haste::Result : Haste::Progress);
}

void on(Draft& draft, const event::PrepareFailed& event) {
  HeldPull& pull = draft.edit_pull();
  const bool merged = pull.pull.state == PullState::Merged;
  pull.waits_for = event.why;
  // What was shown before a merge is what was approved: it counts when the cause is gone.
  if (!merged) {
    pull.planned_head = event.head;
    discard_all(draft, event.why);
  }
  show(draft, pull.pull.id, Haste::Result);
}

void on(Draft& draft, const event::WentStale& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr || draft.pull().pull.state != PullState::Open || !draft.pull().waits_for.empty())
    return;
  const bool has_plan = std::holds_alternative<phase::Ready>(change->state) ||
                        std::holds_alternative<phase::Blocked>(change->state) ||
                        std::holds_alternative<phase::NoChanges>(change->state) ||
                        std::holds_alternative<phase::Planning>(change->state);
  if (!has_plan || is_the_queues(*change)) return;
  plan_again(draft, event.change, Priority::Refresh, {}, {});
  show(draft, event.change.pull, Haste::Progress);
}

}  // namespace slipway::change
