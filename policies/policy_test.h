#pragma once

#include "core/children.h"

#include <stop_token>
#include <string>
#include <vector>

namespace slipway::policies {

/// Tests of rules, as files in one directory:
///
///   NAME.jq            a rule, as `deny:` has it
///   CASE.plan.json     what `terraform show -json` gives for a plan
///   CASE.expect.json   {"NAME": ["message", …], …}: what each rule says of that plan, in any order
///
/// A rule of the directory that a case doesn't name is expected to say nothing. A name without a file is a
/// shipped rule. Instead of the list may stand {"with": {…}, "messages": […]}, or {"with": {…}, "error": "…"}
/// for a rule that must fail.
struct PolicyCase {
  std::string name;                     // CASE
  std::string policy;                   // NAME
  std::vector<std::string> missing;     // expected and not said
  std::vector<std::string> unexpected;  // said and not expected
  std::string error;                    // it could not be asked
  bool passed() const { return missing.empty() && unexpected.empty() && error.empty(); }
};

/// In the order of cases, then of policies. Throws Failure when the directory can't be read or has no case in
/// it, Stopped.
std::vector<PolicyCase> test_policies(const std::string& directory, Children& children, std::stop_token stop);

}  // namespace slipway::policies
