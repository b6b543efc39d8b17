#include "bot/work/situation.h"

#include "bot/change/queue.h"
#include "bot/work/withholding.h"

#include <algorithm>
#include <set>

namespace slipway::work {
namespace {

struct PlansOf {
  std::vector<PlanId>& out;

  void trigger(const phase::Trigger& trigger) { out.push_back(trigger.plan); }
  void operator()(const phase::Waiting&) {}
  void operator()(const phase::Planning&) {}
  void operator()(const phase::PlanFailed&) {}
  void operator()(const phase::Discarded&) {}
  void operator()(const phase::NoChanges& state) { begun(state.trigger, state.plan); }
  void operator()(const phase::Ready& state) { out.push_back(state.plan); }
  void operator()(const phase::Blocked& state) { out.push_back(state.plan); }
  void operator()(const phase::Queued& state) { trigger(state.trigger); }
  void operator()(const phase::Joined& state) { trigger(state.trigger); }
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
  if (const auto* group = std::get_if<change::event::GroupPrepared>(&event))
    for (const auto& project : group->projects) out.push_back(project.id);
  return out;
}

}  // namespace

std::vector<PlanId> plans_of(const Change& change) {
  std::vector<PlanId> out = {change.shown};
  std::visit(PlansOf{out}, change.state);
  return out;
}

namespace {

/// Fills a situation from the rows.
class Loading {
 public:
  Loading(const store::Snapshot& rows, change::Situation& situation) : rows_(rows), out_(situation) {}

  void plan(const PlanId& id) {
    if (id.empty() || out_.plans.contains(id)) return;
    if (auto record = rows_.plans.find(id)) out_.plans.emplace(id, *std::move(record));
  }
  void plans_of(const Change& change) {
    for (const PlanId& id : work::plans_of(change)) plan(id);
  }
  void all_plans_of(const Change& change) {
    for (PlanRecord& record : rows_.plans.of_change(change.id)) {
      const PlanId id = record.id;
      out_.plans.emplace(id, std::move(record));
    }
  }

  /// Everything that a decision about this project's state may meet: who else wants or holds it, and what
  /// those that depend on it wait for.
  void rivals_on(const ProjectId& project) {
    const PullId& own = out_.pull.pull.id;
    const StateKey key = change::state_key({own, project});
    if (!keys_.insert(key.text()).second) return;
    if (const auto newest = rows_.changes.newest_through(key)) {
      if (const phase::Trigger* trigger = trigger_through(newest->state))
        out_.newest_through.emplace(key.text(), *trigger);
    }
    for (Change& rival : rows_.changes.of_state(key, change::kAskedStates)) {
      if (rival.id.pull == own) continue;
      plans_of(rival);
      needs_.insert(rival.depends_on.begin(), rival.depends_on.end());
      out_.rivals.push_back(std::move(rival));
    }
  }
  void dependents() {
    for (const Change& change : out_.changes)
      needs_.insert(change.depends_on.begin(), change.depends_on.end());
    for (const Change& waiting : rows_.changes.queued(out_.pull.pull.id.repo))
      if (!waiting.depends_on.empty()) rivals_on(waiting.id.project);
    // What is needed is only looked at: nothing that it needs in turn matters.
    for (const ProjectId& project : std::set(needs_)) rivals_on(project);
  }

 private:
  static const phase::Trigger* trigger_through(const ChangeState& state) {
    if (const auto* nothing = std::get_if<phase::NoChanges>(&state)) return &nothing->trigger;
    if (const auto* applied = std::get_if<phase::Applied>(&state)) return &applied->trigger;
    if (const auto* onboarding = std::get_if<phase::Onboarding>(&state)) return &onboarding->applied.trigger;
    if (const auto* done = std::get_if<phase::Done>(&state)) return &done->applied.trigger;
    if (const auto* degraded = std::get_if<phase::Degraded>(&state)) return &degraded->applied.trigger;
    return nullptr;
  }

  const store::Snapshot& rows_;
  change::Situation& out_;
  std::set<std::string> keys_;
  std::set<ProjectId> needs_;
};

}  // namespace

change::Situation load_situation(const store::Snapshot& rows, const config::Config& config,
                                 const PullId& pull, const change::Event& event, Time now) {
  change::Situation situation;
  situation.now = now;
  if (auto row = rows.pulls.find(pull)) situation.pull = *std::move(row);
  situation.pull.pull.id = pull;
  situation.changes = rows.changes.of_pull(pull);

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

  Loading loading(rows, situation);
  const bool asks = std::holds_alternative<change::event::MergePrepared>(event) ||
                    std::holds_alternative<change::event::GroupPrepared>(event) ||
                    std::holds_alternative<change::event::Commanded>(event);
  const auto& requirements = situation.rules.requirements;
  const bool reviews_count =
      std::find(requirements.begin(), requirements.end(), "approved") != requirements.end();
  for (const Change& change : situation.changes) {
    loading.plans_of(change);
    if (asks && reviews_count) loading.all_plans_of(change);
  }
  if (const auto* shown = std::get_if<change::event::Shown>(&event))
    for (const PlanId& id : shown->plans) loading.plan(id);
  for (const Change& change : situation.changes) loading.rivals_on(change.id.project);
  for (const ProjectId& project : projects_of(event)) loading.rivals_on(project);
  loading.dependents();

  const Withholding withholding(rows, config, now);
  situation.freezes = withholding.freezes(pull.repo);
  const auto hold = [&](const ChangeId& id) {
    if (const auto why = withholding.of(id)) situation.withheld.emplace(id, *why);
  };
  for (const Change& change : situation.changes) hold(change.id);
  for (const Change& change : situation.rivals) hold(change.id);
  for (const ProjectId& project : projects_of(event)) hold({pull, project});
  return situation;
}

}  // namespace slipway::work
