#include "state/machine_program.h"
#include "state/machine_reader.h"
#include "state/state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace slipway::state {
namespace {

Json to_json(const RuleInput& input) {
  return Json::object({{"address", input.address},
                       {"type", input.type},
                       {"name", input.name},
                       {"index", input.index},
                       {"values", input.values}});
}

/// Carries what automation and monitoring must know, as the attributes of an `hci_instance` do.
bool tells_of_itself(const RuleInput& input) {
  const auto object = [&](std::string_view name) {
    const Json* const value = input.values.find(name);
    return value != nullptr && value->is_object();
  };
  return input.values.find("name") != nullptr && input.values.find("ip_address") != nullptr &&
         (object("automation") || object("monitoring"));
}

/// The given rules, then one of our own for each type that has none and whose instances tell of themselves.
std::vector<MachineRule> with_unruled(const std::vector<RuleInput>& inputs, std::vector<MachineRule> rules) {
  std::set<std::string> ruled;
  for (const MachineRule& rule : rules) ruled.insert(rule.type);
  for (const RuleInput& input : inputs) {
    if (ruled.contains(input.type) || !tells_of_itself(input)) continue;
    MachineRule rule;
    rule.type = input.type;
    rule.when =
        R"(.values | has("name") and has("ip_address") and ([.automation, .monitoring] | any(type == "object")))";
    ruled.insert(rule.type);
    rules.push_back(std::move(rule));
  }
  return rules;
}

/// Asks one rule about all instances of its type that none before it has taken; takes those that match.
class Mapping {
 public:
  Mapping(const std::vector<RuleInput>& inputs, Query& query, std::stop_token stop)
      : query_(query), stop_(std::move(stop)) {
    for (const RuleInput& input : inputs) open_[input.type].push_back(&input);
  }

  void apply(const MachineRule& rule) {
    std::vector<const RuleInput*>& candidates = open_[rule.type];
    if (candidates.empty()) return;
    std::vector<Json> inputs;
    inputs.reserve(candidates.size());
    for (const RuleInput* candidate : candidates) inputs.push_back(to_json(*candidate));
    const auto answers = query_.run(program_of(rule), inputs, stop_);
    if (!answers) {
      problems_.add(fmt::format("The rule for {} failed, so that its machines stay as they were: {}.",
                                rule.type, answers.error().text()));
      for (const RuleInput* candidate : candidates) out_.failed.push_back(candidate->address);
      candidates.clear();
      return;
    }
    std::vector<const RuleInput*> unmatched;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!take(*candidates[i], (*answers)[i])) unmatched.push_back(candidates[i]);
    }
    candidates = std::move(unmatched);
  }

  Mapped finish() {
    std::sort(out_.failed.begin(), out_.failed.end());
    std::sort(out_.machines.begin(), out_.machines.end(), [](const Machine& a, const Machine& b) {
      return std::tie(a.name, a.resource) < std::tie(b.name, b.resource);
    });
    for (std::size_t i = 1; i < out_.machines.size(); ++i) {
      const Machine& one = out_.machines[i - 1];
      const Machine& other = out_.machines[i];
      if (one.name == other.name)
        problems_.add(fmt::format("{} and {} are both called {}.", one.resource, other.resource, one.name));
    }
    out_.problems = problems_.take();
    return std::move(out_);
  }

 private:
  /// False when the rule doesn't match: a later one may.
  bool take(const RuleInput& input, const std::vector<Json>& answer) {
    static const Json nothing;
    Reading reading = read_machine(input, answer.size() == 1 ? answer[0] : nothing, problems_);
    if (reading.machine) out_.machines.push_back(*std::move(reading.machine));
    if (reading.failed) out_.failed.push_back(input.address);
    return reading.machine || reading.failed;
  }

  Query& query_;
  std::stop_token stop_;
  std::map<std::string, std::vector<const RuleInput*>> open_;
  Mapped out_;
  Problems problems_;
};

}  // namespace

Mapped map_machines(const std::vector<RuleInput>& inputs, const std::vector<MachineRule>& rules, Query& query,
                    std::stop_token stop) {
  Mapping mapping(inputs, query, std::move(stop));
  for (const MachineRule& rule : with_unruled(inputs, rules)) mapping.apply(rule);
  return mapping.finish();
}

}  // namespace slipway::state
