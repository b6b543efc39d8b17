#include "policies/builtin.h"
#include "policies/engine.h"
#include "policies/shipped_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::policies {
namespace {

PolicyLevel read_level(const Settings& entry) {
  const std::string level = entry.string_or("level", "mandatory");
  if (level == "advisory") return PolicyLevel::Advisory;
  if (level == "overridable") return PolicyLevel::Overridable;
  if (level == "mandatory") return PolicyLevel::Mandatory;
  entry.at("level").refuse(fmt::format("\"{}\" is none of advisory, overridable, mandatory", level));
}

const EngineKind& read_engine(const Settings& entry) {
  const std::string name = entry.string_or("engine", "builtin");
  std::vector<std::string_view> names;
  for (const EngineKind& kind : engine_kinds()) {
    if (kind.name == name) return kind;
    names.push_back(kind.name);
  }
  entry.at("engine").refuse(fmt::format("\"{}\" is not one of: {}", name, fmt::join(names, ", ")));
}

}  // namespace

const std::vector<EngineKind>& engine_kinds() {
  static const std::vector<EngineKind> kinds = {
      {"builtin", "jq expressions over plan JSON: `deny`, `warn`, or `use` a shipped rule", read_builtin,
       make_builtin},
  };
  return kinds;
}

Policy read_policy(const Settings& entry) {
  const EngineKind& kind = read_engine(entry);
  Policy policy;
  policy.name = entry.find("name") == nullptr ? entry.string_or("use", "") : entry.string("name");
  if (policy.name.empty()) entry.refuse("\"name\" is missing: comments call the policy by it");
  policy.engine = kind.name;
  policy.level = read_level(entry);
  policy.owners = entry.strings_or_none("owners");
  if (policy.level == PolicyLevel::Overridable && policy.owners.empty()) {
    entry.refuse("an overridable policy needs `owners`: those who may approve what it denies");
  }
  policy.settings = entry;
  kind.read(policy);
  return policy;
}

const ShippedRule* find_shipped_rule(std::string_view name) {
  const auto found = std::find_if(shipped_rules().begin(), shipped_rules().end(),
                                  [&](const ShippedRule& rule) { return rule.name == name; });
  return found == shipped_rules().end() ? nullptr : &*found;
}

}  // namespace slipway::policies
