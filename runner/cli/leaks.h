#pragma once

#include "core/plan.h"
#include "core/redactor.h"
#include "runner/plan_reader.h"
#include "runner/terraform.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// Credentials of a run that its own plan shows: `file("/proc/self/environ")` and the like. A plan's values
/// go into comments and to policies, so the credentials are taken out of them, wherever they stand. What
/// counts is what has the name of a credential (…TOKEN, …PASSWORD, …SECRET…, …KEY, …CREDENTIALS…): a region
/// or a user's name belongs into a plan.
class Leaks {
 public:
  explicit Leaks(const RunSettings& settings);

  /// Whether a JSON file shows one.
  bool are_in(const std::string& json_file) const;
  /// Out of the plan and of its document, whose digest changes.
  void take_out_of(ReadPlan& plan, const std::string& document_path) const;

 private:
  Redactor redactor() const;

  std::vector<std::string> spellings_;  // each as it is, and as JSON writes it
};

bool names_credential(std::string_view variable);

}  // namespace slipway::runner
