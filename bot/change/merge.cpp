#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <vector>

namespace slipway::change {
namespace {

/// With `on_comment` the merge approves nothing: not even together with another that somebody confirms.
constexpr std::string_view kMergedBeforeApply = "it was merged before it was applied";

std::string rewritten(const PullRequest& pull) {
  return fmt::format("`{}` was rewritten after it was merged", pull.base_branch);
}

phase::Trigger asked_by(const Draft& draft, const event::MergePrepared& event, const ProjectId& project,
                        const Change* known) {
  const PullRequest& pull = draft.pull().pull;
  phase::Trigger trigger;
  trigger.merge = true;
  trigger.actor = pull.merged_by.empty() ? pull.author : pull.merged_by;
  trigger.commit = event.commit;
  trigger.base_before = event.base_before;
  trigger.order = event.order;
  trigger.at = pull.merged_at == Time{} ? draft.now() : pull.merged_at;
  // Only a plan of the very head that was merged counts as what was approved, and only if it stood.
  const PlanRecord* plan = known == nullptr ? nullptr : draft.plan(known->shown);
  const bool fell = known != nullptr && (std::holds_alternative<phase::PlanFailed>(known->state) ||
                                         std::holds_alternative<phase::Blocked>(known->state) ||
                                         std::holds_alternative<phase::Discarded>(known->state));
  if (plan != nullptr && !fell && plan->head == pull.head) trigger.plan = plan->id;
  trigger.lacks =
      lacking_requirement(draft.rules(), draft.pull(), trigger,
                          known == nullptr ? std::vector<const PlanRecord*>() : draft.plans_of(known->id));
  if (draft.rules().mode(project) == ApplyMode::OnComment && trigger.lacks.empty())
    trigger.lacks = std::string(kMergedBeforeApply);
  if (is_push(pull.id)) trigger.lacks = pull.title;
  if (event.is_gone) trigger.lacks = rewritten(pull);
  return trigger;
}

/// The merge queue had it applied from the very files that were merged.
bool merged_as_applied(const Change& change, const event::FoundProject& project,
                       const event::MergePrepared& event) {
  if (!through_in_queue(change) || change.removed != !project.removed_from.empty()) return false;
  const bool same_digest = !change.files_digest.empty() && change.files_digest == project.files_digest;
  return change.removed || change.merge_tree == event.tree || same_digest;
}

}  // namespace

void on(Draft& draft, const event::MergePrepared& event) {
  if (event.in_baseline) {
    draft.edit_pull().settled = true;
    return;
  }
  const PullId pull = draft.pull().pull.id;
  std::map<ChangeId, event::FoundProject> found;
  for (const event::FoundProject& project : event.projects)
    found.emplace(ChangeId{pull, project.id}, project);

  for (const auto& [id, change] : std::map(draft.changes())) {
    if (found.contains(id) || under_way(change.state) || over(change.state)) continue;
    if (const RunId run = planning_run(change.state); !run.empty()) draft.act(action::Stop{id, run});
    draft.move(id, Way::MergedNotTouched, phase::Discarded{"what was merged does not touch it", true});
  }
  for (const auto& [id, project] : found) {
    const Change* known = draft.find(id);
    // Applied before the merge by a comment, at this very head: the merge adds nothing. What is being applied
    // goes on.
    if (known != nullptr && !through_in_queue(*known) &&
        (under_way(known->state) || std::holds_alternative<phase::Applied>(known->state) ||
         std::holds_alternative<phase::Onboarding>(known->state) ||
         std::holds_alternative<phase::Done>(known->state) ||
         std::holds_alternative<phase::Degraded>(known->state)) &&
        (under_way(known->state) || (known->head == draft.pull().pull.head && !is_push(pull))))
      continue;
    if (known != nullptr && merged_as_applied(*known, project, event)) {
      keep_as_merged(draft, id, event);
      continue;
    }
    phase::Trigger trigger = asked_by(draft, event, id.project, known);
    if (known != nullptr) {
      if (const RunId run = planning_run(known->state); !run.empty()) draft.act(action::Stop{id, run});
    }
    Change& change = known == nullptr ? draft.begin(id) : draft.edit(id);
    change.head = draft.pull().pull.head;
    change.base = event.base_before;
    change.removed = !project.removed_from.empty();
    change.merge_tree = change.removed ? project.removed_from : event.tree;
    change.files_digest = project.files_digest;
    change.cannot_apply = project.cannot_apply;
    change.depends_on = project.depends_on;
    if (!change.cannot_apply.empty()) {
      draft.move(id, Way::MergedNotAppliable,
                 phase::Discarded{"it can't be applied: " + change.cannot_apply});
      continue;
    }
    const PlanRecord* shown = draft.plan(trigger.plan);
    if (draft.rules().mode(id.project) == ApplyMode::OnComment && shown != nullptr && !shown->counts.none()) {
      // Nobody commented before the merge: it is still a person who says that it is applied.
      const PlanId plan = trigger.plan;
      draft.move(id, Way::MergedBeforeApply,
                 phase::AwaitingConfirm{std::move(trigger), plan, {}, std::string(kMergedBeforeApply)});
      continue;
    }
    enqueue(draft, id, Way::Merged, std::move(trigger));
  }
  // All of them stand in their queues before any begins: one may depend on another.
  for (const auto& [id, project] : found) advance(draft, state_key(id));
  HeldPull& held = draft.edit_pull();
  held.planned_head = held.pull.head;  // which its changes are about now, planned before or not
  held.merge_tree = event.tree;
  held.waits_for.clear();
  held.conflicts.clear();  // of the base as it was once: what is merged has none
  held.settled = false;
  show(draft, pull, Haste::Progress);
}

void on(Draft& draft, const event::BaseRewritten& event) {
  const PullId pull = draft.pull().pull.id;
  std::vector<ChangeId> again;
  for (const ProjectId& project : event.projects) {
    const ChangeId id{pull, project};
    const Change* change = draft.find(id);
    const phase::Trigger* waits = change == nullptr ? nullptr : trigger_of(change->state);
    const UnwrittenState* unwritten = change == nullptr ? nullptr : unwritten_of(change->state);
    // What has begun goes on: it did so when the branch said it.
    if (waits == nullptr || !waits->merge || waits->order >= event.order ||
        std::holds_alternative<phase::Applying>(change->state) ||
        (unwritten != nullptr && !unwritten->written))
      continue;
    phase::Trigger trigger = *waits;
    trigger.commit = event.commit;
    if (!change->removed) trigger.base_before = event.commit;
    trigger.order = event.order;
    trigger.plan.clear();
    trigger.confirmed = false;
    if (!is_push(pull) && !trigger.closed) trigger.lacks = rewritten(draft.pull().pull);
    part(draft, id);
    enqueue(draft, id, Way::BaseRewritten, std::move(trigger));
    again.push_back(id);
  }
  for (const ChangeId& id : again) advance(draft, state_key(id));
  if (!again.empty()) show(draft, pull, Haste::Result);
}

}  // namespace slipway::change
