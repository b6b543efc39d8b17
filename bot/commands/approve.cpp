#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::commands {

using namespace change;

namespace {

const PlanId* judged_plan(const ChangeState& state) {
  if (const auto* blocked = std::get_if<phase::Blocked>(&state)) return &blocked->plan;
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&state)) return &waiting->plan;
  return nullptr;
}

/// The comment that shows the plan was there when the command was written: an override is for what its owner
/// saw, not for what a push made of it since.
bool could_be_seen(const event::Commanded& event, const PlanRecord& plan) {
  return plan.shown_at && *plan.shown_at <= event.comment.at + kForgeTimeGrain;
}

bool owns(const event::Commanded& event, const Verdict& verdict) {
  return std::any_of(verdict.owners.begin(), verdict.owners.end(), [&](const std::string& owner) {
    return std::find(event.owner_of.begin(), event.owner_of.end(), owner) != event.owner_of.end();
  });
}

}  // namespace

void approve_step(Draft& draft, const event::Commanded& event) {
  if (event.call.words.empty()) {
    refuse(draft, event, "Say which policy: `approve POLICY`.");
    return;
  }
  const std::string& name = event.call.words.front();
  std::size_t overridden = 0;
  std::string why = fmt::format("No plan of this pull request is denied by `{}`.", name);
  for (const auto& [id, change] : std::map(draft.changes())) {
    const PlanId* plan_id = judged_plan(change.state);
    const PlanRecord* plan = plan_id == nullptr ? nullptr : draft.plan(*plan_id);
    if (plan == nullptr || !event.call.selects(id.project)) continue;
    PlanRecord next = *plan;
    bool changed = false;
    for (Verdict& verdict : next.verdicts) {
      if (verdict.policy != name || !verdict.blocks()) continue;
      if (verdict.level == PolicyLevel::Mandatory) {
        why = fmt::format("`{}` is mandatory: nobody can override it.", name);
      } else if (!owns(event, verdict)) {
        why = fmt::format("Only its owners can override `{}`: {}.", name, fmt::join(verdict.owners, ", "));
      } else if (!could_be_seen(event, *plan)) {
        why = fmt::format("Plan `{}` was not shown yet when you wrote this: look at it first.", plan->id);
      } else {
        verdict.overridden_by = event.comment.author;
        changed = true;
      }
    }
    if (!changed) continue;
    ++overridden;
    draft.act(action::SaveVerdicts{next.id, next.verdicts});
    draft.act(action::Record{event.comment.author, "policy.overridden", to_string(id),
                             name + " for plan " + next.id});
    draft.add_plan(next);
    if (!blocking(next).empty()) continue;
    if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) {
      phase::AwaitingConfirm asked = *waiting;
      asked.why = fmt::format("`{}` was approved only now", name);
      draft.update(id, std::move(asked));
    } else {
      draft.move(id, Way::PolicyOverridden, phase::Ready{next.id});
    }
  }
  if (overridden == 0) {
    refuse(draft, event, why);
    return;
  }
  show(draft, event.now.id, Haste::Result);
}

}  // namespace slipway::commands
