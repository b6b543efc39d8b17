#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

namespace slipway::commands {

using namespace change;

namespace {

phase::Trigger asked_by(const Draft& draft, const event::Commanded& event, const Change& change) {
  phase::Trigger trigger;
  trigger.merge = false;
  trigger.actor = event.comment.author;
  trigger.commit = event.now.head;
  trigger.base_before = change.base;
  trigger.at = event.comment.at;
  trigger.plan = change.shown;
  trigger.lacks = lacking_requirement(draft.rules(), draft.pull(), trigger, draft.plans_of(change.id));
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
  if (trigger.group) {
    // The queue let it go when it asked: it applies what is confirmed when it comes again.
    draft.act(action::Record{event.comment.author, "plan.confirmed", to_string(change.id), "plan " + plan});
    draft.move(change.id, Way::ConfirmedForQueue, phase::Ready{plan, event.comment.author});
    show(draft, change.id.pull, Haste::Result);
    return;
  }
  trigger.confirmed = true;
  trigger.plan = plan;
  trigger.actor = event.comment.author;
  trigger.at = event.comment.at;
  draft.act(action::Record{event.comment.author, "plan.confirmed", to_string(change.id), "plan " + plan});
  enqueue(draft, change.id, Way::Confirmed, std::move(trigger));
  advance(draft, state_key(change.id));
  show(draft, change.id.pull, Haste::Progress);
}

/// What of this was taken and may not begin yet; empty: nothing.
std::string held_back(const Draft& draft, const std::vector<ChangeId>& asked) {
  std::string out;
  for (const ChangeId& id : asked) {
    const Withheld* why = draft.withheld(id);
    if (why != nullptr && std::holds_alternative<phase::Queued>(draft.find(id)->state))
      out += fmt::format("\n- `{}`: {}", to_string(id.project), words_of(*why));
  }
  return out.empty() ? out : "Taken, and it waits. It goes on by itself:\n" + out;
}

/// `apply PLAN_ID`
void confirm_by_id(Draft& draft, const event::Commanded& event, const PlanId& id) {
  for (const auto& [key, change] : std::map(draft.changes())) {
    const phase::Trigger* trigger = nullptr;
    if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state);
        waiting && waiting->plan == id)
      trigger = &waiting->trigger;
    if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state); failed && failed->left == id)
      trigger = &failed->trigger;
    if (const auto* lost = std::get_if<phase::Interrupted>(&change.state); lost && lost->left == id)
      trigger = &lost->trigger;
    if (trigger == nullptr) continue;
    confirm(draft, event, change, *trigger, id);
    if (const std::string waits = held_back(draft, {key}); !waits.empty()) reply(draft, event, waits);
    return;
  }
  const PlanRecord* record = draft.plan(id);
  const Change* change = record == nullptr ? nullptr : draft.find(record->change);
  refuse(draft, event,
         change == nullptr ? fmt::format("This pull request has no plan `{}`.", id)
                           : fmt::format("Plan `{}` does not wait for a confirmation: it is in state {}.", id,
                                         name_of(change->state)));
}

/// A project of the same pull request that has to be applied before this one and is not asked for along with
/// it; nullptr: none.
const Change* needed_first(const Draft& draft, const event::Commanded& event, const Change& change) {
  for (const ProjectId& project : change.depends_on) {
    const Change* needed = draft.find({change.id.pull, project});
    if (needed == nullptr) continue;
    const ChangeState& state = needed->state;
    if (std::holds_alternative<phase::Ready>(state) && event.call.selects(project)) continue;
    if (std::holds_alternative<phase::Ready>(state) || std::holds_alternative<phase::Blocked>(state) ||
        std::holds_alternative<phase::Planning>(state) || std::holds_alternative<phase::PlanFailed>(state))
      return needed;
  }
  return nullptr;
}

/// Why a plan that stands ready is not applied by this comment; empty: it is.
std::string refusal_of(const Draft& draft, const event::Commanded& event, const Change& change) {
  const PlanRecord* plan = draft.plan(change.shown);
  const ApplyMode mode = draft.rules().mode(change.id.project);
  const bool by_comment = mode == ApplyMode::OnComment || (plan != nullptr && !plan->flags.empty());
  if (!by_comment && mode == ApplyMode::InQueue) return "it is applied in the merge queue";
  if (!by_comment) return "it is applied when the pull request is merged";
  if (const auto lacking = unmet(draft.rules(), draft.pull()); !lacking.empty())
    return fmt::format("{}", fmt::join(lacking, "; "));
  if (!change.cannot_apply.empty()) return change.cannot_apply;
  if (change.head != event.now.head) return "the plan shown is of another commit";
  if (const Change* first = needed_first(draft, event, change))
    return fmt::format("it depends on `{}`, which has to be applied first", to_string(first->id.project));
  return {};
}

}  // namespace

void apply_step(Draft& draft, const event::Commanded& event) {
  if (event.now.state == PullState::Closed && !asks_after_closing(draft)) {
    refuse(draft, event, "This pull request is closed: nothing of it is applied.");
    return;
  }
  if (!event.call.words.empty()) {
    confirm_by_id(draft, event, event.call.words.front());
    return;
  }
  std::vector<ChangeId> asked;
  std::vector<std::string> refused;
  const bool open = event.now.state == PullState::Open;
  for (const auto& [id, change] : std::map(draft.changes())) {
    if (!event.call.selects(id.project)) continue;
    const auto refuse_it = [&, name = to_string(id.project)](std::string_view why) {
      refused.push_back(fmt::format("`{}`: {}", name, why));
    };
    if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state);
        failed && !failed->left.empty()) {
      confirm(draft, event, change, failed->trigger, failed->left);
      asked.push_back(id);
    } else if (const auto* lost = std::get_if<phase::Interrupted>(&change.state);
               lost && !lost->left.empty()) {
      confirm(draft, event, change, lost->trigger, lost->left);
      asked.push_back(id);
    } else if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) {
      refuse_it(waiting->plan.empty()
                    ? "there is no plan to confirm: `plan` makes one"
                    : fmt::format("it asks for its plan by name: `apply {}`", waiting->plan));
    } else if (const auto* joined = std::get_if<phase::Joined>(&change.state)) {
      refuse_it(fmt::format("it is applied together with {}: what is asked is asked there",
                            short_name(joined->lead.pull)));
    } else if (std::holds_alternative<phase::Queued>(change.state)) {
      const Withheld* why = draft.withheld(id);
      refuse_it(why == nullptr ? "it is in its queue already"
                               : fmt::format("{}. It goes on by itself", words_of(*why)));
    } else if (std::holds_alternative<phase::Blocked>(change.state)) {
      refuse_it("a policy stands in the way");
    } else if (std::holds_alternative<phase::Ready>(change.state) && open) {
      if (const std::string why = refusal_of(draft, event, change); !why.empty()) {
        refuse_it(why);
      } else {
        asked.push_back(id);
      }
    }
  }
  for (const ChangeId& id : asked)
    if (std::holds_alternative<phase::Ready>(draft.find(id)->state))
      enqueue(draft, id, Way::AskedByComment, asked_by(draft, event, *draft.find(id)));
  // All of them stand in their queues before any begins: one may depend on another.
  for (const ChangeId& id : asked) advance(draft, state_key(id));
  if (!asked.empty()) show(draft, event.now.id, Haste::Progress);
  const std::string waits = held_back(draft, asked);
  if (!refused.empty()) {
    refuse(draft, event, fmt::format("Not applied:\n- {}\n\n{}", fmt::join(refused, "\n- "), waits));
  } else if (asked.empty()) {
    refuse(draft, event, "There is no plan to apply.");
  } else if (!waits.empty()) {
    reply(draft, event, waits);
  }
}

}  // namespace slipway::commands
