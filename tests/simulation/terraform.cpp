#include "tests/simulation/terraform.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/json.h"
#include "runner/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace slipway::simulation {
namespace {

/// What tells Slipway by itself that it is a machine.
Json values(const std::string& token, bool is_machine) {
  const std::string name = resource_name(token);
  Json json = Json::object({{"id", name}, {"name", name}, {"ip_address", "10.0.0.1"}});
  if (is_machine) json["automation"] = Json::object();
  if (name != token) json["size"] = token.substr(name.size() + 1);
  return json;
}

/// `before` and `after` are tokens; empty: it does not exist.
ResourceChange change_of(const std::string& before, const std::string& after, bool machines) {
  ResourceChange change;
  change.name = resource_name(after.empty() ? before : after);
  change.address = "hci_instance." + change.name;
  change.type = "hci_instance";
  change.provider = "example.test/slipway/hci";
  change.action = before.empty() ? Action::Create : after.empty() ? Action::Delete : Action::Update;
  change.digest = sha256_hex(before + ">" + after);
  change.body =
      ResourceChange::Body{before.empty() ? PlanValue() : PlanValue::plain(values(before, machines)),
                           after.empty() ? PlanValue() : PlanValue::plain(values(after, machines))};
  return change;
}

std::map<std::string, std::string> by_name(const std::set<std::string>& tokens) {
  std::map<std::string, std::string> out;
  for (const std::string& token : tokens) out[resource_name(token)] = token;
  return out;
}

std::vector<ResourceChange> changes(const std::set<std::string>& have, const std::set<std::string>& want,
                                    bool machines) {
  const auto before = by_name(have);
  const auto after = by_name(want);
  std::set<std::string> names;
  for (const auto& [name, token] : before) names.insert(name);
  for (const auto& [name, token] : after) names.insert(name);
  std::vector<ResourceChange> out;
  for (const std::string& name : names) {
    const auto old = before.find(name);
    const auto now = after.find(name);
    const std::string from = old == before.end() ? "" : old->second;
    const std::string to = now == after.end() ? "" : now->second;
    if (from != to) out.push_back(change_of(from, to, machines));
  }
  return out;
}

}  // namespace

std::string resource_name(const std::string& token) { return token.substr(0, token.find('=')); }

std::string SimulatedTerraform::state_of(const std::string& dir) const {
  const auto world = worlds.find(dir);
  if (world == worlds.end() || world->second.serial == 0) return {};
  Json::Array resources;
  for (const std::string& token : world->second.resources) {
    resources.push_back(Json::object(
        {{"mode", "managed"},
         {"type", "hci_instance"},
         {"name", resource_name(token)},
         {"provider", "provider[\"example.test/slipway/hci\"]"},
         {"instances",
          Json::Array{Json::object({{"schema_version", 0}, {"attributes", values(token, machines)}})}}}));
  }
  return Json::object({{"version", 4},
                       {"terraform_version", "1.11.4"},
                       {"serial", world->second.serial},
                       {"lineage", world->second.lineage},
                       {"outputs", Json::object()},
                       {"resources", std::move(resources)}})
      .dump();
}

runner::PlanOutcome SimulatedTerraform::plan(const runner::PlanRequest& request, runner::RunLog& log,
                                             std::stop_token stop) {
  if (stop.stop_requested()) return runner::RunStopped{};
  log.text("planning\n");
  const std::string& dir = request.place.project.dir;
  if (wait) wait();
  if (plan_fails && plan_fails(dir)) {
    runner::RunFailed failed;
    failed.phase = "plan";
    failed.summary = "the provider is not in the mood";
    return failed;
  }
  const World world = worlds[dir];
  runner::PlanMade made;
  const bool destroy =
      std::find(request.flags.begin(), request.flags.end(), "-destroy") != request.flags.end();
  const auto want = destroy ? std::set<std::string>() : repository_.resources(request.place.tree, dir);
  made.plan.changes = changes(world.resources, want, machines);
  made.plan.counts = count(made.plan.changes, {});
  std::string all;
  for (const ResourceChange& change : made.plan.changes) all += change.digest;
  made.plan.semantic_digest = sha256_hex(all);
  made.plan.complete = std::none_of(request.flags.begin(), request.flags.end(),
                                    [](const std::string& flag) { return flag.starts_with("-target"); });
  if (wait) wait();
  if (stop.stop_requested()) return runner::RunStopped{};
  made.plan_file = request.place.directory + "/plan";
  made.materials = request.place.directory + "/stuff";
  // The run's name makes it one of its kind, as the time in a real one does.
  const std::string saved = fmt::format("{} {} {}", world.serial, request.place.run, fmt::join(want, " "));
  std::ofstream(made.plan_file) << saved;
  std::ofstream(made.materials) << "lock file";
  made.plan_sha256 = sha256_hex(saved);
  made.document.digest = made.plan_sha256;
  made.tool = "terraform 1.11.4";
  made.state = {world.lineage, world.serial};
  made.level = level();
  plans[made.plan_sha256] = {request.place.run, dir,           request.place.tree, world.serial,
                             made.plan.changes, request.flags, made.plan_sha256};
  return made;
}

bool SimulatedTerraform::locked(const std::string& dir) const {
  return std::any_of(keepers.begin(), keepers.end(), [&](const Kept& kept) {
    return kept.dir == dir && (kept.stage == Kept::Stage::Locked || kept.stage == Kept::Stage::Begun);
  });
}

bool SimulatedTerraform::lives(const runner::RunPlace& place) const {
  return std::any_of(keepers.begin(), keepers.end(), [&](const Kept& kept) {
    return kept.run == place.run && kept.stage != Kept::Stage::Ended;
  });
}

/// The keeper that the run's directory tells of, or a new one. Gives its place in `keepers`.
std::size_t SimulatedTerraform::keep(const ApprovedPlan& plan, const runner::ApplyRequest& request,
                                     const LockProof& lock) {
  const std::string started = request.place.directory + "/started";
  if (std::filesystem::exists(started)) {
    for (std::size_t i = keepers.size(); i-- > 0;)
      if (keepers[i].run == request.place.run) return i;
  }
  const std::string saved = runner::read_file(request.plan_file);
  if (sha256_hex(saved) != plan.record().plan_sha256)
    throw Failure("the plan file isn't the one that was approved: its SHA-256 differs");
  std::istringstream in(saved);
  Kept kept;
  kept.run = request.place.run;
  kept.plan = plan.record().id;
  kept.dir = request.place.project.dir;
  kept.directory = request.place.directory;
  std::string of_run;
  in >> kept.serial >> of_run;
  kept.want = {std::istream_iterator<std::string>(in), {}};
  kept.resources = plan.record().change_digests.size();
  kept.fate = fate_of ? fate_of(kept) : Fate::Done;
  std::ofstream(started) << "started";
  keepers.push_back(kept);
  if (on_start) on_start(keepers.back(), lock);
  return keepers.size() - 1;
}

void SimulatedTerraform::change_first(Kept& kept) {
  World& world = worlds[kept.dir];
  const auto all = changes(world.resources, kept.want, machines);
  if (all.empty()) return;
  const std::string& name = all.front().name;
  std::erase_if(world.resources, [&](const std::string& token) { return resource_name(token) == name; });
  for (const std::string& token : kept.want)
    if (resource_name(token) == name) world.resources.insert(token);
  if (world.lineage.empty()) world.lineage = "lineage of " + kept.dir;
  ++world.serial;
  if (!kept.wrote) ++applies[kept.run];
  kept.wrote = true;
}

void SimulatedTerraform::change_all(Kept& kept) {
  World& world = worlds[kept.dir];
  world.resources = kept.want;
  if (world.lineage.empty()) world.lineage = "lineage of " + kept.dir;
  ++world.serial;
  if (!kept.wrote) ++applies[kept.run];
  kept.wrote = true;
}

void SimulatedTerraform::advance(Kept& kept) {
  const auto fail = [&](std::string summary) {
    runner::ApplyFailure failure;
    failure.failed.phase = "apply";
    failure.failed.summary = std::move(summary);
    failure.began = kept.wrote;
    failure.done = kept.wrote ? 1 : 0;
    failure.total = 2;
    kept.stage = Kept::Stage::Ended;
    return failure;
  };
  switch (kept.stage) {
    case Kept::Stage::Started:
      if (kept.fate == Fate::Refused) {
        auto failure = fail("the registry does not answer");
        failure.failed.phase = "init";
        kept.outcome = failure;
      } else if (locked(kept.dir)) {
        auto failure = fail("the state is locked by somebody");
        failure.failed.state_locked = true;
        kept.outcome = failure;
      } else if (kept.serial != worlds[kept.dir].serial) {
        auto failure = fail("Saved plan is stale");
        failure.failed.stale_plan = true;
        kept.outcome = failure;
      } else {
        kept.stage = Kept::Stage::Locked;
      }
      return;
    case Kept::Stage::Locked:
      if (kept.fate == Fate::KeeperDiesFirst) {
        kept.stage = Kept::Stage::Ended;
        kept.outcome = runner::ApplyLost{kept.wrote, {}};
        return;
      }
      change_first(kept);
      kept.stage = Kept::Stage::Begun;
      return;
    case Kept::Stage::Begun:
      if (kept.fate == Fate::HalfWay) {
        kept.outcome = fail("the machine room is full");
        return;
      }
      if (kept.fate != Fate::KeeperDiesHalfWay) change_all(kept);
      kept.stage = Kept::Stage::Ended;
      if (kept.fate == Fate::KeeperDiesHalfWay || kept.fate == Fate::KeeperDiesLast) {
        kept.outcome = runner::ApplyLost{kept.wrote, {}};
      } else if (kept.fate == Fate::WrittenThenFails) {
        kept.outcome = fail("a check failed after everything was done");
      } else {
        kept.outcome = runner::ApplyDone{kept.resources, {}};
      }
      return;
    case Kept::Stage::Ended:
      return;
  }
}

runner::ApplyOutcome SimulatedTerraform::apply(const ApprovedPlan& plan, const LockProof& lock,
                                               const runner::ApplyRequest& request, runner::RunLog& log,
                                               std::stop_token stop) {
  const std::size_t at = keep(plan, request, lock);
  bool told = false;
  while (!keepers[at].outcome) {
    if (wait) {
      wait();
    } else {
      advance(keepers[at]);
    }
    if (stop.stop_requested()) throw Stopped();
    if (keepers[at].wrote && !std::exchange(told, true)) log.progress(1, 2);
  }
  runner::ApplyOutcome outcome = *keepers[at].outcome;
  std::visit([&](auto& ended) { ended.state = state_of(request.place.project.dir); }, outcome);
  return outcome;
}

}  // namespace slipway::simulation
