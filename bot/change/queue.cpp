#include "bot/change/queue.h"

#include "bot/change/steps.h"

#include <algorithm>
#include <utility>

namespace slipway::change {
namespace {

bool comes_before(const phase::Trigger& one, const phase::Trigger& other) {
  return std::pair(one.order, one.at) < std::pair(other.order, other.at);
}

const phase::Trigger* queued(const Change& change) {
  const auto* state = std::get_if<phase::Queued>(&change.state);
  return state == nullptr ? nullptr : &state->trigger;
}

/// A comment's apply goes alone and first, since it is of a pull request that is not merged. Of merges the
/// newest goes: its commit holds what the earlier ones changed.
const Change* next_of(const std::vector<const Change*>& all) {
  const Change* first = nullptr;
  const Change* newest_merge = nullptr;
  for (const Change* change : all) {
    const phase::Trigger* trigger = queued(*change);
    if (trigger == nullptr) continue;
    if (first == nullptr || comes_before(*trigger, *queued(*first))) first = change;
    if (trigger->merge && (newest_merge == nullptr || comes_before(*queued(*newest_merge), *trigger)))
      newest_merge = change;
  }
  return first != nullptr && queued(*first)->merge ? newest_merge : first;
}

/// Merged earlier, and nothing is being done about it: a plan of the later commit holds it.
bool is_overtaken(const Change& change, const phase::Trigger& by) {
  if (under_way(change.state)) return false;
  const phase::Trigger* trigger = trigger_of(change.state);
  return trigger != nullptr && trigger->merge && comes_before(*trigger, by);
}

/// Whatever this one overtakes waits for its result.
void join(Draft& draft, const std::vector<const Change*>& all, const Change& lead) {
  const phase::Trigger by = *trigger_of(lead.state);
  if (!by.merge) return;
  for (const Change* other : all) {
    const auto* joined = std::get_if<phase::Joined>(&other->state);
    if (!is_overtaken(*other, by) || (joined != nullptr && joined->lead == lead.id)) continue;
    draft.move(other->id, Way::Joins, phase::Joined{*trigger_of(other->state), lead.id});
    show(draft, other->id.pull, Haste::Progress);
  }
}

/// A later merge that stands still until a person acts. What somebody confirmed goes before it.
const Change* later_that_waits(const std::vector<const Change*>& all, const phase::Trigger& next) {
  const Change* latest = nullptr;
  if (!next.merge || next.confirmed) return latest;
  for (const Change* change : all) {
    const bool stands = std::holds_alternative<phase::AwaitingConfirm>(change->state) ||
                        std::holds_alternative<phase::ApplyFailed>(change->state) ||
                        std::holds_alternative<phase::Interrupted>(change->state);
    const phase::Trigger* trigger = trigger_of(change->state);
    if (!stands || !trigger->merge || !comes_before(next, *trigger)) continue;
    if (latest == nullptr || comes_before(*trigger_of(latest->state), *trigger)) latest = change;
  }
  return latest;
}

/// Its place in the queue stays, and its words say why it waits.
void hold_back(Draft& draft, const ChangeId& id, const Withheld& why) {
  if (const auto end = ends(why)) draft.act(action::AdvanceAt{id, *end});
  show(draft, id.pull, Haste::Result);
}

}  // namespace

const std::vector<std::string> kAskedStates = {"Queued",          "Joined",   "Verifying",   "Replanning",
                                               "AwaitingConfirm", "Applying", "ApplyFailed", "Interrupted"};

bool under_way(const ChangeState& state) {
  return std::holds_alternative<phase::Verifying>(state) ||
         std::holds_alternative<phase::Replanning>(state) || std::holds_alternative<phase::Applying>(state);
}

const phase::Trigger* trigger_of(const ChangeState& state) {
  return std::visit(
      [](const auto& phase) -> const phase::Trigger* {
        using State = std::decay_t<decltype(phase)>;
        constexpr bool kIsOver =
            std::is_same_v<State, phase::NoChanges> || std::is_same_v<State, phase::Applied>;
        if constexpr (!kIsOver && requires { phase.trigger; }) {
          return &phase.trigger;
        } else {
          return nullptr;
        }
      },
      state);
}

void enqueue(Draft& draft, const ChangeId& id, Way way, phase::Trigger trigger) {
  // A newer merge of this state is through already, and its commit holds this one: to plan the older commit
  // would take the newer back.
  const phase::Trigger* newest = draft.newest_through(state_key(id));
  if (trigger.merge && newest != nullptr && newest->order > trigger.order) {
    trigger.commit = newest->commit;
    trigger.base_before = newest->base_before;
    trigger.order = newest->order;
  }
  draft.move(id, way, phase::Queued{std::move(trigger)});
}

bool goes_before(const Change& other, const Change& change) {
  const phase::Trigger* theirs = trigger_of(other.state);
  const phase::Trigger* own = trigger_of(change.state);
  if (theirs == nullptr) return false;
  return other.id.pull == change.id.pull || own == nullptr || !comes_before(*own, *theirs);
}

const Change* depends_on_unfinished(const Draft& draft, const Change& change) {
  for (const ProjectId& project : change.depends_on)
    for (const Change* other : draft.on_state(state_key({change.id.pull, project})))
      if (goes_before(*other, change)) return other;
  return nullptr;
}

void advance(Draft& draft, const StateKey& key) {
  const auto all = draft.on_state(key);
  const auto busy =
      std::find_if(all.begin(), all.end(), [](const Change* one) { return under_way(one->state); });
  if (busy != all.end()) {
    join(draft, all, **busy);
    return;
  }
  const Change* next = next_of(all);
  if (next == nullptr) return;
  // What was closed is only compared with the base, until a person confirms what that shows.
  const bool applies = !queued(*next)->closed || queued(*next)->confirmed;
  if (const Withheld* why = draft.withheld(next->id); why != nullptr && applies) {
    hold_back(draft, next->id, *why);
    return;
  }
  if (const Change* later = later_that_waits(all, *queued(*next))) {
    // Merges may be heard in any order.
    const auto* asks = std::get_if<phase::AwaitingConfirm>(&later->state);
    if (asks == nullptr) {
      join(draft, all, *later);
      return;
    }
    enqueue(draft, later->id, Way::ComparedAnew, phase::Trigger(asks->trigger));
    next = later;
  }
  if (depends_on_unfinished(draft, *next) != nullptr) return;
  const ChangeId lead = next->id;
  draft.move(lead, Way::Begins, phase::Verifying{*queued(*next)});
  draft.act(action::Verify{lead});
  draft.act(action::SaySticky{lead.pull, Haste::Progress});
  join(draft, all, *next);
}

void compare_later(Draft& draft, const StateKey& key, const phase::Trigger& applied) {
  for (const Change* change : draft.on_state(key)) {
    const auto* asks = std::get_if<phase::AwaitingConfirm>(&change->state);
    if (asks == nullptr || !asks->trigger.merge || !asks->trigger.lacks.empty() ||
        !comes_before(applied, asks->trigger))
      continue;
    enqueue(draft, change->id, Way::ComparedAnew, phase::Trigger(asks->trigger));
    show(draft, change->id.pull, Haste::Progress);
  }
}

bool waits_again(Draft& draft, const ChangeId& id, Way way, phase::Trigger trigger) {
  const Withheld* why = draft.withheld(id);
  if (why == nullptr) return false;
  draft.act(action::Record{trigger.actor, "apply.held_back", to_string(id), words_of(*why)});
  draft.move(id, way, phase::Queued{std::move(trigger)});
  part(draft, id);
  release(draft, id);
  return true;
}

void release(Draft& draft, const ChangeId& id) {
  // A comment's apply of an older head, or a merge queue's, was under way when the pull request was merged:
  // that is heard now.
  const PullRequest& pull = draft.pull().pull;
  const phase::Trigger* trigger = trigger_ever(draft.find(id)->state);
  const bool before_the_merge = trigger != nullptr && trigger->group;
  if (pull.state == PullState::Merged && (before_the_merge || draft.find(id)->head != pull.head))
    draft.act(action::PrepareMerge{pull.id});
  advance(draft, state_key(id));
  for (const StateKey& key : draft.waiting_for(id.project)) advance(draft, key);
}

std::vector<ChangeId> joined_to(const Draft& draft, const ChangeId& lead) {
  std::vector<ChangeId> out;
  for (const Change* change : draft.on_state(state_key(lead))) {
    const auto* joined = std::get_if<phase::Joined>(&change->state);
    if (joined != nullptr && joined->lead == lead) out.push_back(change->id);
  }
  return out;
}

void part(Draft& draft, const ChangeId& lead) {
  for (const ChangeId& id : joined_to(draft, lead)) {
    draft.move(id, Way::Parts, phase::Queued{std::get<phase::Joined>(draft.find(id)->state).trigger});
    show(draft, id.pull, Haste::Progress);
  }
}

}  // namespace slipway::change
