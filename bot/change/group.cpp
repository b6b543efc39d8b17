#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>
#include <utility>

namespace slipway::change {
namespace {

bool asked_by_queue(const ChangeState& state) {
  const phase::Trigger* trigger = trigger_ever(state);
  return trigger != nullptr && trigger->group;
}

/// What a person has to do first stands in its row, and asking for a plan again would only hide it.
bool stands_in_the_way(const Change& change, const Sha& head) {
  const UnwrittenState* unwritten = unwritten_of(change.state);
  const bool refused = std::holds_alternative<phase::Blocked>(change.state) ||
                       std::holds_alternative<phase::PlanFailed>(change.state);
  return (refused && change.head == head) || (unwritten != nullptr && !unwritten->written);
}

/// Whose plan is approved by the queue's asking: what was shown and stood. A question that was not answered
/// stays one, and is compared with what had been approved before it.
void take_approved(const Draft& draft, const Change& change, phase::Trigger& trigger) {
  const auto* ready = std::get_if<phase::Ready>(&change.state);
  const phase::Trigger* before = trigger_ever(change.state);
  PlanId plan = change.shown;
  if (ready != nullptr && !ready->confirmed_by.empty()) {
    plan = ready->plan;
    trigger.confirmed = true;
    trigger.actor = ready->confirmed_by;
  } else if (before != nullptr && before->group) {
    plan = before->plan;
    trigger.confirmed = before->confirmed;
  } else if (before != nullptr && before->closed) {
    plan.clear();  // of the base: nothing that this pull request does
  }
  const PlanRecord* record = draft.plan(plan);
  if (record != nullptr && record->head == draft.pull().pull.head) trigger.plan = plan;
}

/// A project that has to be applied first and is not applied in the queue; empty: none.
std::string needs_the_merge(const Draft& draft, const event::GroupPrepared& event,
                            const event::FoundProject& project) {
  for (const event::FoundProject& other : event.projects) {
    const auto& needs = project.depends_on;
    if (std::find(needs.begin(), needs.end(), other.id) == needs.end() || !other.cannot_apply.empty() ||
        draft.rules().mode(other.id) == ApplyMode::InQueue)
      continue;
    const Change* known = draft.find({draft.pull().pull.id, other.id});
    const bool needs_it = known == nullptr || !(std::holds_alternative<phase::NoChanges>(known->state) ||
                                                std::holds_alternative<phase::Done>(known->state));
    if (needs_it)
      return fmt::format("it depends on `{}`, which is not applied in the merge queue", to_string(other.id));
  }
  return {};
}

phase::Trigger asked_by(const Draft& draft, const event::GroupPrepared& event,
                        const event::FoundProject& project, const Change* known) {
  phase::Trigger trigger;
  trigger.merge = false;
  trigger.group = true;
  trigger.actor = draft.pull().pull.author;
  trigger.commit = event.group.commit;
  trigger.base_before = event.group.base;
  trigger.at = event.asked_at;
  if (known != nullptr) take_approved(draft, *known, trigger);
  trigger.lacks =
      lacking_requirement(draft.rules(), draft.pull(), trigger,
                          known == nullptr ? std::vector<const PlanRecord*>() : draft.plans_of(known->id));
  if (trigger.lacks.empty()) trigger.lacks = needs_the_merge(draft, event, project);
  return trigger;
}

/// Nothing of it has begun: it waits for whatever is next.
void withdraw(Draft& draft, const ChangeId& id) {
  if (const RunId run = planning_run(draft.find(id)->state); !run.empty()) draft.act(action::Stop{id, run});
  draft.move(id, Way::LetGo, phase::Discarded{"its merge queue let it go"});
  part(draft, id);
  release(draft, id);
}

bool may_be_withdrawn(const ChangeState& state) {
  return std::holds_alternative<phase::Queued>(state) || std::holds_alternative<phase::Verifying>(state) ||
         std::holds_alternative<phase::Replanning>(state);
}

/// What this commit does not touch is not asked of it.
void forget_untouched(Draft& draft, const std::set<ChangeId>& found) {
  for (const auto& [id, change] : std::map(draft.changes())) {
    const phase::Trigger* trigger = trigger_ever(change.state);
    if (found.contains(id) || draft.rules().mode(id.project) != ApplyMode::InQueue || over(change.state) ||
        under_way(change.state) || (trigger != nullptr && trigger->closed))
      continue;
    if (const RunId run = planning_run(change.state); !run.empty()) draft.act(action::Stop{id, run});
    draft.move(id, Way::Dropped, phase::Discarded{"this commit does not touch it", true});
  }
}

}  // namespace

bool is_through(const ChangeState& state) {
  return std::holds_alternative<phase::NoChanges>(state) || std::holds_alternative<phase::Done>(state) ||
         std::holds_alternative<phase::Degraded>(state);
}

bool through_in_queue(const Change& change) {
  return asked_by_queue(change.state) &&
         (is_through(change.state) || std::holds_alternative<phase::Onboarding>(change.state));
}

void let_go(Draft& draft) {
  if (draft.pull().group.commit.empty()) return;
  draft.edit_pull().group = {};
  for (const auto& [id, change] : std::map(draft.changes()))
    if (asked_by_queue(change.state) && may_be_withdrawn(change.state)) withdraw(draft, id);
}

void keep_as_merged(Draft& draft, const ChangeId& id, const event::MergePrepared& event) {
  ChangeState next = draft.find(id)->state;
  std::visit(
      [&](auto& state) {
        phase::Trigger* trigger = nullptr;
        if constexpr (requires { state.trigger; }) trigger = &state.trigger;
        if constexpr (requires { state.applied; }) trigger = &state.applied.trigger;
        if (trigger == nullptr) return;
        trigger->merge = true;
        trigger->group = false;
        trigger->commit = event.commit;
        trigger->base_before = event.base_before;
        trigger->order = event.order;
      },
      next);
  draft.update(id, std::move(next));
  draft.edit(id).applied_by.clear();
}

void on(Draft& draft, const event::GroupPrepared& event) {
  const PullId pull = draft.pull().pull.id;
  const PullRequest& known_pull = draft.pull().pull;
  // Pushed to, closed or turned to another branch since: it leaves the queue by that.
  if (event.now.state != PullState::Open || known_pull.state != PullState::Open ||
      event.now.base_branch != known_pull.base_branch || event.now.head != draft.pull().planned_head)
    return;
  HeldPull& held = draft.edit_pull();
  held.pull = event.now;
  held.group = event.group;
  std::set<ChangeId> found;
  for (const event::FoundProject& project : event.projects) found.insert({pull, project.id});
  forget_untouched(draft, found);
  std::vector<ChangeId> asked;
  for (const event::FoundProject& project : event.projects) {
    const ChangeId id{pull, project.id};
    if (draft.rules().mode(project.id) != ApplyMode::InQueue || !project.cannot_apply.empty()) continue;
    const Change* known = draft.find(id);
    if (known != nullptr) {
      const phase::Trigger* before = trigger_ever(known->state);
      const bool asked_for_it = before != nullptr && before->group && before->commit == event.group.commit;
      // What is being applied for another commit of the queue goes on; then this one is looked at again.
      if (asked_for_it || std::holds_alternative<phase::Applying>(known->state) ||
          stands_in_the_way(*known, event.now.head))
        continue;
    }
    phase::Trigger trigger = asked_by(draft, event, project, known);
    if (known != nullptr) {
      if (may_be_withdrawn(known->state)) withdraw(draft, id);
      if (const RunId run = planning_run(draft.find(id)->state); !run.empty())
        draft.act(action::Stop{id, run});
      part(draft, id);
    }
    Change& change = known == nullptr ? draft.begin(id) : draft.edit(id);
    change.head = event.now.head;
    change.base = event.group.base;
    change.removed = !project.removed_from.empty();
    change.merge_tree = change.removed ? project.removed_from : event.tree;
    change.cannot_apply.clear();
    change.depends_on = project.depends_on;
    change.warnings = project.warnings;
    enqueue(draft, id, Way::AskedByQueue, std::move(trigger));
    asked.push_back(id);
  }
  // All of them stand in their queues before any begins: one may depend on another.
  for (const ChangeId& id : asked) advance(draft, state_key(id));
  show(draft, pull, Haste::Progress);
}

void on(Draft& draft, const event::GroupGone& event) {
  if (draft.pull().group.commit != event.commit) return;
  let_go(draft);
  // The base branch may have moved, or the pull request been pushed to.
  draft.act(action::Look{draft.pull().pull.id});
  draft.act(action::Prepare{draft.pull().pull.id});
  show(draft, draft.pull().pull.id, Haste::Result);
}

}  // namespace slipway::change
