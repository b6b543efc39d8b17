#pragma once

#include "core/guarded.h"
#include "runner/cli/provider_store.h"
#include "runner/cli/site.h"
#include "runner/terraform.h"

#include <map>
#include <memory>
#include <string>

namespace slipway::runner {

/// Terraform and OpenTofu by their command line, each command in the sandbox. Files of a run, below its
/// directory: plan/ (the site of a plan), apply/ (of an apply), state/ (of a look at the state), and those of
/// the keeper.
class TerraformCli final : public Terraform {
 public:
  TerraformCli(Sandbox& sandbox, TerraformOptions options);

  PlanOutcome plan(const PlanRequest& request, RunLog& log, std::stop_token stop) override;
  ApplyOutcome apply(const ApprovedPlan& plan, const LockProof& lock, const ApplyRequest& request,
                     RunLog& log, std::stop_token stop) override;
  void interrupt(const RunPlace& place) override;
  std::string pull_state(const RunPlace& place, const RunSettings& settings, const std::string& materials,
                         std::stop_token stop) override;
  PushOutcome push_state(const StateRequest& request, const LockProof& lock, const std::string& state,
                         RunLog& log, std::stop_token stop) override;
  std::optional<RunFailed> release_lock(const StateRequest& request, const LockProof& lock,
                                        const std::string& id, RunLog& log, std::stop_token stop) override;
  bool lives(const RunPlace& place) const override;
  std::string version(const std::string& terraform) override;
  SandboxLevel level() const override { return sandbox_.level(); }

 private:
  PlanOutcome make_plan(const PlanRequest& request, RunLog& log, const std::stop_token& stop);
  /// Starts the keeper; or why init refused.
  std::optional<RunFailed> start_apply(const PlanRecord& record, const ApplyRequest& request, RunLog& log,
                                       const std::stop_token& stop);
  ApplyOutcome finish_apply(const PlanRecord& record, const ApplyRequest& request, RunLog& log,
                            const std::stop_token& stop);
  Site apply_site(const ApplyRequest& request, RunLog& log);
  /// Empty when it can't be read; why is in the server's log.
  std::string try_pull_state(const ApplyRequest& request, const std::stop_token& stop);

  Sandbox& sandbox_;
  TerraformOptions options_;
  ProviderStore store_;
  Guarded<std::map<std::string, std::string>> versions_;  // by what identifies a program's files
};

}  // namespace slipway::runner
