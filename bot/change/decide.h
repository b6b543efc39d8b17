#pragma once

#include "bot/change/action.h"
#include "bot/change/event.h"
#include "bot/change/rules.h"
#include "bot/change/transitions.h"
#include "core/freeze.h"
#include "core/held_pull.h"
#include "core/random.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace slipway::change {

/// All that a decision may know: one pull request, its changes, their plans, and the changes of other pull
/// requests that want or hold the same states.
struct Situation {
  HeldPull pull;
  std::vector<Change> changes;
  std::map<PlanId, PlanRecord> plans;
  std::vector<Change> rivals;
  /// By state: the merge that was applied, or needed nothing, and is the newest on the base branch.
  std::map<std::string, phase::Trigger> newest_through;
  /// Changes that may not begin now, of all that are here or come with the event.
  std::map<ChangeId, Withheld> withheld;
  std::vector<Freeze> freezes;  // that cover its repository, or some of it
  Rules rules;
  Time now{};
};

struct Decision {
  HeldPull pull;
  bool pull_changed = false;
  std::vector<Change> changed;  // of any pull request
  std::vector<Action> actions;
};

/// A decision while it is made. Pure: no clock, no I/O; `random` only names runs.
class Draft {
 public:
  Draft(const Situation& situation, Random& random);

  const Situation& situation() const { return situation_; }
  const Rules& rules() const { return situation_.rules; }
  Time now() const { return situation_.now; }

  const HeldPull& pull() const { return pull_; }
  HeldPull& edit_pull();

  const std::map<ChangeId, Change>& changes() const { return changes_; }  // of this pull request
  const Change* find(const ChangeId& id) const;
  /// Moves a change to another state, by a row of the table.
  void move(const ChangeId& id, Way way, ChangeState next);
  /// Another moment of the same state: progress, what is left.
  void update(const ChangeId& id, ChangeState next);
  Change& edit(const ChangeId& id);
  /// A change that was not known.
  Change& begin(const ChangeId& id);

  const PlanRecord* plan(const PlanId& id) const;
  std::vector<const PlanRecord*> plans_of(const ChangeId& id) const;
  void add_plan(const PlanRecord& record) { plans_.insert_or_assign(record.id, record); }

  void act(Action action) { actions_.push_back(std::move(action)); }
  RunId new_run() { return random_.hex(kRunIdDigits); }

  /// Every change of a state, of this pull request and of others, that is in its queue or beyond.
  std::vector<const Change*> on_state(const StateKey& key) const;
  /// States with a queued change that depends on this project.
  std::vector<StateKey> waiting_for(const ProjectId& project) const;
  const phase::Trigger* newest_through(const StateKey& key) const;
  /// Why it may not begin now; nullptr: it may.
  const Withheld* withheld(const ChangeId& id) const;

  Decision finish() &&;

  static constexpr std::size_t kRunIdDigits = 16;

 private:
  const Situation& situation_;
  Random& random_;
  HeldPull pull_;
  bool pull_changed_ = false;
  std::map<ChangeId, Change> changes_;
  std::map<ChangeId, Change> rivals_;
  std::map<PlanId, PlanRecord> plans_;
  std::set<ChangeId> touched_;
  std::vector<Action> actions_;
};

StateKey state_key(const ChangeId& id);

/// The rules of design.md §4: what follows from an event. An event that no longer concerns anything changes
/// nothing.
Decision decide(const Situation& situation, const Event& event, Random& random);

}  // namespace slipway::change
