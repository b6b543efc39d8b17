#pragma once

#include "bot/change/decide.h"
#include "bot/work/claim.h"
#include "bot/work/tools.h"
#include "runner/terraform.h"

#include <memory>
#include <string>

namespace slipway::work {

enum class Phase { Plan, Apply };

/// Where and how a project is run in one phase: a checkout, a directory of the run, settings from the
/// server's config, and credentials for its state that die with the run.
struct Place {
  std::shared_ptr<vcs::Checkout> checkout;
  runner::RunPlace run;
  runner::RunSettings settings;
};
Place prepare_place(const Tools& tools, const Change& change, const RunId& run, Phase phase,
                    std::int64_t fence, std::stop_token stop);
/// Removes the run's directory: plan files and state copies hold secrets.
void clear_place(const runner::RunPlace& place);

/// What Terraform is called with: what people wrote, and -destroy for a project that the pull request
/// removes.
std::vector<std::string> terraform_flags(const Change& change, std::vector<std::string> flags);

/// The config's word on how a project is run in a phase.
runner::RunSettings settings_of(const config::RepoConfig& config, const ProjectId& project, Phase phase);

/// What a plan is made from besides the tree: for PlanInputs.
std::string variables_digest(const Tools& tools, const config::RepoConfig& config,
                             const runner::RunSettings& settings);
std::string policies_digest(const std::vector<policies::Policy>& policies);
/// Path of the project's state in our backend's URLs: "acme/infra/prod/web/default".
std::string state_path(const StateKey& key);

}  // namespace slipway::work
