#pragma once

#include "core/json.h"
#include "core/machine.h"
#include "core/plan.h"
#include "core/query.h"
#include "core/result.h"
#include "core/settings.h"
#include "core/state_version.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::state {

/// One resource instance of a state, sensitive attributes replaced by null.
struct Instance {
  std::string address;  // module.db["a"].hci_instance.node[0]
  std::string type;
  std::string name;
  Json index;  // null, a number, a string
  std::string module;
  std::string provider;
  std::string id;      // the attribute "id", as text; empty when it has none
  Json values;         // attributes
  std::string digest;  // of the attributes with the sensitive ones, keyed
  std::string deposed;
  bool data_source = false;
};

/// A state file, format version 4 (any terraform_version; unknown fields ignored).
struct State {
  StateSerial serial;
  std::string terraform_version;
  std::vector<Instance> instances;  // sorted by address; managed and data
  Json outputs;                     // sensitive ones null
};

/// `key` keys the digests of instances. Anything that is not a v4 state is refused with what is wrong.
Result<State> read_state(std::string_view bytes, std::string_view key);
/// Lineage and serial only, quickly.
Result<StateSerial> read_serial(std::string_view bytes);

enum class InstanceEvent { Created, Changed, Replaced, Destroyed, Moved };
struct InstanceDifference {
  InstanceEvent what = InstanceEvent::Created;
  std::optional<Instance> before;
  std::optional<Instance> after;
};
/// By instance (address with index): an address gone whose type and id appear under another is Moved; another
/// id under the same address is Replaced. Sorted by address.
std::vector<InstanceDifference> difference(const State& before, const State& after);

/// One `machines:` entry of the config; each text is a jq expression over {address, type, name, index,
/// values}. What an entry leaves out is read as of an `hci_instance`: name, ip_address, automation,
/// monitoring.
struct MachineRule {
  std::string type;
  std::string when = "true";
  std::string name = ".values.name";
  std::string address = ".values.ip_address";
  std::string groups = ".values.automation.groups?";
  std::string variables = ".values.automation.variables?";
  std::string exporters = ".values.monitoring.exporters?";
  std::string labels = ".values.monitoring.labels?";
};
/// Throws SettingsError.
MachineRule read_machine_rule(const Settings& entry);
/// What is wrong with its expressions, for `slipway validate`; empty: nothing.
std::string check(const MachineRule& rule, Query& query, std::stop_token stop);

/// What an instance looks like to a rule.
struct RuleInput {
  std::string address;
  std::string type;
  std::string name;
  Json index;
  Json values;
};

inline constexpr std::size_t kMaxMachineProblems =
    50;  // said of one state; how many more there are is said too

struct Mapped {
  std::vector<Machine> machines;      // sorted by name
  std::vector<std::string> problems;  // rules that failed on an instance: a sentence each
  std::vector<std::string>
      failed;  // addresses of instances that may be machines, but whose rule failed; sorted
};
/// The machines that `rules` (in order, the first that matches wins) find among the inputs. An
/// `hci_instance`-style resource (name, ip_address, automation or monitoring) needs no rule of its own when
/// `rules` has none for its type. Names, addresses, ports and labels are checked by the rules of the tools
/// they are for: a label or an exporter that breaks them is left out, with a problem.
Mapped map_machines(const std::vector<RuleInput>& inputs, const std::vector<MachineRule>& rules, Query& query,
                    std::stop_token stop);
std::vector<RuleInput> rule_inputs(const State& state);
/// Before and after of a plan, for the comment's preview: (machines that go, machines that come). An instance
/// that stays is in both, under its new address.
std::pair<std::vector<RuleInput>, std::vector<RuleInput>> rule_inputs(const Plan& plan);

/// A rule that fails must not read as "gone": a machine that was known under an address in `failed`, and
/// still lives there, stays as it was. To be called on the mapping of a new version, before its machines are
/// compared or recorded.
void keep_failed(Mapped& now, const std::vector<Machine>& before,
                 const std::vector<InstanceDifference>& instances);

struct MachineDifference {
  MachineEvent what = MachineEvent::Created;
  std::optional<Machine> before;
  std::optional<Machine> after;
};
/// By machine's resource address, moves followed, so that a renamed resource is no new machine. Those that
/// are destroyed come first: a name that another machine takes is free by then. Then sorted by address.
std::vector<MachineDifference> machine_differences(const std::vector<Machine>& before,
                                                   const std::vector<Machine>& after,
                                                   const std::vector<InstanceDifference>& instances);

/// Terraform's http backend, as a pure answer to a request on what is held.
struct BackendHeld {
  std::optional<StateSerial> serial;
  std::string digest;     // SHA-256 of the held state
  std::string lock_id;    // empty: not locked
  std::string lock_info;  // JSON of the holder
};
struct BackendRequest {
  enum class Verb { Get, Post, Delete, Lock, Unlock } verb = Verb::Get;
  std::string lock_id;      // ?ID=
  std::string content_md5;  // base64, of POST
  std::string body;
  bool may_write = false;
};
struct BackendAnswer {
  int status = 200;
  std::string body;
  enum class Effect { None, SendState, StoreState, RemoveState, TakeLock, DropLock } effect = Effect::None;
  std::string lock_id;  // to take
  StateSerial serial;   // of the state to store
  std::string digest;
};
BackendAnswer answer(const BackendHeld& held, const BackendRequest& request);

}  // namespace slipway::state
