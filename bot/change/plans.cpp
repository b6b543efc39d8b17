#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/steps.h"

#include <algorithm>

namespace slipway::change {
namespace {

/// The rows fill as each finishes; when the last one is in, it is said at once.
Haste haste(const Draft& draft) {
  const auto& changes = draft.changes();
  const bool planning = std::any_of(changes.begin(), changes.end(), [](const auto& entry) {
    return std::holds_alternative<phase::Planning>(entry.second.state);
  });
  return planning ? Haste::Progress : Haste::Result;
}

/// A push made the plan destroy other things than the comment's readers saw: an edit alone would tell nobody.
void notice_destroys(Draft& draft, const ChangeId& id, const PlanRecord& fresh, const PlanRecord* before) {
  if (before == nullptr || !before->shown_at || fresh.destroys.empty() || before->destroys == fresh.destroys)
    return;
  draft.act(action::SayNotice{id.pull, Notice::DestroysChanged, {id.project}, "destroys:" + fresh.id, {}});
}

void reviewed(Draft& draft, const ChangeId& id, const PlanRecord& record) {
  const PlanRecord* before = draft.plan(draft.find(id)->shown);
  notice_destroys(draft, id, record, before);
  if (record.counts.none()) {
    draft.move(id, Way::NothingToDo, phase::NoChanges{record.id});
  } else if (!blocking(record).empty()) {
    draft.move(id, Way::PlanIsBlocked, phase::Blocked{record.id});
  } else {
    draft.move(id, Way::PlanIsReady, phase::Ready{record.id});
  }
  show(draft, id.pull, haste(draft));
}

/// Compared with what people saw last, approved or not: the difference is what they have to look at.
void ask(Draft& draft, const ChangeId& id, Way way, const phase::Trigger& trigger, const PlanId& fresh,
         std::string why) {
  PlanId seen = trigger.plan.empty() ? draft.find(id)->shown : trigger.plan;
  if (trigger.closed) seen.clear();  // what was applied: its opposite is asked now
  draft.move(id, way, phase::AwaitingConfirm{trigger, fresh, std::move(seen), std::move(why)});
  draft.act(
      action::SayNotice{id.pull, Notice::AwaitingConfirm, {id.project}, "confirm:" + fresh, {trigger.actor}});
  if (trigger.closed) draft.act(action::SayIssues{id.pull});
  show(draft, id.pull, Haste::Result);
  for (const ChangeId& joined : joined_to(draft, id)) show(draft, joined.pull, Haste::Result);
  release(draft, id);
}

/// Parity: the new plan does what was approved, or it is asked.
void replanned(Draft& draft, const ChangeId& id, const phase::Trigger& trigger, const PlanRecord& fresh) {
  if (fresh.counts.none()) {
    needs_nothing(draft, id, trigger, fresh.id);
    return;
  }
  std::vector<Asked> group = {{trigger, draft.plan(trigger.plan)}};
  for (const ChangeId& joined : joined_to(draft, id)) {
    const phase::Trigger& one = std::get<phase::Joined>(draft.find(joined)->state).trigger;
    group.push_back({one, draft.plan(one.plan)});
  }
  if (std::string why = Gate::compare(group, fresh, draft.now()); !why.empty()) {
    ask(draft, id, Way::Differs, trigger, fresh.id, std::move(why));
    return;
  }
  if (waits_again(draft, id, Way::WaitsAgain, trigger)) return;
  const RunId run = draft.new_run();
  phase::Applying applying{trigger, fresh.id, run};
  applying.replanned = true;
  draft.move(id, Way::HoldsAgain, std::move(applying));
  draft.act(action::RunApply{id, run, fresh.id, trigger.actor});
  draft.act(action::Record{trigger.actor, "apply.started", to_string(id),
                           "plan " + fresh.id + ", planned again: nothing that was not approved"});
  show(draft, id.pull, Haste::Progress);
}

/// All that failed was to write the state, and that has been made good: nothing is left of its plan.
void finish_rescued(Draft& draft, const ChangeId& id, const phase::ApplyFailed& failed,
                    const PlanRecord& empty) {
  const phase::Applied applied{failed.trigger, failed.plan, failed.run, false, empty.inputs.state};
  draft.move(id, Way::WasWhole, phase::Done{applied});
  draft.act(action::Record{failed.trigger.actor, "apply.done", to_string(id), "plan " + failed.plan});
  draft.act(action::SayNotice{id.pull, Notice::Applied, {id.project}, "applied:" + failed.run, {}});
  draft.act(action::SayIssues{id.pull});
  show(draft, id.pull, Haste::Result);
  conclude(draft, id, applied);
}

}  // namespace

RunId planning_run(const ChangeState& state) {
  if (const auto* planning = std::get_if<phase::Planning>(&state)) return planning->run;
  if (const auto* again = std::get_if<phase::Replanning>(&state)) return again->run;
  return {};
}

bool over(const ChangeState& state) {
  return std::holds_alternative<phase::Applied>(state) || std::holds_alternative<phase::Onboarding>(state) ||
         std::holds_alternative<phase::Done>(state) || std::holds_alternative<phase::Degraded>(state) ||
         std::holds_alternative<phase::ApplyFailed>(state) ||
         std::holds_alternative<phase::Interrupted>(state) ||
         std::holds_alternative<phase::AwaitingConfirm>(state) ||
         std::holds_alternative<phase::Discarded>(state);
}

void needs_nothing(Draft& draft, const ChangeId& id, const phase::Trigger& trigger, const PlanId& plan) {
  draft.move(id, Way::NothingLeft, phase::NoChanges{plan, trigger});
  draft.act(action::SayIssues{id.pull});
  show(draft, id.pull, Haste::Result);
  for (const ChangeId& joined : joined_to(draft, id)) {
    draft.move(joined, Way::NothingLeft,
               phase::NoChanges{plan, std::get<phase::Joined>(draft.find(joined)->state).trigger});
    draft.act(action::SayIssues{joined.pull});
    show(draft, joined.pull, Haste::Result);
    draft.act(action::Look{joined.pull});
  }
  release(draft, id);
}

void plan_again(Draft& draft, const ChangeId& id, Priority priority, std::vector<std::string> flags,
                std::string actor) {
  if (const RunId old = planning_run(draft.find(id)->state); !old.empty()) draft.act(action::Stop{id, old});
  const RunId run = draft.new_run();
  draft.move(id, Way::PlanBegins, phase::Planning{run});
  draft.act(action::RunPlan{id, run, priority, std::move(flags), std::move(actor)});
}

void on(Draft& draft, const event::Planned& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  const PlanRecord& record = event.record;
  const auto keep = [&] {
    draft.act(action::KeepPlan{record});
    draft.add_plan(record);
  };
  if (const auto* planning = std::get_if<phase::Planning>(&change->state);
      planning && planning->run == record.run) {
    keep();
    reviewed(draft, event.change, record);
  } else if (const auto* again = std::get_if<phase::Replanning>(&change->state);
             again && again->run == record.run) {
    keep();
    replanned(draft, event.change, phase::Trigger(again->trigger), record);
  } else if (const auto* failed = std::get_if<phase::ApplyFailed>(&change->state);
             failed && failed->left.empty()) {
    keep();
    if (failed->unwritten.written && record.counts.none()) {
      finish_rescued(draft, event.change, phase::ApplyFailed(*failed), record);
      return;
    }
    phase::ApplyFailed next = *failed;
    next.left = record.id;
    draft.update(event.change, std::move(next));
    show(draft, event.change.pull, Haste::Result);
  } else if (const auto* lost = std::get_if<phase::Interrupted>(&change->state); lost && lost->left.empty()) {
    keep();
    if (record.counts.none()) {
      // Everything it was to do is done: the plan of the same commit is empty.
      const phase::Applied applied{lost->trigger, lost->plan, lost->run, false, lost->after};
      draft.move(event.change, Way::WasWhole, phase::Done{applied});
      conclude(draft, event.change, applied);
    } else {
      phase::Interrupted next = *lost;
      next.left = record.id;
      draft.update(event.change, std::move(next));
    }
    show(draft, event.change.pull, Haste::Result);
  }
}

void on(Draft& draft, const event::PlanFailed& event) {
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  if (const auto* planning = std::get_if<phase::Planning>(&change->state);
      planning && planning->run == event.run) {
    draft.move(event.change, Way::PlanFails, phase::PlanFailed{event.run, event.error, event.diagnostics});
    show(draft, event.change.pull, haste(draft));
  } else if (const auto* again = std::get_if<phase::Replanning>(&change->state);
             again && again->run == event.run) {
    ask(draft, event.change, Way::ReplanFails, phase::Trigger(again->trigger), {},
        "planning it again failed: " + event.error);
  }
}

void on(Draft& draft, const event::Shown& event) {
  for (const PlanId& id : event.plans) {
    const PlanRecord* record = draft.plan(id);
    if (record == nullptr) continue;
    if (!record->shown_at) draft.act(action::MarkShown{id});
    const Change* change = draft.find(record->change);
    if (change != nullptr && change->shown != id) draft.edit(record->change).shown = id;
  }
}

}  // namespace slipway::change
