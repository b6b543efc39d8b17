#include "state/living.h"
#include "state/state.h"

namespace slipway::state {

std::vector<RuleInput> rule_inputs(const State& state) {
  std::vector<RuleInput> out;
  for (const Instance* instance : living(state)) {
    out.push_back({instance->address, instance->type, instance->name, instance->index, instance->values});
  }
  return out;
}

std::pair<std::vector<RuleInput>, std::vector<RuleInput>> rule_inputs(const Plan& plan) {
  std::vector<RuleInput> before;
  std::vector<RuleInput> after;
  for (const ResourceChange& change : plan.changes) {
    if (change.data_source || !change.deposed.empty() || !change.body) continue;
    const auto input = [&](const PlanValue& values) {
      return RuleInput{change.address, change.type, change.name, change.index, values.known()};
    };
    if (!change.body->before.is_null()) before.push_back(input(change.body->before));
    if (!change.body->after.is_null()) after.push_back(input(change.body->after));
  }
  return {std::move(before), std::move(after)};
}

}  // namespace slipway::state
