#include "bot/work/report.h"

#include "bot/change/decide.h"
#include "bot/change/queue.h"
#include "bot/change/requirements.h"
#include "bot/work/claim.h"
#include "bot/work/enact.h"
#include "bot/work/situation.h"
#include "bot/work/vault.h"
#include "bot/work/withholding.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

templates::ApplyMode mode_of(change::ApplyMode mode) {
  switch (mode) {
    case change::ApplyMode::OnMerge:
      return templates::ApplyMode::OnMerge;
    case change::ApplyMode::OnComment:
      return templates::ApplyMode::OnComment;
    case change::ApplyMode::InQueue:
      return templates::ApplyMode::InQueue;
  }
  return templates::ApplyMode::OnMerge;
}

/// The plan that a state speaks of, and the one it is compared with.
struct Spoken {
  PlanId plan;
  PlanId compared_to;
};
Spoken spoken_of(const Change& change) {
  if (const auto* waiting = std::get_if<phase::AwaitingConfirm>(&change.state))
    return {waiting->plan, waiting->compared_to};
  if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state))
    return {failed->left.empty() ? failed->plan : failed->left, {}};
  if (const auto* lost = std::get_if<phase::Interrupted>(&change.state))
    return {lost->left.empty() ? lost->plan : lost->left, {}};
  if (std::holds_alternative<phase::Planning>(change.state) ||
      std::holds_alternative<phase::PlanFailed>(change.state))
    return {};
  const auto plans = plans_of(change);
  return {plans.back().empty() ? plans.front() : plans.back(), {}};
}

class Builder {
 public:
  Builder(const Tools& tools, const store::Snapshot& rows, Detail detail)
      : tools_(tools), rows_(rows), detail_(detail) {}

  std::optional<templates::PullReport> build(const PullId& id) {
    const auto held = rows_.pulls.find(id);
    if (!held) return {};
    const auto config = tools_.config.repo(id.repo);
    templates::PullReport report;
    report.pull = held->pull;
    report.group = held->group.commit;
    report.head = held->planned_head.empty() ? held->pull.head : held->planned_head;
    report.base = held->planned_base;
    report.base_branch = held->pull.base_branch;
    report.conflicts = held->conflicts;
    report.notes = held->notes;
    report.waits_for = held->waits_for;
    report.page_url = tools_.pull_url(id);
    report.sandbox = tools_.terraform.level().words;
    report.command = tools_.config.command_prefixes.front();
    const bool may_lack = config && held->pull.state == PullState::Open;
    const Withholding withholding(rows_, tools_.config, tools_.clock.now());
    const auto runs = detail_ == Detail::Bodies ? rows_.runs.of_pull(id) : std::vector<store::RunRow>();
    for (Change& change : rows_.changes.of_pull(id)) {
      const change::ApplyMode mode = config ? config->rules.mode(change.id.project) : change::ApplyMode();
      report.projects.push_back(project(std::move(change), mode_of(mode), runs));
      templates::ProjectReport& last = report.projects.back();
      const auto* ready = std::get_if<phase::Ready>(&last.change.state);
      const bool confirmed = ready != nullptr && !ready->confirmed_by.empty();
      if (may_lack && !confirmed) last.unmet = lacks(config->rules, mode, *held);
      last.withheld = withholding.of(last.change.id);
      // After the merge nothing is planned again because of others.
      if (held->pull.state == PullState::Open && waits_to_be_planned_again(last.change.id))
        last.stale = "its state moved";
    }
    return report;
  }

 private:
  /// A merge shows by itself that it could be merged.
  static std::vector<std::string> lacks(change::Rules rules, change::ApplyMode mode, const HeldPull& held) {
    if (mode != change::ApplyMode::OnComment) std::erase(rules.requirements, "mergeable");
    return change::unmet(rules, held);
  }

  templates::ProjectReport project(Change change, templates::ApplyMode mode,
                                   const std::vector<store::RunRow>& runs) {
    templates::ProjectReport report;
    report.mode = mode;
    report.stateless = change.cannot_apply;
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const store::RunRow& row) {
      return row.change == change.id && (row.kind == "plan" || row.kind == "apply");
    });
    if (run != runs.end()) report.run_url = tools_.run_url(run->id);
    const Spoken spoken = spoken_of(change);
    report.plan = shown(spoken.plan, &report.machines);
    report.compared_to = shown(spoken.compared_to, nullptr);
    if (std::holds_alternative<phase::Queued>(change.state)) place_in_queue(change, report);
    report.by_hand = by_hand(change);
    report.change = std::move(change);
    return report;
  }

  /// What a person types to put a state where it belongs that could not be pushed there.
  std::vector<std::string> by_hand(const Change& change) const {
    const UnwrittenState* unwritten = unwritten_of(change.state);
    if (unwritten == nullptr || unwritten->refusal.empty()) return {};
    const ProjectId& project = change.id.project;
    const std::string workspace =
        project.workspace == "default" ? "" : fmt::format("TF_WORKSPACE={} ", project.workspace);
    std::vector<std::string> lines = {
        fmt::format("# on the server, where it lies sealed among the blobs of {}:", tools_.config.data_dir),
        fmt::format("slipway errored-state -c {} {} > errored.tfstate", tools_.config.file, unwritten->blob)};
    const auto config = tools_.config.repo(change.id.pull.repo);
    if (config && config->state == config::StateMode::Slipway) return lines;
    lines.push_back(fmt::format("# in {}, after terraform init:", project.dir));
    lines.push_back(workspace + "terraform state push errored.tfstate");
    return lines;
  }

  std::optional<templates::PlanShown> shown(const PlanId& id, templates::MachinesShown* machines) {
    if (id.empty()) return {};
    auto record = rows_.plans.find(id);
    if (!record) return {};
    templates::PlanShown out{*std::move(record), {}};
    if (detail_ == Detail::Bodies && !out.record.summary.empty()) {
      Summary summary = open_summary(tools_, out.record.summary);
      out.plan = std::move(summary.plan);
      if (machines != nullptr) *machines = std::move(summary.machines);
    } else {
      out.plan.counts = out.record.counts;
    }
    return out;
  }

  bool waits_to_be_planned_again(const ChangeId& id) const {
    const auto jobs = rows_.jobs.in_lane(pull_lane(id.pull));
    return std::any_of(jobs.begin(), jobs.end(), [&](const Job& job) { return job.key == stale_key(id); });
  }

  void place_in_queue(const Change& change, templates::ProjectReport& report) {
    const StateKey key = change::state_key(change.id);
    const auto& own = std::get<phase::Queued>(change.state).trigger;
    report.queue_place = 1;
    for (const Change& other :
         rows_.changes.of_state(key, {"Queued", "Verifying", "Replanning", "Applying"})) {
      if (other.id == change.id) continue;
      const auto* queued = std::get_if<phase::Queued>(&other.state);
      if (queued != nullptr &&
          std::pair(queued->trigger.order, queued->trigger.at) > std::pair(own.order, own.at))
        continue;
      ++report.queue_place;
      report.queue_ahead = short_name(other.id.pull);
    }
    if (report.queue_place == 1) waits_for_another_project(change, report);
  }

  static bool waits_for_person(const ChangeState& state) {
    return std::holds_alternative<phase::AwaitingConfirm>(state) ||
           std::holds_alternative<phase::ApplyFailed>(state) ||
           std::holds_alternative<phase::Interrupted>(state);
  }

  /// First of its own state's queue, it waits for what it depends on.
  void waits_for_another_project(const Change& change, templates::ProjectReport& report) {
    for (const ProjectId& project : change.depends_on) {
      const StateKey key = change::state_key({change.id.pull, project});
      for (const Change& other : rows_.changes.of_state(key, change::kAskedStates)) {
        if (!change::goes_before(other, change)) continue;
        report.depends_on_person = waits_for_person(other.state);
        report.depends_on = other.id.pull == change.id.pull
                                ? fmt::format("`{}`", to_string(project))
                                : fmt::format("`{}` of {}", to_string(project), short_name(other.id.pull));
        return;
      }
    }
  }

  const Tools& tools_;
  const store::Snapshot& rows_;
  Detail detail_;
};

}  // namespace

std::optional<templates::PullReport> build_report(const Tools& tools, const PullId& pull, Detail detail) {
  std::optional<templates::PullReport> report;
  tools.store.read([&](const store::Snapshot& rows) { report = Builder(tools, rows, detail).build(pull); });
  return report;
}

std::vector<PlanId> plans_shown(const templates::PullReport& report) {
  std::vector<PlanId> out;
  for (const templates::ProjectReport& project : report.projects)
    if (project.plan && project.stale.empty()) out.push_back(project.plan->record.id);
  return out;
}

}  // namespace slipway::work
