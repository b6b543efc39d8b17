#include "bot/change/queue.h"

#include <algorithm>

namespace slipway::change {

bool under_way(const ChangeState& state) {
  return std::holds_alternative<phase::Verifying>(state) ||
         std::holds_alternative<phase::Replanning>(state) || std::holds_alternative<phase::Applying>(state);
}

void enqueue(Draft& draft, const ChangeId& id, phase::Trigger trigger) {
  draft.move(id, phase::Queued{std::move(trigger)});
  advance(draft, state_key(id));
}

void advance(Draft& draft, const StateKey& key) {
  const auto all = draft.on_state(key);
  if (std::any_of(all.begin(), all.end(), [](const Change* change) { return under_way(change->state); }))
    return;
  const Change* first = nullptr;
  const auto trigger = [](const Change& change) -> const phase::Trigger& {
    return std::get<phase::Queued>(change.state).trigger;
  };
  for (const Change* change : all) {
    if (!std::holds_alternative<phase::Queued>(change->state)) continue;
    if (first == nullptr || std::pair(trigger(*change).order, trigger(*change).at) <
                                std::pair(trigger(*first).order, trigger(*first).at))
      first = change;
  }
  if (first == nullptr) return;
  const ChangeId id = first->id;
  draft.move(id, phase::Verifying{trigger(*first)});
  draft.act(action::Verify{id});
  draft.act(action::SaySticky{id.pull, Haste::Progress});
}

}  // namespace slipway::change
