#include "state/machine_program.h"
#include "state/state.h"

namespace slipway::state {

MachineRule read_machine_rule(const Settings& entry) {
  entry.only({"type", "when", "name", "address", "groups", "variables", "exporters", "labels"});
  MachineRule rule;
  rule.type = entry.string("type");
  rule.when = entry.string_or("when", rule.when);
  rule.name = entry.string_or("name", rule.name);
  rule.address = entry.string_or("address", rule.address);
  rule.groups = entry.string_or("groups", rule.groups);
  rule.variables = entry.string_or("variables", rule.variables);
  rule.exporters = entry.string_or("exporters", rule.exporters);
  rule.labels = entry.string_or("labels", rule.labels);
  return rule;
}

std::string check(const MachineRule& rule, Query& query, std::stop_token stop) {
  const auto compiled = query.run(program_of(rule), {}, stop);
  return compiled ? std::string() : compiled.error().text();
}

}  // namespace slipway::state
