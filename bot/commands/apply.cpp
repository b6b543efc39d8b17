#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

namespace slipway::commands {

using namespace change;

namespace {

phase::Trigger asked_by(const event::Commanded& event, const Change& change) {
  phase::Trigger trigger;
  trigger.merge = false;
  trigger.actor = event.comment.author;
  trigger.commit = event.now.head;
  trigger.base_before = change.base;
  trigger.at = event.comment.at;
  trigger.plan = change.shown;
  return trigger;
}

/// What an entitled person confirms: exactly this plan, in the place of the merge or comment that asked
/// first.
void confirm(Draft& draft, const event::Commanded& event, const Change& change, phase::Trigger trigger,
             const PlanId& plan) {
  if (const std::string why = may_confirm(draft, event); !why.empty()) {
    refuse(draft, event, fmt::format("Not confirmed: {}.", why));
    return;
  }
  const PlanRecord* record = draft.plan(plan);
  if (record == nullptr || !record->shown_at) {
    refuse(draft, event, fmt::format("Plan `{}` has not been shown yet.", plan));
    return;
  }
  if (const auto names = blocking(*record); !names.empty()) {
    refuse(draft, event,
           fmt::format("Not applied: a policy stands in the way: `{}`.", fmt::join(names, "`, `")));
    return;
  }
  trigger.confirmed = true;
  trigger.plan = plan;
  trigger.actor = event.comment.author;
  trigger.at = event.comment.at;
  draft.act(action::Record{event.comment.author, "plan.confirmed", to_string(change.id), "plan " + plan});
  enqueue(draft, change.id, std::move(trigger));
  show(draft, change.id.pull, Haste::Progress);
}

/// `apply PLAN_ID`
void confirm_by_id(Draft& draft, const event::Commanded& event, const PlanId& id) {
  for (const auto& [key, change] : std::map(draft.changes())) {
    if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state);
        waiting && waiting->plan == id) {
      confirm(draft, event, change, waiting->trigger, id);
      return;
    }
    if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state); failed && failed->left == id) {
      confirm(draft, event, change, failed->trigger, id);
      return;
    }
    if (const auto* lost = std::get_if<phase::Interrupted>(&change.state); lost && lost->left == id) {
      confirm(draft, event, change, lost->trigger, id);
      return;
    }
  }
  const PlanRecord* record = draft.plan(id);
  const Change* change = record == nullptr ? nullptr : draft.find(record->change);
  refuse(draft, event,
         change == nullptr ? fmt::format("This pull request has no plan `{}`.", id)
                           : fmt::format("Plan `{}` does not wait for a confirmation: it is in state {}.", id,
                                         name_of(change->state)));
}

/// Before the merge, where the config says so.
void apply_ready(Draft& draft, const event::Commanded& event, const Change& change,
                 std::vector<std::string>& refused) {
  if (!change.cannot_apply.empty()) {
    refused.push_back(fmt::format("`{}`: {}", to_string(change.id.project), change.cannot_apply));
    return;
  }
  if (change.head != event.now.head) {
    refused.push_back(fmt::format("`{}`: the plan shown is of another commit", to_string(change.id.project)));
    return;
  }
  enqueue(draft, change.id, asked_by(event, change));
}

}  // namespace

void apply_step(Draft& draft, const event::Commanded& event) {
  if (!event.call.words.empty()) {
    confirm_by_id(draft, event, event.call.words.front());
    return;
  }
  std::size_t asked = 0;
  std::vector<std::string> refused;
  const bool open = event.now.state == PullState::Open;
  const auto lacking = open ? unmet(draft.rules(), draft.pull()) : std::vector<std::string>();
  for (const auto& [id, change] : std::map(draft.changes())) {
    if (!event.call.selects(id.project)) continue;
    const std::string name = to_string(id.project);
    if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state);
        failed && !failed->left.empty()) {
      confirm(draft, event, change, failed->trigger, failed->left);
      ++asked;
    } else if (const auto* lost = std::get_if<phase::Interrupted>(&change.state);
               lost && !lost->left.empty()) {
      confirm(draft, event, change, lost->trigger, lost->left);
      ++asked;
    } else if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) {
      refused.push_back(waiting->plan.empty()
                            ? fmt::format("`{}` has no plan to confirm: `plan` makes one", name)
                            : fmt::format("`{}` asks for its plan by name: `apply {}`", name, waiting->plan));
    } else if (std::holds_alternative<phase::Blocked>(change.state)) {
      refused.push_back(fmt::format("`{}`: a policy stands in the way", name));
    } else if (std::holds_alternative<phase::Ready>(change.state) && open) {
      const PlanRecord* plan = draft.plan(change.shown);
      const bool by_comment =
          draft.rules().apply == ApplyMode::OnComment || (plan != nullptr && !plan->flags.empty());
      if (!by_comment) {
        refused.push_back(fmt::format("`{}` is applied when the pull request is merged", name));
      } else if (!lacking.empty()) {
        refused.push_back(fmt::format("`{}`: {}", name, fmt::join(lacking, "; ")));
      } else {
        const std::size_t before = refused.size();
        apply_ready(draft, event, change, refused);
        asked += refused.size() == before ? 1 : 0;
      }
    }
  }
  if (asked > 0) show(draft, event.now.id, Haste::Progress);
  if (!refused.empty()) {
    refuse(draft, event, fmt::format("Not applied:\n- {}", fmt::join(refused, "\n- ")));
  } else if (asked == 0) {
    refuse(draft, event, "There is no plan to apply.");
  }
}

}  // namespace slipway::commands
