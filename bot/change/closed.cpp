#include "bot/change/queue.h"
#include "bot/change/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace slipway::change {
namespace {

constexpr std::chrono::seconds kQueueMakesAnew{5};

/// What could not be written yet is missing in its state: a plan would show it as left.
bool lacks_its_state(const ChangeState& state) {
  const UnwrittenState* unwritten = unwritten_of(state);
  return unwritten != nullptr && !unwritten->written;
}

/// Open, and the merge queue that had it applied does not stand by it any more.
bool was_let_go(const Draft& draft, const Change& change) {
  const HeldPull& held = draft.pull();
  return held.pull.state == PullState::Open && held.group.commit.empty() && through_in_queue(change);
}

/// Opened again, or merged: its comment shows what its merge does. What is under way comes here when it ends.
void forget_closing(Draft& draft) {
  const PullRequest& pull = draft.pull().pull;
  bool forgot = false;
  for (const auto& [id, change] : std::map(draft.changes())) {
    const phase::Trigger* trigger = trigger_ever(change.state);
    if (trigger == nullptr || !trigger->closed || under_way(change.state) || lacks_its_state(change.state))
      continue;
    const bool asks = trigger->let_go && pull.state == PullState::Open && !is_through(change.state);
    if (asks) continue;
    draft.edit(id).shown.clear();  // of the base: nothing that this pull request does
    draft.move(id, Way::OpenedAgain,
               phase::Discarded{trigger->let_go ? "its base branch was compared with what was applied"
                                                : "the pull request was opened again"});
    part(draft, id);
    forgot = true;
  }
  if (!forgot) return;
  if (pull.state == PullState::Open) draft.act(action::Prepare{pull.id});
  if (pull.state == PullState::Merged) draft.act(action::PrepareMerge{pull.id});
  draft.act(action::SayIssues{pull.id});
}

}  // namespace

bool left_behind(const Draft& draft, const Change& change) {
  const bool closed = draft.pull().pull.state == PullState::Closed;
  if (change.applied_by.empty() || (!closed && !was_let_go(draft, change))) return false;
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
    // A queue that makes its groups anew asks about the next one at once.
    draft.act(action::PrepareClosed{
        pull.id, pull.state == PullState::Open ? kQueueMakesAnew : std::chrono::seconds(0)});
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
    trigger.closed = true;
    trigger.let_go = draft.pull().pull.state == PullState::Open;
    trigger.lacks =
        trigger.let_go
            ? std::string("it was applied in the merge queue, which did not merge it")
            : fmt::format("{} applied it, and the pull request was closed without a merge", trigger.actor);
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
