#pragma once

#include "core/children.h"
#include "core/plan_document.h"
#include "core/query.h"
#include "core/settings.h"
#include "core/verdict.h"

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::policies {

/// A policy of the config (or of the base branch, which may only add).
struct Policy {
  std::string name;
  std::string engine;  // registered name
  PolicyLevel level = PolicyLevel::Mandatory;
  std::vector<std::string> owners;
  Settings settings;   // the engine's own keys: `deny:` of the builtin one
  std::string source;  // the rule's text, part of the policies' digest
};

/// Judges plans. Any thread. What a rule does wrong is a Verdict with Error, never a pass; throws only
/// Stopped.
class PolicyEngine {
 public:
  virtual ~PolicyEngine() = default;
  virtual Verdict evaluate(const PlanDocument& document, const Policy& policy, std::stop_token stop) = 0;
  /// What is wrong with the policy itself, for `slipway validate`; empty: nothing.
  virtual std::string check(const Policy& policy) = 0;
};

struct EngineKind {
  std::string_view name;  // builtin
  std::string_view help;
  /// Checks the engine's own keys in `settings` and sets `source`. Throws SettingsError.
  void (*read)(Policy& policy);
  std::unique_ptr<PolicyEngine> (*make)(Children& children);
};
const std::vector<EngineKind>& engine_kinds();

/// Reads a `policies:` entry: name, engine, level, owners and the engine's own keys (of the builtin one
/// `deny`, `warn`, or `use: SHIPPED_RULE`, and `with`). Throws SettingsError.
Policy read_policy(const Settings& entry);

/// jq as core/query.h promises it, each run in a child.
std::unique_ptr<Query> make_query(Children& children);

/// `slipway internal jq`.
int jq_child();

}  // namespace slipway::policies
