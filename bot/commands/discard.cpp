#include "bot/change/queue.h"
#include "bot/change/steps.h"
#include "bot/commands/command.h"

namespace slipway::commands {

using namespace change;

void discard_step(Draft& draft, const event::Commanded& event) {
  std::size_t forgotten = 0;
  for (const auto& [id, change] : std::map(draft.changes())) {
    if (!event.call.selects(id.project) || under_way(change.state)) continue;
    // What was applied and never merged is there until the base branch was applied again.
    if (const phase::Trigger* trigger = trigger_ever(change.state); trigger != nullptr && trigger->closed)
      continue;
    const bool waiting = std::holds_alternative<phase::AwaitingConfirm>(change.state);
    if (over(change.state) && !waiting) continue;
    if (const RunId run = planning_run(change.state); !run.empty()) draft.act(action::Stop{id, run});
    draft.edit(id).shown.clear();
    draft.move(id, Way::DiscardedByPerson,
               phase::Discarded{"its plan was discarded by " + event.comment.author});
    draft.act(action::Record{event.comment.author, "plan.discarded", to_string(id), {}});
    part(draft, id);
    release(draft, id);
    ++forgotten;
  }
  if (forgotten == 0) {
    refuse(draft, event, "There is no plan to discard.");
    return;
  }
  show(draft, event.now.id, Haste::Result);
}

}  // namespace slipway::commands
