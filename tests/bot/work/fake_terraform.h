#pragma once

#include "runner/terraform.h"
#include "tests/bot/work/fake_repository.h"

#include <map>
#include <set>
#include <string>

namespace slipway::work {

/// Terraform as the bot sees it, over a world of its own: a project's files name its resources after
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
  bool another_state = false;                    // stands where an apply's state belongs
  bool cannot_write = false;                     // applies change the world, and their state is left over
  std::optional<LockHolder> lock;                // whoever else has locked every state
  std::set<RunId> living;                        // whose keepers are alive
  std::map<std::string, std::string> unwritten;  // by directory: the state that stands there meanwhile
  bool applies_wait = false;                     // until then every look at an apply ends as at a shutdown

  runner::PlanOutcome plan(const runner::PlanRequest& request, runner::RunLog& log,
                           std::stop_token stop) override;
  runner::ApplyOutcome apply(const ApprovedPlan& plan, const LockProof& lock,
                             const runner::ApplyRequest& request, runner::RunLog& log,
                             std::stop_token stop) override;
  void interrupt(const runner::RunPlace&) override {}
  std::string pull_state(const runner::RunPlace& place, const runner::RunSettings&, const std::string&,
                         std::stop_token) override {
    const auto stale = unwritten.find(place.project.dir);
    return stale == unwritten.end() ? state_of(place.project.dir) : stale->second;
  }
  runner::PushOutcome push_state(const runner::StateRequest& request, const LockProof& lock,
                                 const std::string& state, runner::RunLog& log,
                                 std::stop_token stop) override;
  std::optional<runner::RunFailed> release_lock(const runner::StateRequest& request, const LockProof& lock,
                                                const std::string& id, runner::RunLog& log,
                                                std::stop_token stop) override;
  bool lives(const runner::RunPlace& place) const override { return living.contains(place.run); }
  std::string version(const std::string&) override { return "terraform 1.11.4"; }
  SandboxLevel level() const override {
    SandboxLevel level;
    level.words = "full";
    return level;
  }

 private:
  std::string state_of(const std::string& dir) const;

  const FakeRepository& repository_;
  std::map<RunId, runner::ApplyOutcome> ended_;
};

}  // namespace slipway::work
