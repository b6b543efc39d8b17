#pragma once

#include <string_view>
#include <vector>

namespace slipway::policies {

/// A rule of policies/rules, which the build puts into the program. Its text begins with a comment that says
/// what it denies and what it takes in `with:`.
struct ShippedRule {
  std::string_view name;  // no-destroy
  std::string_view text;
};

/// Sorted by name.
const std::vector<ShippedRule>& shipped_rules();

/// nullptr when there is none of that name.
const ShippedRule* find_shipped_rule(std::string_view name);

}  // namespace slipway::policies
