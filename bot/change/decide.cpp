#include "bot/change/decide.h"

#include "bot/change/commanded.h"
#include "bot/change/steps.h"

#include <algorithm>

namespace slipway::change {
namespace {

/// A pull request is settled when it is not open and nothing of it goes on or waits for anybody.
void settle(Draft& draft) {
  const HeldPull& pull = draft.pull();
  if (pull.settled || pull.pull.state == PullState::Open) return;
  const auto& changes = draft.changes();
  const bool all = std::all_of(changes.begin(), changes.end(), [](const auto& entry) {
    const ChangeState& state = entry.second.state;
    return std::holds_alternative<phase::Done>(state) || std::holds_alternative<phase::NoChanges>(state) ||
           std::holds_alternative<phase::Discarded>(state);
  });
  if (all) draft.edit_pull().settled = true;
}

}  // namespace

Decision decide(const Situation& situation, const Event& event, Random& random) {
  Draft draft(situation, random);
  std::visit([&](const auto& happened) { on(draft, happened); }, event);
  // A look that finds a merge only begins what follows from it.
  if (!std::holds_alternative<event::Looked>(event)) settle(draft);
  return std::move(draft).finish();
}

}  // namespace slipway::change
