#include "bot/change/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace slipway::change {

namespace {

/// Whether the state has what the base branch does not say. A merge's trigger, and a plan of the base that
/// has nothing to do, end it.
std::string applied_by(const Change& change) {
  const phase::Trigger* trigger = trigger_ever(change.state);
  if (trigger == nullptr) return change.applied_by;
  if (std::holds_alternative<phase::Applying>(change.state) && !trigger->merge) return trigger->actor;
  const bool through = std::holds_alternative<phase::Done>(change.state) ||
                       std::holds_alternative<phase::Onboarding>(change.state) ||
                       std::holds_alternative<phase::NoChanges>(change.state);
  return through && trigger->merge && !trigger->commit.empty() ? std::string() : change.applied_by;
}

}  // namespace

StateKey state_key(const ChangeId& id) {
  ProjectId project = id.project;
  project.name.clear();
  return {id.pull.repo, project};
}

Draft::Draft(const Situation& situation, Random& random)
    : situation_(situation), random_(random), pull_(situation.pull), plans_(situation.plans) {
  for (const Change& change : situation.changes) changes_.emplace(change.id, change);
  for (const Change& change : situation.rivals) rivals_.emplace(change.id, change);
}

HeldPull& Draft::edit_pull() {
  pull_changed_ = true;
  return pull_;
}

const Change* Draft::find(const ChangeId& id) const {
  if (const auto own = changes_.find(id); own != changes_.end()) return &own->second;
  const auto rival = rivals_.find(id);
  return rival == rivals_.end() ? nullptr : &rival->second;
}

Change& Draft::edit(const ChangeId& id) {
  touched_.insert(id);
  if (const auto own = changes_.find(id); own != changes_.end()) return own->second;
  const auto rival = rivals_.find(id);
  if (rival == rivals_.end()) throw std::logic_error("a decision edits a change it was not given");
  return rival->second;
}

void Draft::move(const ChangeId& id, Way way, ChangeState next) {
  Change& change = edit(id);
  if (checked(way, change.state).to != next.index())
    throw std::logic_error(fmt::format("a change can't become {} by this way", name_of(next)));
  change.state = std::move(next);
  change.applied_by = applied_by(change);
  change.updated = now();
}

void Draft::update(const ChangeId& id, ChangeState next) {
  Change& change = edit(id);
  if (change.state.index() != next.index()) throw std::logic_error("an update moves a change");
  change.state = std::move(next);
  change.updated = now();
}

Change& Draft::begin(const ChangeId& id) {
  touched_.insert(id);
  Change& change = changes_[id];
  change.id = id;
  change.updated = now();
  return change;
}

const PlanRecord* Draft::plan(const PlanId& id) const {
  const auto found = plans_.find(id);
  return found == plans_.end() ? nullptr : &found->second;
}

std::vector<const PlanRecord*> Draft::plans_of(const ChangeId& id) const {
  std::vector<const PlanRecord*> out;
  for (const auto& [plan, record] : plans_)
    if (record.change == id) out.push_back(&record);
  return out;
}

std::vector<const Change*> Draft::on_state(const StateKey& key) const {
  std::vector<const Change*> out;
  const auto collect = [&](const std::map<ChangeId, Change>& from) {
    for (const auto& [id, change] : from)
      if (state_key(id).text() == key.text()) out.push_back(&change);
  };
  collect(changes_);
  collect(rivals_);
  return out;
}

std::vector<StateKey> Draft::waiting_for(const ProjectId& project) const {
  std::vector<StateKey> out;
  const auto collect = [&](const std::map<ChangeId, Change>& from) {
    for (const auto& [id, change] : from) {
      const auto& needs = change.depends_on;
      if (std::holds_alternative<phase::Queued>(change.state) &&
          std::find(needs.begin(), needs.end(), project) != needs.end())
        out.push_back(state_key(id));
    }
  };
  collect(changes_);
  collect(rivals_);
  return out;
}

const phase::Trigger* Draft::newest_through(const StateKey& key) const {
  const auto found = situation_.newest_through.find(key.text());
  return found == situation_.newest_through.end() ? nullptr : &found->second;
}

const Withheld* Draft::withheld(const ChangeId& id) const {
  const auto found = situation_.withheld.find(id);
  return found == situation_.withheld.end() ? nullptr : &found->second;
}

Decision Draft::finish() && {
  Decision decision{std::move(pull_), pull_changed_, {}, std::move(actions_)};
  for (const ChangeId& id : touched_) decision.changed.push_back(*find(id));
  return decision;
}

}  // namespace slipway::change
