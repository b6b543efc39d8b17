#include "bot/change/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace slipway::change {
namespace {

/// What has to happen before a confirmation can: of the first policy, since each has its turn.
std::string sentence_of_blocking(const PlanRecord& plan) {
  for (const Verdict& verdict : plan.verdicts) {
    if (!verdict.blocks()) continue;
    if (verdict.outcome == PolicyOutcome::Error)
      return fmt::format("`{}` could not be asked", verdict.policy);
    if (verdict.level == PolicyLevel::Mandatory)
      return fmt::format("`{}` denies it, which nobody may override", verdict.policy);
    return fmt::format("`{}` denies it and has to be approved first", verdict.policy);
  }
  return {};
}

bool same_files(const PlanInputs& one, const PlanInputs& other) {
  return one.merge_tree == other.merge_tree ||
         (!one.files_digest.empty() && one.files_digest == other.files_digest);
}

}  // namespace

std::vector<std::string> blocking(const PlanRecord& plan) {
  std::vector<std::string> out;
  for (const Verdict& verdict : plan.verdicts)
    if (verdict.blocks()) out.push_back(verdict.policy);
  return out;
}

bool Gate::shown_in_time(const PlanRecord& plan, const phase::Trigger& trigger) {
  return plan.shown_at && *plan.shown_at <= trigger.at + kForgeTimeGrain;
}

std::string Gate::lacking(const Asked& asked) {
  const phase::Trigger& trigger = asked.trigger;
  if (!trigger.lacks.empty() && !trigger.confirmed) return trigger.lacks;
  if (asked.plan == nullptr) return "no plan of it had been shown";
  const PlanRecord& plan = *asked.plan;
  if (!blocking(plan).empty()) return sentence_of_blocking(plan);
  if (!shown_in_time(plan, trigger)) return "its plan was shown only afterwards";
  // Extra flags narrow what a plan does: such a plan is applied when a person asks for it, never by a merge.
  if (!plan.flags.empty() && (trigger.merge || trigger.group) && !trigger.confirmed)
    return fmt::format("its plan was made with `{}`", fmt::join(plan.flags, " "));
  return {};
}

Gate::Answer Gate::judge(const Asked& asked, const PlanInputs& inputs, Time now) {
  if (std::string why = lacking(asked); !why.empty()) return Ask{std::move(why)};

  Moved moved;
  const PlanRecord& plan = *asked.plan;
  const PlanInputs& then = plan.inputs;
  if (!same_files(then, inputs)) moved.what.push_back("the configuration");
  if (then.tool != inputs.tool) moved.what.push_back("the version of Terraform");
  if (then.variables_digest != inputs.variables_digest) moved.what.push_back("the variables");
  if (then.policies_digest != inputs.policies_digest) moved.what.push_back("the policies");
  // An unknown serial is not compared here: Terraform itself refuses a plan of another serial or lineage.
  if (!inputs.state.lineage.empty() && then.state != inputs.state) moved.what.push_back("the state");
  if (plan.expires <= now) moved.what.push_back("its time (it expired)");
  if (!plan.complete && plan.flags.empty()) moved.what.push_back("it was not complete");
  if (moved.what.empty()) return Exact{};
  return moved;
}

std::string Gate::compare(const std::vector<Asked>& group, const PlanRecord& fresh, Time now) {
  if (!blocking(fresh).empty()) return sentence_of_blocking(fresh);
  // The machine stood still between the plan and this.
  if (fresh.expires <= now) return "the new plan expired before it could be applied";
  if (!fresh.complete) return "the new plan is not complete: Terraform left something out of it";
  std::set<std::string> approved;
  bool same_scripts = fresh.inputs.scripts_digest.empty();
  for (const Asked& asked : group) {
    if (!lacking(asked).empty()) continue;
    approved.insert(asked.plan->change_digests.begin(), asked.plan->change_digests.end());
    if (asked.plan->inputs.scripts_digest == fresh.inputs.scripts_digest) same_scripts = true;
  }
  const auto is_new = [&](const std::string& digest) { return !approved.contains(digest); };
  if (std::any_of(fresh.change_digests.begin(), fresh.change_digests.end(), is_new)) {
    if (std::string why = lacking(group.front()); !why.empty()) return why;
    return "it differs from what was reviewed";
  }
  // Terraform reads a provisioner's files again at the apply: equal changes may run another script.
  if (!same_scripts) return "its provisioners may run files that changed since they were reviewed";
  return {};
}

ApprovedPlan Gate::approved(const Change& change, const PlanRecord& record) {
  const auto* applying = std::get_if<phase::Applying>(&change.state);
  if (applying == nullptr || applying->plan != record.id || !blocking(record).empty())
    throw std::logic_error("a plan was to be applied that the gate had not let through");
  return ApprovedPlan(record);
}

}  // namespace slipway::change
