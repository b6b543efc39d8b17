#pragma once

#include "core/json.h"
#include "policies/engine.h"

#include <memory>
#include <string>

namespace slipway::policies {

/// What one policy may say of one plan; beyond that the last message counts the rest.
inline constexpr std::size_t kMaxMessages = 100;
inline constexpr std::size_t kMaxMessageBytes = 1'000;

/// What a policy of this engine judges by.
struct Rule {
  std::string deny = "empty";
  std::string warn = "empty";
  Json with = Json::object();
};

/// Outcome and messages of a verdict. Throws only Stopped.
Verdict judge(Children& children, const PlanDocument& document, const Rule& rule, std::stop_token stop);

/// `deny` and `warn` are jq expressions that yield messages, strings; `use: NAME` takes a shipped rule as
/// `deny`. What `with` holds is their variable $with. Input is plan JSON with its sensitive values replaced
/// by null.
std::unique_ptr<PolicyEngine> make_builtin(Children& children);

/// Throws SettingsError.
void read_builtin(Policy& policy);

}  // namespace slipway::policies
