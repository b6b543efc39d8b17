#pragma once

#include "core/machine.h"
#include "state/state.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace slipway::state {

/// Sentences about what is wrong, at most kMaxMachineProblems of them.
class Problems {
 public:
  void add(std::string sentence);
  /// With a last sentence that counts what was left out.
  std::vector<std::string> take();

 private:
  std::vector<std::string> sentences_;
  std::size_t left_out_ = 0;
};

/// What a rule's program (machine_program.h) said of an instance.
struct Reading {
  std::optional<Machine> machine;
  bool failed = false;  // it may be a machine, but we can't tell which; else it is none
};
Reading read_machine(const RuleInput& input, const Json& answer, Problems& problems);

}  // namespace slipway::state
