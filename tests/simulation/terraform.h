#pragma once

#include "runner/terraform.h"
#include "tests/bot/work/fake_repository.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace slipway::simulation {

/// Terraform as the bot sees it, over a world of its own: the .tf files of a project's directory name its
/// resources after "resources:", as "web" or "web=2" with a value; its state is the set of those that exist.
/// An apply runs under a keeper, which outlives the process that began it: asking again for a run whose
/// directory tells of one never applies again.
class SimulatedTerraform final : public runner::Terraform {
 public:
  explicit SimulatedTerraform(const work::FakeRepository& repository) : repository_(repository) {}

  struct World {
    std::set<std::string> resources;
    std::int64_t serial = 0;
    std::string lineage;  // empty: there was no state yet
  };
  std::map<std::string, World> worlds;  // by directory
  std::map<RunId, int> applies;         // how often each run really changed its world
  bool machines = true;                 // its resources are machines

  /// How an apply will end.
  enum class Fate {
    Done,
    Refused,           // init or a provider says no before anything began
    HalfWay,           // the first change is made and written down, the next one fails
    WrittenThenFails,  // everything is done, and then Terraform fails nevertheless
    KeeperDiesFirst,   // the machine's power goes: before the first change,
    KeeperDiesHalfWay,
    KeeperDiesLast,  // or after everything
  };
  /// An apply that was begun.
  struct Kept {
    RunId run;
    PlanId plan;
    std::string dir;
    std::string directory;    // of the run
    std::int64_t serial = 0;  // that the plan was made from
    std::set<std::string> want;
    Fate fate = Fate::Done;
    enum class Stage { Started, Locked, Begun, Ended } stage = Stage::Started;
    bool wrote = false;
    std::optional<runner::ApplyOutcome> outcome;  // but for the state, which is read when it is asked for
    std::size_t resources = 0;
  };
  /// What a plan was made from and would do: kept for whoever checks.
  struct Made {
    RunId run;
    std::string dir;
    Sha tree;
    std::int64_t serial = 0;
    std::vector<ResourceChange> changes;
    std::vector<std::string> flags;
    std::string sha256;
  };
  std::map<std::string, Made> plans;  // by the plan file's digest
  std::vector<Kept> keepers;          // in the order of their starts
  /// One step of a keeper's life: it takes the lock, makes the first change, makes the rest.
  void advance(Kept& kept);
  /// Somebody's apply holds Terraform's lock of this state.
  bool locked(const std::string& dir) const;

  // What a test may put in:
  std::function<Fate(const Kept&)> fate_of;               // empty: Done
  std::function<void(Kept&, const LockProof&)> on_start;  // a keeper was started
  std::function<void()> wait;  // while something takes its time; empty: it is quick
  std::function<bool(const std::string& dir)> plan_fails;

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
  /// Its applies leave no state unwritten and no lock behind: nobody asks for these.
  runner::PushOutcome push_state(const runner::StateRequest&, const LockProof&, const std::string&,
                                 runner::RunLog&, std::stop_token) override {
    return runner::PushRefused{"nothing was left over"};
  }
  std::optional<runner::RunFailed> release_lock(const runner::StateRequest&, const LockProof&,
                                                const std::string&, runner::RunLog&,
                                                std::stop_token) override {
    return runner::RunFailed{};
  }
  bool lives(const runner::RunPlace& place) const override;
  std::string version(const std::string&) override { return "terraform 1.11.4"; }
  SandboxLevel level() const override {
    SandboxLevel level;
    level.words = "full";
    return level;
  }

 private:
  std::size_t keep(const ApprovedPlan& plan, const runner::ApplyRequest& request, const LockProof& lock);
  std::string state_of(const std::string& dir) const;
  void change_all(Kept& kept);
  void change_first(Kept& kept);

  const work::FakeRepository& repository_;
};

/// "web" of "web=2".
std::string resource_name(const std::string& token);

}  // namespace slipway::simulation
