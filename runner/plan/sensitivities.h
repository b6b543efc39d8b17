#pragma once

#include "runner/plan/sensitive_values.h"

#include <set>
#include <string>

namespace slipway::runner {

/// What readings of one plan have found to be sensitive: a later one knows what an earlier one learned too
/// late.
struct Sensitivities {
  SensitiveValues values;
  std::set<std::string>
      inputs;  // "module.a.password": sensitive variables of modules that are given constants
  std::set<std::string> attributes;  // "hci_instance.db.password", "hci_secret.whole.*": as the masks say
};

}  // namespace slipway::runner
