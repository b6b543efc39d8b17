#pragma once

#include <string>
#include <vector>

namespace slipway {

enum class PolicyLevel { Advisory, Overridable, Mandatory };

/// Error: the policy could not be asked. That is not a no, but never a yes either.
enum class PolicyOutcome { Pass, Warn, Deny, Error };

/// What one policy said of one plan.
struct Verdict {
  std::string policy;
  PolicyLevel level = PolicyLevel::Mandatory;
  PolicyOutcome outcome = PolicyOutcome::Pass;
  std::vector<std::string> messages;
  std::vector<std::string> owners;  // "@acme/dba" (a team) or "alice"
  std::string overridden_by;        // who approved it for exactly this plan's semantic digest; empty: nobody

  /// It stands in the way of an apply.
  bool blocks() const {
    if (level == PolicyLevel::Advisory || !overridden_by.empty()) return false;
    return outcome == PolicyOutcome::Deny || outcome == PolicyOutcome::Error;
  }
  bool operator==(const Verdict&) const = default;
};

}  // namespace slipway
