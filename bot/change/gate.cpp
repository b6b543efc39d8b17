#include "bot/change/gate.h"

#include <fmt/format.h>

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

Gate::Answer Gate::judge(const PlanRecord* approved, const phase::Trigger& trigger, const PlanInputs& inputs,
                         Time now) {
  if (approved == nullptr) return Ask{"no plan of it had been shown"};
  if (!blocking(*approved).empty()) return Ask{sentence_of_blocking(*approved)};
  if (!shown_in_time(*approved, trigger)) return Ask{"its plan was shown only afterwards"};
  // Extra flags narrow what a plan does: such a plan is applied when a person asks for it, never by a merge.
  if (!approved->flags.empty() && trigger.merge && !trigger.confirmed)
    return Ask{fmt::format("its plan was made with {}", fmt::join(approved->flags, " "))};

  Moved moved;
  const PlanInputs& then = approved->inputs;
  const bool same_files = then.merge_tree == inputs.merge_tree ||
                          (!then.files_digest.empty() && then.files_digest == inputs.files_digest);
  if (!same_files) moved.what.push_back("the configuration");
  if (then.tool != inputs.tool) moved.what.push_back("the version of Terraform");
  if (then.variables_digest != inputs.variables_digest) moved.what.push_back("the variables");
  if (then.policies_digest != inputs.policies_digest) moved.what.push_back("the policies");
  // An unknown serial is not compared here: Terraform itself refuses a plan of another serial or lineage.
  if (!inputs.state.lineage.empty() && then.state != inputs.state) moved.what.push_back("the state");
  if (approved->expires <= now) moved.what.push_back("its time (it expired)");
  if (!approved->complete && approved->flags.empty()) moved.what.push_back("it was not complete");
  if (moved.what.empty()) return Exact{};
  return moved;
}

std::string Gate::compare(const PlanRecord* approved, const phase::Trigger& trigger,
                          const PlanRecord& fresh) {
  if (!blocking(fresh).empty()) return sentence_of_blocking(fresh);
  if (approved == nullptr) return "no plan of it had been shown";
  if (!blocking(*approved).empty()) return "a policy denied what was shown";
  if (!shown_in_time(*approved, trigger)) return "its plan was shown only afterwards";
  if (!approved->flags.empty()) return "what was shown was made with extra flags";
  if (approved->semantic_digest != fresh.semantic_digest) return "it differs from what was reviewed";
  return {};
}

ApprovedPlan Gate::approved(const Change& change, const PlanRecord& record) {
  const auto* applying = std::get_if<phase::Applying>(&change.state);
  if (applying == nullptr || applying->plan != record.id || !blocking(record).empty())
    throw std::logic_error("a plan was to be applied that the gate had not let through");
  return ApprovedPlan(record);
}

}  // namespace slipway::change
