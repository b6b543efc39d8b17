#include "bot/work/record_state.h"

#include "bot/work/claim.h"
#include "bot/work/hook_event.h"
#include "bot/work/payload.h"
#include "bot/work/vault.h"
#include "core/crypto.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

namespace slipway::work {
namespace {

state::State parse(const Tools& tools, const std::string& bytes) {
  auto parsed = state::read_state(bytes, tools.keyring.derive("state digests").reveal());
  if (!parsed) throw Failure("the state can't be read: " + parsed.error().text());
  return *std::move(parsed);
}

/// A rule that fails on an instance must not read as "gone": what was known of it stays.
std::vector<Machine> machines_of(const Tools& tools, const state::State& state,
                                 const std::vector<Machine>& before,
                                 const std::vector<state::InstanceDifference>& instances,
                                 std::stop_token stop) {
  auto mapped = state::map_machines(state::rule_inputs(state), tools.config.machines, tools.query, stop);
  for (const std::string& problem : mapped.problems)
    log::warning("a machine was not mapped", {{"why", problem}});
  state::keep_failed(mapped, before, instances);
  return std::move(mapped.machines);
}

/// The newest version that the run itself did not make.
std::optional<StateVersion> version_before(const Tools& tools, const StateKey& key, const RunId& run) {
  constexpr std::size_t kVersionsOfOneRun = 64;
  std::vector<StateVersion> versions;
  tools.store.read(
      [&](const store::Snapshot& rows) { versions = rows.states.versions(key, kVersionsOfOneRun); });
  for (StateVersion& version : versions)
    if (version.run != run) return std::move(version);
  return {};
}

std::string_view word(MachineEvent what) {
  switch (what) {
    case MachineEvent::Created:
      return "created";
    case MachineEvent::Changed:
      return "changed";
    case MachineEvent::Replaced:
      return "replaced";
    case MachineEvent::Destroyed:
      return "destroyed";
  }
  return "changed";
}

std::vector<NewJob> hook_jobs(const Tools& tools, const StateVersion& version,
                              const std::vector<state::MachineDifference>& differences, const Maker& maker) {
  std::vector<NewJob> jobs;
  StateVersion without_machines = version;
  without_machines.machines.clear();
  for (const state::MachineDifference& difference : differences) {
    for (const NamedHook& named : tools.hooks) {
      hooks::HookEvent event;
      event.what = difference.what;
      event.machine = difference.after ? *difference.after : *difference.before;
      if (difference.before && difference.after) event.before = {*difference.before};
      event.version = without_machines;
      event.key = fmt::format("{}:{}:{}:{}:{}", named.name, version.serial.lineage, event.machine.resource,
                              version.serial.serial, word(difference.what));
      jobs.push_back({.kind = "hook",
                      .lane = sink_lane(named.name, named.hook->lane(event)),
                      .payload = Json::object({{"sink", named.name},
                                               {"event", write(event)},
                                               {"pull", write(maker.pull)},
                                               {"project", write(version.key.project)},
                                               {"run", maker.run}}),
                      .due = tools.clock.now()});
    }
  }
  return jobs;
}

}  // namespace

std::string mapping_digest(const config::Config& config) {
  Sha256 digest;
  for (const state::MachineRule& rule : config.machines) {
    for (const std::string* part : {&rule.type, &rule.when, &rule.name, &rule.address, &rule.groups,
                                    &rule.variables, &rule.exporters, &rule.labels})
      digest.add(*part + '\0');
  }
  return digest.hex();
}

StateRecord record_state(const Tools& tools, const StateKey& key, const std::string& bytes,
                         const Maker& maker, std::stop_token stop) {
  StateRecord record;
  if (bytes.empty()) return record;
  const state::State now = parse(tools, bytes);
  record.serial = now.serial;
  std::optional<StateVersion> latest;
  tools.store.read([&](const store::Snapshot& rows) { latest = rows.states.latest(key); });
  const std::string name = keep_blob(tools, kStatePurpose, bytes);
  const bool recorded = latest && latest->digest == name;
  if (recorded && latest->run != maker.run) return record;

  StateVersion version;
  if (recorded) {
    version = *latest;
    record.mapped = latest->id;
  } else {
    version.key = key;
    version.serial = now.serial;
    version.digest = name;
    version.terraform_version = now.terraform_version;
    version.resources = now.instances.size();
    version.run = maker.run;
    version.actor = maker.actor;
    version.reason = maker.reason;
    version.pull = maker.pull;
    version.commit = maker.commit;
    version.at = tools.clock.now();
  }
  std::vector<Machine> machines_before;
  std::vector<state::InstanceDifference> instances;
  if (const auto before = version_before(tools, key, maker.run)) {
    machines_before = before->machines;
    instances = state::difference(parse(tools, open_blob(tools, kStatePurpose, before->digest)), now);
  }
  version.machines = machines_of(tools, now, machines_before, instances, stop);
  version.mapping = mapping_digest(tools.config);
  record.hooks = hook_jobs(tools, version,
                           state::machine_differences(machines_before, version.machines, instances), maker);
  record.version = std::move(version);
  return record;
}

void record_baseline(const Tools& tools, const StateKey& key, const std::string& bytes,
                     std::stop_token stop) {
  std::optional<StateVersion> latest;
  tools.store.read([&](const store::Snapshot& rows) { latest = rows.states.latest(key); });
  if (latest || bytes.empty()) return;
  StateRecord record =
      record_state(tools, key, bytes, {{}, "found", "as it was before the first apply", {}, {}}, stop);
  record.hooks.clear();
  tools.store.transact([&](store::Transaction& rows) { write(rows, record); });
}

void write(store::Transaction& rows, const StateRecord& record) {
  if (!record.version) return;
  if (record.mapped) {
    rows.states.save_machines(*record.mapped, record.version->machines, record.version->mapping);
  } else {
    rows.states.add(*record.version);
  }
  for (const NewJob& job : record.hooks) rows.jobs.add(job);
}

void map_again(const Tools& tools, std::stop_token stop) {
  const std::string mapping = mapping_digest(tools.config);
  std::vector<StateVersion> latest;
  tools.store.read([&](const store::Snapshot& rows) { latest = rows.states.all_latest(); });
  for (const StateVersion& version : latest) {
    if (version.mapping == mapping) continue;
    const state::State state = parse(tools, open_blob(tools, kStatePurpose, version.digest));
    const auto machines = machines_of(tools, state, version.machines, {}, stop);
    tools.store.transact(
        [&](store::Transaction& rows) { rows.states.save_machines(version.id, machines, mapping); });
  }
}

}  // namespace slipway::work
