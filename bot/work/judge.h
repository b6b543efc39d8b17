#pragma once

#include "bot/work/place.h"
#include "bot/work/vault.h"

namespace slipway::work {

/// Every policy's verdict on a plan, in the order of the config: the server's, then the base branch's. An
/// override that was given for exactly this semantic digest holds.
std::vector<Verdict> judge(const Tools& tools, const std::vector<policies::Policy>& policies,
                           const PlanDocument& document, const std::string& semantic_digest,
                           const ChangeId& change, std::stop_token stop);

/// The machines that a plan would make known, change and forget.
templates::MachinesShown preview_machines(const Tools& tools, const Plan& plan, std::stop_token stop);

/// From what Terraform made to the record that is kept; blobs are on disk when it returns.
PlanRecord keep_plan(const Tools& tools, const config::RepoConfig& config, const Change& change,
                     const Place& place, const runner::PlanMade& made, const std::vector<std::string>& flags,
                     std::stop_token stop);

}  // namespace slipway::work
