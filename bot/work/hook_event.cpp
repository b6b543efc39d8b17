#include "bot/work/hook_event.h"

#include "bot/work/payload.h"

namespace slipway::work {
namespace {

Json write_version(const StateVersion& version) {
  return Json::object({{"id", version.id},
                       {"repo", write(version.key.repo)},
                       {"project", write(version.key.project)},
                       {"lineage", version.serial.lineage},
                       {"serial", version.serial.serial},
                       {"digest", version.digest},
                       {"terraform_version", version.terraform_version},
                       {"run", version.run},
                       {"actor", version.actor},
                       {"reason", version.reason},
                       {"pull", write(version.pull)},
                       {"commit", version.commit},
                       {"at", to_millis(version.at)}});
}

StateVersion read_version(const JsonReader& in) {
  StateVersion version;
  version.id = in["id"].integer();
  version.key = {read_repo(in["repo"]), read_project(in["project"])};
  version.serial = {in["lineage"].string(), in["serial"].integer()};
  version.digest = in["digest"].string();
  version.terraform_version = in["terraform_version"].string();
  version.run = in["run"].string();
  version.actor = in["actor"].string();
  version.reason = in["reason"].string();
  version.pull = read_pull(in["pull"]);
  version.commit = in["commit"].string();
  version.at = from_millis(in["at"].integer());
  return version;
}

}  // namespace

Json write(const hooks::HookEvent& event) {
  Json::Array before;
  for (const Machine& machine : event.before) before.push_back(machine.to_json());
  return Json::object({{"key", event.key},
                       {"what", static_cast<int>(event.what)},
                       {"machine", event.machine.to_json()},
                       {"before", std::move(before)},
                       {"version", write_version(event.version)}});
}

hooks::HookEvent read_hook_event(const JsonReader& in) {
  hooks::HookEvent event;
  event.key = in["key"].string();
  event.what = static_cast<MachineEvent>(in["what"].integer());
  event.machine = Machine::from_json(in["machine"].value());
  for (const JsonReader& item : in["before"].items())
    event.before.push_back(Machine::from_json(item.value()));
  event.version = read_version(in["version"]);
  return event;
}

}  // namespace slipway::work
