#include "tests/bot/work/fake_terraform.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/json.h"
#include "runner/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace slipway::work {
namespace {

/// What tells Slipway by itself that it is a machine.
Json machine(const std::string& name) {
  return Json::object(
      {{"id", name}, {"name", name}, {"ip_address", "10.0.0.1"}, {"automation", Json::object()}});
}

ResourceChange change_of(const std::string& name, Action action) {
  ResourceChange change;
  change.address = "hci_instance." + name;
  change.type = "hci_instance";
  change.name = name;
  change.provider = "example.test/slipway/hci";
  change.action = action;
  change.digest = sha256_hex(name + std::to_string(static_cast<int>(action)));
  const PlanValue values = PlanValue::plain(machine(name));
  change.body =
      action == Action::Create ? ResourceChange::Body{{}, values} : ResourceChange::Body{values, {}};
  return change;
}

}  // namespace

std::string FakeTerraform::state_of(const std::string& dir) const {
  const auto world = worlds.find(dir);
  if (world == worlds.end() || world->second.serial == 0) return {};
  Json::Array resources;
  for (const std::string& name : world->second.resources) {
    resources.push_back(Json::object(
        {{"mode", "managed"},
         {"type", "hci_instance"},
         {"name", name},
         {"provider", "provider[\"example.test/slipway/hci\"]"},
         {"instances", Json::Array{Json::object({{"schema_version", 0}, {"attributes", machine(name)}})}}}));
  }
  return Json::object({{"version", 4},
                       {"terraform_version", "1.11.4"},
                       {"serial", world->second.serial},
                       {"lineage", "lineage of " + dir},
                       {"outputs", Json::object()},
                       {"resources", std::move(resources)}})
      .dump();
}

runner::PlanOutcome FakeTerraform::plan(const runner::PlanRequest& request, runner::RunLog& log,
                                        std::stop_token) {
  log.text("planning\n");
  const std::string& dir = request.place.project.dir;
  const bool destroy =
      std::find(request.flags.begin(), request.flags.end(), "-destroy") != request.flags.end();
  const auto want = destroy ? std::set<std::string>() : repository_.resources(request.place.tree, dir);
  const auto& have = worlds[dir].resources;
  runner::PlanMade made;
  for (const std::string& name : want)
    if (!have.contains(name)) made.plan.changes.push_back(change_of(name, Action::Create));
  for (const std::string& name : have)
    if (!want.contains(name)) made.plan.changes.push_back(change_of(name, Action::Delete));
  made.plan.counts = count(made.plan.changes, {});
  std::string all;
  for (const ResourceChange& change : made.plan.changes) all += change.digest;
  made.plan.semantic_digest = sha256_hex(all);
  made.plan_file = request.place.directory + "/plan";
  made.materials = request.place.directory + "/stuff";
  const std::string saved = fmt::format("{} {}", worlds[dir].serial, fmt::join(want, " "));
  std::ofstream(made.plan_file) << saved;
  std::ofstream(made.materials) << "lock file";
  made.plan_sha256 = sha256_hex(saved);
  made.tool = "terraform 1.11.4";
  made.state = {worlds[dir].serial == 0 ? "" : "lineage of " + dir, worlds[dir].serial};
  made.level = level();
  return made;
}

runner::ApplyOutcome FakeTerraform::apply(const ApprovedPlan& plan, const LockProof&,
                                          const runner::ApplyRequest& request, runner::RunLog& log,
                                          std::stop_token) {
  const RunId& run = request.place.run;
  if (const auto before = ended_.find(run); before != ended_.end()) return before->second;
  if (applies_wait) throw Stopped();
  const std::string& dir = request.place.project.dir;
  World& world = worlds[dir];
  std::istringstream saved(runner::read_file(request.plan_file));
  std::int64_t serial = 0;
  saved >> serial;
  const std::set<std::string> want{std::istream_iterator<std::string>(saved), {}};
  runner::ApplyOutcome outcome;
  if (lock) {
    runner::ApplyFailure locked;
    locked.failed.state_locked = true;
    locked.failed.lock = *lock;
    locked.failed.summary = "Error acquiring the state lock";
    return locked;
  }
  if (serial != world.serial) {
    runner::ApplyFailure stale;
    stale.failed.stale_plan = true;
    stale.failed.summary = "Saved plan is stale";
    stale.state = state_of(dir);
    outcome = stale;
  } else {
    ++applies[run];
    const std::string before = state_of(dir);
    ++world.serial;
    log.progress(1, 2);
    if (fail_half_way) {
      world.resources.insert(*want.begin());
      runner::ApplyFailure failure;
      failure.failed.summary = "the machine room is full";
      failure.began = true;
      failure.done = 1;
      failure.total = 2;
      failure.state = state_of(dir);
      outcome = failure;
    } else if (cannot_write) {
      world.resources = want;
      runner::ApplyFailure failure;
      failure.failed.summary = "Failed to save state";
      failure.began = true;
      failure.done = failure.total = want.size();
      failure.errored_state = state_of(dir);
      failure.state = before;
      unwritten[dir] = before;
      outcome = failure;
    } else {
      world.resources = want;
      outcome = runner::ApplyDone{plan.record().change_digests.size(), state_of(dir)};
    }
  }
  ended_[run] = outcome;
  return outcome;
}

runner::PushOutcome FakeTerraform::push_state(const runner::StateRequest& request, const LockProof&,
                                              const std::string& state, runner::RunLog&, std::stop_token) {
  if (lock) {
    runner::RunFailed failed;
    failed.state_locked = true;
    failed.lock = *lock;
    return failed;
  }
  if (another_state) return runner::PushRefused{"its lineage is another"};
  if (cannot_write) {
    runner::RunFailed failed;
    failed.summary = "the backend is down";
    return failed;
  }
  unwritten.erase(request.place.project.dir);
  return runner::StatePushed{state};
}

std::optional<runner::RunFailed> FakeTerraform::release_lock(const runner::StateRequest&, const LockProof&,
                                                             const std::string& id, runner::RunLog&,
                                                             std::stop_token) {
  if (lock && lock->id == id) {
    lock.reset();
    return {};
  }
  runner::RunFailed failed;
  failed.summary = "there is no such lock";
  return failed;
}

}  // namespace slipway::work
