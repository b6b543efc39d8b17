#include "bot/work/situation.h"

#include <set>

namespace slipway::work {
namespace {

const std::vector<std::string> kRivalStates = {"Queued", "Verifying", "Replanning", "Applying"};

struct PlansOf {
  std::vector<PlanId>& out;

  void trigger(const phase::Trigger& trigger) { out.push_back(trigger.plan); }
  void operator()(const phase::Waiting&) {}
  void operator()(const phase::Planning&) {}
  void operator()(const phase::PlanFailed&) {}
  void operator()(const phase::Discarded&) {}
  void operator()(const phase::NoChanges& state) { out.push_back(state.plan); }
  void operator()(const phase::Ready& state) { out.push_back(state.plan); }
  void operator()(const phase::Blocked& state) { out.push_back(state.plan); }
  void operator()(const phase::Queued& state) { trigger(state.trigger); }
  void operator()(const phase::Verifying& state) { trigger(state.trigger); }
  void operator()(const phase::Replanning& state) { trigger(state.trigger); }
  void operator()(const phase::AwaitingConfirm& state) {
    trigger(state.trigger);
    out.push_back(state.plan);
    out.push_back(state.compared_to);
  }
  void operator()(const phase::Applying& state) { begun(state.trigger, state.plan); }
  void operator()(const phase::Applied& state) { begun(state.trigger, state.plan); }
  void operator()(const phase::ApplyFailed& state) {
    begun(state.trigger, state.plan);
    out.push_back(state.left);
  }
  void operator()(const phase::Interrupted& state) {
    begun(state.trigger, state.plan);
    out.push_back(state.left);
  }
  void operator()(const phase::Onboarding& state) { (*this)(state.applied); }
  void operator()(const phase::Done& state) { (*this)(state.applied); }
  void operator()(const phase::Degraded& state) { (*this)(state.applied); }
  void begun(const phase::Trigger& by, const PlanId& plan) {
    trigger(by);
    out.push_back(plan);
  }
};

/// Projects that the event brings, whose states may have rivals already.
std::vector<ProjectId> projects_of(const change::Event& event) {
  std::vector<ProjectId> out;
  if (const auto* merged = std::get_if<change::event::MergePrepared>(&event))
    for (const auto& project : merged->projects) out.push_back(project.id);
  return out;
}

}  // namespace

std::vector<PlanId> plans_of(const Change& change) {
  std::vector<PlanId> out = {change.shown};
  std::visit(PlansOf{out}, change.state);
  return out;
}

change::Situation load_situation(const store::Snapshot& rows, const config::Config& config,
                                 const PullId& pull, const change::Event& event, Time now) {
  change::Situation situation;
  situation.now = now;
  if (auto row = rows.pulls.find(pull)) situation.pull = *std::move(row);
  situation.pull.pull.id = pull;
  situation.changes = rows.changes.of_pull(pull);

  std::set<PlanId> wanted;
  for (const Change& change : situation.changes)
    for (const PlanId& id : plans_of(change)) wanted.insert(id);
  if (const auto* shown = std::get_if<change::event::Shown>(&event))
    wanted.insert(shown->plans.begin(), shown->plans.end());
  wanted.erase(PlanId());
  for (const PlanId& id : wanted)
    if (auto record = rows.plans.find(id)) situation.plans.emplace(id, *std::move(record));

  std::set<std::string> keys;
  const auto add_rivals = [&](const ProjectId& project) {
    const StateKey key = change::state_key({pull, project});
    if (!keys.insert(key.text()).second) return;
    for (Change& rival : rows.changes.of_state(key, kRivalStates))
      if (rival.id.pull != pull) situation.rivals.push_back(std::move(rival));
  };
  for (const Change& change : situation.changes) add_rivals(change.id.project);
  for (const ProjectId& project : projects_of(event)) add_rivals(project);

  std::string base = situation.pull.pull.base_branch;
  if (const auto* looked = std::get_if<change::event::Looked>(&event)) base = looked->now.base_branch;
  if (const auto* commanded = std::get_if<change::event::Commanded>(&event))
    base = commanded->now.base_branch;
  if (const auto repo = config.repo(pull.repo)) {
    situation.rules = repo->rules;
    situation.rules.branch_counts = repo->counts(base);
  } else {
    situation.rules.branch_counts = false;
  }
  return situation;
}

}  // namespace slipway::work
