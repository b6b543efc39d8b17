#include "bot/change/gate.h"
#include "bot/change/queue.h"
#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

namespace slipway::commands {

using namespace change;

namespace {

/// After the merge what waits for a person is compared with the world again: it may apply now, or ask anew.
bool plan_what_waits(Draft& draft, const Change& change) {
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state)) {
    enqueue(draft, change.id, Way::ComparedAnew, waiting->trigger);
    advance(draft, state_key(change.id));
    return true;
  }
  ChangeState next = change.state;
  if (auto* failed = std::get_if<phase::ApplyFailed>(&next)) {
    failed->left.clear();
  } else if (auto* lost = std::get_if<phase::Interrupted>(&next)) {
    lost->left.clear();
  } else {
    return false;
  }
  draft.update(change.id, std::move(next));
  draft.act(action::RunPlan{change.id, draft.new_run(), Priority::PersonsPlan, {}, {}});
  return true;
}

void plan_merged(Draft& draft, const event::Commanded& event) {
  if (!draft.pull().waits_for.empty()) {
    draft.act(action::PrepareMerge{event.now.id});
    return;
  }
  std::size_t planned = 0;
  for (const auto& [id, change] : std::map(draft.changes()))
    if (event.call.selects(id.project) && plan_what_waits(draft, change)) ++planned;
  if (planned == 0) {
    refuse(draft, event, "Nothing of this pull request waits: there is nothing to plan.");
  } else {
    show(draft, event.now.id, Haste::Progress);
  }
}

}  // namespace

void plan_step(Draft& draft, const event::Commanded& event) {
  const PullRequest& now = event.now;
  if (now.state == PullState::Merged || (now.state == PullState::Closed && asks_after_closing(draft))) {
    plan_merged(draft, event);
    return;
  }
  if (now.state == PullState::Closed) {
    refuse(draft, event, "This pull request is closed: there is nothing to plan.");
    return;
  }
  HeldPull& pull = draft.edit_pull();
  const bool let_in = !pull.waits_for.empty() || pull.planned_head != now.head || draft.changes().empty();
  const bool outsider = now.from_fork || !now.author_may_write;
  if (let_in && outsider && event.comment.at + kForgeTimeGrain < pull.head_since) {
    refuse(draft, event,
           fmt::format("Commit {} was seen only after this was written: look at it, and comment again.",
                       short_sha(now.head)));
    return;
  }
  if (let_in) {
    pull.admitted_head = now.head;
    pull.waits_for.clear();
    pull.planned_head.clear();  // whatever was found before is found again, on this head
    draft.act(action::Prepare{now.id});
    if (!event.call.flags.empty())
      reply(draft, event,
            "The projects are looked for first; give the command with its arguments again when they are "
            "shown.");
    return;
  }
  std::size_t matched = 0;
  std::size_t busy = 0;
  for (const auto& [id, change] : std::map(draft.changes())) {
    if (!event.call.selects(id.project)) continue;
    ++matched;
    if (under_way(change.state) || std::holds_alternative<phase::Queued>(change.state)) {
      ++busy;
      continue;
    }
    const phase::Trigger* trigger = trigger_ever(change.state);
    if (trigger != nullptr && trigger->let_go && plan_what_waits(draft, change)) continue;
    plan_again(draft, id, Priority::PersonsPlan, event.call.flags, event.comment.author);
  }
  if (matched == 0) {
    refuse(draft, event, "No project of this pull request matches.");
  } else if (busy == matched) {
    refuse(draft, event, "It is being applied: plan it afterwards.");
  } else {
    show(draft, now.id, Haste::Progress);
  }
}

}  // namespace slipway::commands
