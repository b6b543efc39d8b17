#include "bot/change/queue.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace slipway::change {
namespace {

/// What could not be written yet is missing in its state: a plan would show it as left.
bool lacks_its_state(const ChangeState& state) {
  const UnwrittenState* unwritten = unwritten_of(state);
  return unwritten != nullptr && !unwritten->written;
}

/// Opened again, or merged: its comment shows what its merge does. What is under way comes here when it ends.
void forget_closing(Draft& draft) {
  const PullRequest& pull = draft.pull().pull;
  bool forgot = false;
  for (const auto& [id, change] : std::map(draft.changes())) {
    const phase::Trigger* trigger = trigger_ever(change.state);
    if (trigger == nullptr || !trigger->closed || under_way(change.state) || lacks_its_state(change.state))
      continue;
    draft.edit(id).shown.clear();  // of the base: nothing that this pull request does
    draft.move(id, Way::OpenedAgain, phase::Discarded{"the pull request was opened again"});
    forgot = true;
  }
  if (!forgot) return;
  if (pull.state == PullState::Open) draft.act(action::Prepare{pull.id});
  if (pull.state == PullState::Merged) draft.act(action::PrepareMerge{pull.id});
  draft.act(action::SayIssues{pull.id});
}

}  // namespace

bool left_behind(const Draft& draft, const Change& change) {
  if (draft.pull().pull.state != PullState::Closed || change.applied_by.empty()) return false;
  const phase::Trigger* trigger = trigger_ever(change.state);
  const bool asked = trigger != nullptr && trigger->closed;
  return !asked && !under_way(change.state) && !lacks_its_state(change.state);
}

bool asks_after_closing(const Draft& draft) {
  const auto& changes = draft.changes();
  return std::any_of(changes.begin(), changes.end(), [](const auto& entry) {
    const phase::Trigger* trigger = trigger_of(entry.second.state);
    return trigger != nullptr && trigger->closed;
  });
}

void mind_closing(Draft& draft) {
  const PullRequest& pull = draft.pull().pull;
  if (pull.state != PullState::Closed) forget_closing(draft);
  const auto& changes = draft.changes();
  if (std::any_of(changes.begin(), changes.end(),
                  [&](const auto& entry) { return left_behind(draft, entry.second); })) {
    draft.edit_pull().settled = false;
    draft.act(action::PrepareClosed{pull.id});
  }
}

void on(Draft& draft, const event::ClosedPrepared& event) {
  const PullId pull = draft.pull().pull.id;
  std::vector<ChangeId> asked;
  for (const event::FoundProject& project : event.projects) {
    const ChangeId id{pull, project.id};
    const Change* known = draft.find(id);
    if (known == nullptr || !left_behind(draft, *known)) continue;
    phase::Trigger trigger;
    trigger.actor = known->applied_by;
    trigger.commit = event.commit;
    trigger.base_before = event.commit;
    trigger.order = event.order;
    trigger.at = draft.now();
    trigger.lacks =
        fmt::format("{} applied it, and the pull request was closed without a merge", trigger.actor);
    trigger.closed = true;
    Change& change = draft.edit(id);
    change.base = event.commit;
    change.removed = !project.removed_from.empty();
    change.merge_tree = project.removed_from;
    change.files_digest = project.files_digest;
    change.depends_on.clear();  // what stands on what is the person's to see: each is asked for by itself
    enqueue(draft, id, Way::LeftBehind, std::move(trigger));
    asked.push_back(id);
  }
  for (const ChangeId& id : asked) advance(draft, state_key(id));
  if (!asked.empty()) show(draft, pull, Haste::Progress);
}

}  // namespace slipway::change
