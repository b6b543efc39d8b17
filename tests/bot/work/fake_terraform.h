#pragma once

#include "runner/terraform.h"
#include "tests/bot/work/fake_repository.h"

#include <map>
#include <set>
#include <string>

namespace slipway::work {

/// Terraform as the bot sees it, over a world of its own: a project's main.tf names its resources after
/// "resources:", its state is the set of those that exist. Applies are kept by their run, as the keeper does:
/// asking again never applies again.
class FakeTerraform final : public runner::Terraform {
 public:
  explicit FakeTerraform(const FakeRepository& repository) : repository_(repository) {}

  struct World {
    std::set<std::string> resources;
    std::int64_t serial = 0;
  };
  std::map<std::string, World> worlds;  // by directory
  std::map<RunId, int> applies;         // how often each run was really applied
  bool fail_half_way = false;
  bool applies_wait = false;  // until then every look at an apply ends as at a shutdown

  runner::PlanOutcome plan(const runner::PlanRequest& request, runner::RunLog& log,
                           std::stop_token stop) override;
  runner::ApplyOutcome apply(const ApprovedPlan& plan, const LockProof& lock,
                             const runner::ApplyRequest& request, runner::RunLog& log,
                             std::stop_token stop) override;
  void interrupt(const runner::RunPlace&) override {}
  std::string pull_state(const runner::RunPlace& place, const runner::RunSettings&, const std::string&,
                         std::stop_token) override {
    return state_of(place.project.dir);
  }
  std::string version(const std::string&) override { return "terraform 1.11.4"; }
  SandboxLevel level() const override {
    SandboxLevel level;
    level.words = "full";
    return level;
  }

 private:
  std::set<std::string> wanted(const Sha& tree, const std::string& dir) const;
  std::string state_of(const std::string& dir) const;

  const FakeRepository& repository_;
  std::map<RunId, runner::ApplyOutcome> ended_;
};

}  // namespace slipway::work
