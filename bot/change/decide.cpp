#include "bot/change/decide.h"

#include "bot/change/commanded.h"
#include "bot/change/steps.h"

#include <algorithm>

namespace slipway::change {
namespace {

/// Nothing goes on with it and it waits for nobody.
bool settled(const ChangeState& state, bool merged) {
  if (const auto* nothing = std::get_if<phase::NoChanges>(&state))
    return !merged || !nothing->trigger.commit.empty();
  return std::holds_alternative<phase::Done>(state) || std::holds_alternative<phase::Discarded>(state);
}

/// A pull request is settled when it is not open and all of its changes are.
void settle(Draft& draft) {
  const HeldPull& pull = draft.pull();
  if (pull.settled || pull.pull.state == PullState::Open) return;
  const bool merged = pull.pull.state == PullState::Merged;
  const auto& changes = draft.changes();
  if (std::all_of(changes.begin(), changes.end(), [&](const auto& entry) {
        return settled(entry.second.state, merged) && !left_behind(draft, entry.second);
      }))
    draft.edit_pull().settled = true;
}

}  // namespace

Decision decide(const Situation& situation, const Event& event, Random& random) {
  Draft draft(situation, random);
  std::visit([&](const auto& happened) { on(draft, happened); }, event);
  mind_closing(draft);
  // What a look finds is only begun by it: a merge that touched nothing is settled when git was asked.
  const bool looked = std::holds_alternative<event::Looked>(event);
  if (!looked || !draft.changes().empty()) settle(draft);
  return std::move(draft).finish();
}

}  // namespace slipway::change
