#include "bot/work/judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

constexpr std::size_t kPlanIdDigits = 8;

std::vector<Machine> unknown_left_out(state::Mapped& mapped, templates::MachinesShown& shown) {
  for (std::string& problem : mapped.problems)
    if (std::find(shown.problems.begin(), shown.problems.end(), problem) == shown.problems.end())
      shown.problems.push_back(std::move(problem));
  return std::move(mapped.machines);
}

}  // namespace

std::vector<Verdict> judge(const Tools& tools, const std::vector<policies::Policy>& policies,
                           const PlanDocument& document, const std::string& semantic_digest,
                           const ChangeId& change, std::stop_token stop) {
  std::vector<PlanRecord> earlier;
  tools.store.read([&](const store::Snapshot& rows) { earlier = rows.plans.of_change(change); });
  std::vector<Verdict> out;
  for (const policies::Policy& policy : policies) {
    const auto engine = tools.engines.find(policy.engine);
    if (engine == tools.engines.end()) {
      out.push_back({policy.name,
                     policy.level,
                     PolicyOutcome::Error,
                     {fmt::format("the engine \"{}\" is not there", policy.engine)},
                     policy.owners,
                     {}});
      continue;
    }
    Verdict verdict = engine->second->evaluate(document, policy, stop);
    for (const PlanRecord& record : earlier) {
      if (record.semantic_digest != semantic_digest || !verdict.overridden_by.empty()) continue;
      for (const Verdict& before : record.verdicts)
        if (before.policy == verdict.policy && policy.level == PolicyLevel::Overridable)
          verdict.overridden_by = before.overridden_by;
    }
    out.push_back(std::move(verdict));
  }
  return out;
}

templates::MachinesShown preview_machines(const Tools& tools, const Plan& plan, std::stop_token stop) {
  templates::MachinesShown shown;
  const auto [before, after] = state::rule_inputs(plan);
  if (before.empty() && after.empty()) return shown;
  auto mapped_before = state::map_machines(before, tools.config.machines, tools.query, stop);
  auto mapped_after = state::map_machines(after, tools.config.machines, tools.query, stop);
  const auto old_machines = unknown_left_out(mapped_before, shown);
  const auto new_machines = unknown_left_out(mapped_after, shown);
  for (const auto& difference : state::machine_differences(old_machines, new_machines, {})) {
    if (!difference.before) {
      shown.joining.push_back(*difference.after);
    } else if (!difference.after) {
      shown.leaving.push_back(*difference.before);
    } else {
      shown.changing.push_back(*difference.after);
    }
  }
  return shown;
}

PlanRecord keep_plan(const Tools& tools, const config::RepoConfig& config, const Change& change,
                     const Place& place, const runner::PlanMade& made, const std::vector<std::string>& flags,
                     std::stop_token stop) {
  const Plan& plan = made.plan;
  PlanRecord record;
  record.id = tools.random.hex(kPlanIdDigits);
  record.change = change.id;
  record.run = place.run.run;
  record.head = change.head;
  record.base = change.base;
  record.inputs = {change.merge_tree,
                   change.files_digest,
                   made.tool,
                   made.lock_digest,
                   variables_digest(tools, config, place.settings),
                   policies_digest(config.policies),
                   made.state};
  record.plan_sha256 = made.plan_sha256;
  record.semantic_digest = plan.semantic_digest;
  record.destroys = plan.destroys();
  for (const ResourceChange& one : plan.changes)
    if (!one.digest.empty()) record.change_digests.push_back(one.digest);
  for (const OutputChange& one : plan.outputs) record.change_digests.push_back(one.digest);
  std::sort(record.change_digests.begin(), record.change_digests.end());
  record.counts = plan.counts;
  record.flags = flags;
  record.complete = plan.complete;
  if (plan.provisioned) {
    vcs::Repository& repository = tools.repositories.of(change.id.pull.repo);
    const auto graph = tools.graphs.of(repository, change.merge_tree);
    record.inputs.scripts_digest =
        scripts_digest(repository, *graph, change.merge_tree, change.id.project.dir);
  }
  record.verdicts = judge(tools, config.policies, made.document, plan.semantic_digest, change.id, stop);
  record.sandbox = made.level.words;
  record.made = tools.clock.now();
  record.expires = record.made + config.plan_expiry;
  record.plan_file = keep_file(tools, kPlanPurpose, made.plan_file);
  record.materials = keep_file(tools, kMaterialsPurpose, made.materials);
  record.summary = keep_summary(tools, {plan, preview_machines(tools, plan, stop)});
  return record;
}

}  // namespace slipway::work
